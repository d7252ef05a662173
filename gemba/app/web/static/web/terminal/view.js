/** The page's two parts: the task at hand, large, with all that belongs to it; and what is next. */
import { h, length, plain, running, when } from './dom.js';
import { keyOf } from './tasks.js';

const STATES = /** @type {Record<string, string>} */ ({ waiting: 'not begun', started: 'running', paused: 'paused' });
const TONES = /** @type {Record<string, string>} */ ({ waiting: 'plain', started: 'info', paused: 'thin' });

/** @param {any} t @param {any} app */
export function now(t, app) {
  if (!t) return [h('div', { className: 'quiet' }, h('h1', {}, 'Nothing to do here now'), h('p', {}, 'Orders that are released for this place appear here by themselves, in the sequence in which they are to be done.'))];
  return [
    h('article', { className: `task ${t.state}` },
      h('div', { className: 'head' },
        h('div', {}, h('h1', {}, t.step || t.kind), h('p', { className: 'what' }, h('b', {}, t.order), ` ${t.item}`, t.demand ? h('small', {}, ` for ${t.demand}${t.customer ? `, ${t.customer}` : ''}`) : '')),
        h('div', { className: 'tags' }, tags(t), timer(t, app))),
      amount(t),
      h('div', { className: 'buttons' }, buttons(t, app))),
    ...how(t, app),
  ];
}

/** @param {any} t */
function tags(t) {
  return [
    h('span', { className: `tag ${TONES[t.state]}` }, STATES[t.state] ?? t.state),
    t.down && h('span', { className: 'tag late' }, `down: ${t.down}`),
    t.late && h('span', { className: 'tag late' }, 'behind plan'),
    t.waiting > 0 && h('span', { className: 'tag wait' }, 'waiting to be sent'),
  ];
}

/** @param {any} t @param {any} app */
function timer(t, app) {
  if (t.state !== 'started' && t.state !== 'paused') return h('span', { className: 'due' }, `planned ${when(t.planned_start, app.zone)}`);
  return h('span', { className: 'clock', role: 'timer', 'data-since': t.since, 'aria-live': 'off' }, running(app.clock.now() - Date.parse(t.since) / 1000));
}

/** @param {any} t */
function amount(t) {
  const done = t.good + t.scrap + t.rework, share = t.quantity ? Math.min(1, done / t.quantity) : 0;
  return h('div', { className: 'amount' },
    h('div', { className: 'figure' }, h('b', {}, plain(t.good)), h('span', {}, ` of ${plain(t.quantity)} ${t.unit}`),
      t.scrap > 0 && h('span', { className: 'is-late' }, ` ▲ ${plain(t.scrap)} scrap`), t.rework > 0 && h('span', { className: 'is-thin' }, ` ◆ ${plain(t.rework)} rework`)),
    h('progress', { max: 1, value: share, 'aria-label': `${plain(done)} of ${plain(t.quantity)} done` }));
}

/** @param {any} t @param {any} app */
function buttons(t, app) {
  const big = (/** @type {string} */ id, /** @type {string} */ words, /** @type {any} */ act, /** @type {string} */ tone = '') => h('button', { type: 'button', id, className: `big ${tone}`, onclick: act }, words);
  const done = () => big('done', `Done${t.left ? `: ${plain(t.left)} good` : ''}`, () => app.report(t, { kind: 'finished', good: t.left }), t.state === 'paused' ? '' : 'primary');
  const count = () => big('count', 'Report …', () => app.count(t));
  if (t.state === 'waiting') {
    if (t.waits_for.length) return [h('p', { className: 'hint' }, `Waits for ${t.waits_for.join(', ')}, which comes before it.`)];
    return [big('start', t.documents.some((/** @type {any} */ d) => d.ask) ? 'Read and start …' : 'Start', () => app.start(t), 'primary')];
  }
  if (t.state === 'paused') return [big('resume', 'Resume', () => app.report(t, { kind: 'resumed' }), 'primary'), count(), done()];
  return [done(), count(), big('pause', 'Pause …', () => app.pause(t)), t.setup > 0 && !t.set_up && done_set_up(t, app, big)];
}

/** @param {any} t @param {any} app @param {any} big */
const done_set_up = (t, app, big) => !t.good && big('set_up', `Set-up done (${length(t.setup)})`, () => app.report(t, { kind: 'set_up' }));

