/** Calls for help: the bar of open ones with their running time, and the buttons to call. */
import { byId, h, running } from './dom.js';
import { choices, close, open } from './dialogs.js';

/** Calls that are open once all that waits to be sent is taken. @param {any} app */
function calls(app) {
  const entries = [...app.queue.settled, ...app.queue.waiting];
  const made = entries.filter((e) => e.what === 'calls').map((e) => ({ category: e.body.kind, state: 'called', at: e.body.at, place: e.body.place, resource: e.body.resource, roles: [], waiting: true, number: '' }));
  const changed = new Map(entries.filter((e) => e.what === 'changes').map((e) => [e.path, e.body.state]));
  const known = app.calls.map((/** @type {any} */ c) => ({ ...c, state: changed.get(`calls/${c.number}/changes`) ?? c.state }));
  return [...known, ...made].filter((c) => c.state === 'called' || c.state === 'answered');
}

/** @param {any} app */
export function bar(app) {
  byId('calls').replaceChildren(...calls(app).map((c) => h('div', { className: `call ${c.state}${c.escalated ? ' more' : ''}` },
    h('span', { className: 'mark', 'aria-hidden': 'true' }, c.state === 'answered' ? '✓' : '▲'),
    h('span', { className: 'words' }, h('b', {}, c.category), ` ${[c.resource || c.place, c.order].filter(Boolean).join(', ')}`,
      h('small', {}, c.state === 'answered' ? `${c.owner || 'Somebody'} comes` : c.waiting ? 'waiting to be sent' : `${c.escalated ? 'nobody came yet: now also ' : 'called: '}${(c.escalated ? c.roles.slice(1) : c.roles).map(role).join(', ')}`)),
    h('span', { className: 'clock', role: 'timer', 'aria-live': 'off', 'data-since': c.at }, running(app.clock.now() - Date.parse(c.at) / 1000)),
    c.number && c.state === 'called' && h('button', { type: 'button', id: `come-${c.number}`, onclick: () => app.change(c.number, 'answered') }, 'I come'),
    c.number && c.state === 'answered' && h('button', { type: 'button', id: `solved-${c.number}`, onclick: () => app.change(c.number, 'closed') }, 'Solved'))));
}

/** @param {string} name */
const role = (name) => name.replaceAll('_', ' ');

/** @param {any} app */
export function help(app) {
  const kinds = app.kinds;
  if (!kinds.length) { open('Call for help', h('p', { className: 'hint' }, 'No kinds of call are set up for this place. Import them in the table call_kinds.')); return; }
  open('What help is needed?', choices(kinds.map((/** @type {any} */ k) => k.name), (name) => { close(); app.call(name); }, 'Kind of call'),
    h('ul', { className: 'who' }, kinds.map((/** @type {any} */ k) => h('li', {}, h('b', {}, k.name), `: ${role(k.first)}${k.next ? `; after ${k.minutes} min also ${role(k.next)}` : ''}${k.stops ? '; the machine counts as down until it is solved' : ''}`))));
}