/** @param {any} t @param {any} app */
function how(t, app) {
  const lots = app.lots.filter((/** @type {any} */ l) => t.inputs.some((/** @type {any} */ i) => i.item === l.item));
  return [
    ...t.documents.filter((/** @type {any} */ d) => d.lines.length).map((/** @type {any} */ d) => checklist(t, d, app)),
    (t.instructions || t.documents.some((/** @type {any} */ d) => !d.lines.length)) && h('section', { className: 'card' }, h('h2', {}, 'How to do it'),
      t.instructions && h('p', { className: 'text' }, t.instructions),
      t.documents.filter((/** @type {any} */ d) => !d.lines.length).map((/** @type {any} */ d) => h('details', {}, h('summary', {}, d.name, h('small', {}, ` ${d.kind}, version ${d.version}`), d.ask ? h('span', { className: 'tag thin' }, 'to be confirmed') : ''), h('p', { className: 'text' }, d.text || 'This document has no text here.')))),
    t.inputs.length > 0 && h('section', { className: 'card' }, h('h2', {}, 'Material', h('span', {}, 'for what is left')),
      h('ul', { className: 'inputs' }, t.inputs.map((/** @type {any} */ i) => h('li', {}, h('b', {}, `${plain(i.quantity * t.left)} ${i.unit}`), ` ${i.item}`,
        i.tracking !== 'none' && h('small', {}, lots.some((/** @type {any} */ l) => l.item === i.item) ? ` lot ${lots.filter((/** @type {any} */ l) => l.item === i.item).map((/** @type {any} */ l) => l.lot).join(', ')} ` : ' scan the lot '),
        lots.some((/** @type {any} */ l) => l.item === i.item) && h('button', { type: 'button', className: 'key', 'aria-label': `Forget the lots of ${i.item}`, onclick: () => app.forgetLots(i.item) }, '✕'))))),
  ].filter(Boolean);
}

/** @param {any} t @param {any} d @param {any} app */
function checklist(t, d, app) {
  const last = new Map(t.checked.map((/** @type {any} */ c) => [c.subject, c]));
  return h('section', { className: 'card' }, h('h2', {}, d.name, h('span', {}, `${d.lines.filter((/** @type {any} */ _, /** @type {number} */ i) => last.has(`${d.subject}/${i + 1}`)).length} of ${d.lines.length}`)),
    h('ul', { className: 'checks' }, d.lines.map((/** @type {string} */ line, /** @type {number} */ i) => {
      const subject = `${d.subject}/${i + 1}`, found = last.get(subject);
      return h('li', { className: found ? (found.reason ? 'wrong' : 'right') : '' }, h('span', {}, found ? (found.reason ? '▲ ' : '✓ ') : '', line),
        h('button', { type: 'button', id: `ok-${subject}`, className: 'key', 'aria-pressed': String(Boolean(found && !found.reason)), 'aria-label': `${line}: in order`, onclick: () => app.check(t, subject, line, true) }, '✓'),
        h('button', { type: 'button', id: `no-${subject}`, className: 'key', 'aria-pressed': String(Boolean(found?.reason)), 'aria-label': `${line}: not as it should be`, onclick: () => app.check(t, subject, line, false) }, '✕'));
    })));
}

/** @param {any[]} tasks @param {any} at @param {any} app */
export function next(tasks, at, app) {
  const rest = tasks.filter((t) => t !== at);
  if (!rest.length) return [];
  return [
    h('h2', {}, 'Next'),
    h('ol', { className: 'tiles' }, rest.map((t) => h('li', {}, h('button', { type: 'button', id: `tile-${keyOf(t)}`, className: `tile ${t.state}`, onclick: () => app.choose(t) },
      h('span', { className: 'row' }, h('b', {}, t.step || t.kind), h('span', { className: 'tags' }, tags(t).filter((x) => x && (t.state !== 'waiting' || !x.classList?.contains('plain'))))),
      h('span', { className: 'row' }, h('span', {}, `${t.order} · ${plain(t.left)} ${t.item}`), h('small', {}, t.waits_for.length ? `after ${t.waits_for.join(', ')}` : when(t.planned_start, app.zone))))))),
    app.more > 0 && h('p', { className: 'hint' }, `${app.more} more on the dispatch list.`),
  ];
}
