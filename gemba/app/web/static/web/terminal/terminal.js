/**
 * The terminal's page. What the person does becomes an entry of the queue at once; what is shown is the last list from
 * the server with the queue's entries upon it. So it is the same with and without a connection.
 */
import { bar, help } from './calls.js';
import { choices, close, confirm, count, open } from './dialogs.js';
import { byId, h, plain, running, toast } from './dom.js';
import { Queue } from './queue.js';
import { scanner } from './scan.js';
import { Clock, Server } from './server.js';
import { Store } from './store.js';
import { after, foremost, keyOf, used } from './tasks.js';
import { next, now } from './view.js';

const { api, worker, scope, signIn, operation, user } = /** @type {any} */ (document.body.dataset);
const OFTEN = 15000;
const WORDS = /** @type {Record<string, string>} */ ({ started: 'Started', finished: 'Done', reported: 'Reported', paused: 'Paused', resumed: 'Goes on', set_up: 'Set-up done', checked: 'Checked', acknowledged: 'Confirmed', down: 'Reported down', up: 'Reported up' });

class Terminal {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.server = new Server(api);
    this.clock = new Clock();
    this.queue = new Queue(store, this.server, operation);
    this.at = new URLSearchParams(location.search);
    /** @type {any} */ this.data = { tasks: [], reasons: { scrap: [], rework: [], pause: [], down: [] }, calls: [], call_kinds: [], people: [], lots: [], more: 0, zone: '' };
    this.loaded = false; this.chosen = ''; this.age = 0;
    /** @type {any[]} */ this.lots = [];
    /** @type {any[]} */ this.tasks = [];
  }

  get zone() { return this.data.zone; }
  get calls() { return this.data.calls; }
  get kinds() { return this.data.call_kinds; }
  get more() { return this.data.more; }
  get person() { return this.at.get('person') || user; }
  get query() { return new URLSearchParams(['place', 'resource', 'person'].map((n) => [n, this.at.get(n) ?? ''])).toString(); }

  async begin() {
    const kept = await this.store.kept(this.query);
    if (kept) this.take(kept.data, kept.at);
    this.queue.addEventListener('change', () => this.show());
    this.queue.addEventListener('state', () => this.show());
    this.queue.addEventListener('sent', () => this.load());
    await this.queue.read();
    this.queue.send();
    await this.load();
    setInterval(() => { if (!document.hidden) this.load(); }, OFTEN);
    setInterval(() => this.tick(), 1000);
  }

  /** Ask the server for the tasks; without an answer the last ones stay. */
  async load() {
    const before = this.queue.settled.length;
    const { status, data, took, at } = await this.server.ask(`terminal?${this.query}`);
    if (status === 200) {
      this.queue.settled.splice(0, before);
      this.take(data, at + took / 2);
      this.queue.become('online');
      await this.store.keep(this.query, { data, at: at + took / 2 });
      if (this.queue.waiting.length) this.queue.send();
    } else if (status === 401) this.queue.become('signed-out');
    else this.queue.become(status ? 'trouble' : 'offline', status ? `The server answers ${status}. ${data?.detail ?? ''}` : '');
    this.show();
  }

  /** @param {any} data @param {number} at device's milliseconds when it was so */
  take(data, at) {
    this.data = data;
    this.loaded = true;
    this.clock.set(data.now, data.stands, at);
  }

  show() {
    const focused = document.activeElement?.id;
    this.tasks = after(this.data.tasks, [...this.queue.settled, ...this.queue.entries]);
    for (const t of this.tasks) t.down = t.resources.map((/** @type {string} */ r) => this.data.down?.[r]).find(Boolean);
    const task = foremost(this.tasks, this.chosen);
    if (this.loaded) {
      byId('now').replaceChildren(...now(task, this).flat());
      byId('next').replaceChildren(...next(this.tasks, task, this).filter(Boolean));
    }
    bar(this);
    this.refused();
    this.badge();
    byId('who').textContent = this.person === user ? user : `${this.person} (signed in: ${user})`;
    if (focused && document.activeElement?.id !== focused) byId(focused)?.focus({ preventScroll: true });
  }

  badge() {
    const n = this.queue.waiting.length, wait = n ? `, waiting to be sent (${n})` : '', badge = byId('badge');
    const [mark, words] = /** @type {Record<string, string[]>} */ ({
      connecting: ['◌', `Connecting${wait}`], online: n ? ['◌', `Sending (${n})`] : ['●', 'Online'], offline: ['▲', `Offline${wait}`],
      'signed-out': ['◆', `Signed out${wait}`], trouble: ['◆', `Trouble${wait}`],
    })[this.queue.state];
    badge.className = this.queue.state;
    const link = this.queue.state === 'signed-out' ? [h('a', { href: signIn }, 'Sign in')] : [];
    const text = `${mark} ${words}`;
    if (badge.dataset.text !== text) { badge.dataset.text = text; badge.replaceChildren(h('span', { 'aria-hidden': 'true' }, mark), ` ${words} `, ...link); }
    badge.title = this.queue.trouble || (this.queue.state === 'offline' ? 'What you report is kept on this device and sent when the connection is back.' : '');
  }

  /** Reports that the server did not take: what is wrong, and what the person can do. */
  refused() {
    byId('notices').replaceChildren(...this.queue.refused.map((e) => {
      const b = e.body, task = this.data.tasks.find((/** @type {any} */ t) => keyOf(t) === keyOf(b)) ?? { ...b, left: 0 };
      const what = e.what === 'reports' ? `${WORDS[b.kind] ?? b.kind}: ${[b.step, b.order].filter(Boolean).join(' of ')}${b.good || b.scrap ? `, ${plain(b.good)} good, ${plain(b.scrap)} scrap` : ''}` : e.what === 'calls' ? `Call: ${b.kind}` : 'Answer to a call';
      return h('div', { className: 'refused' },
        h('p', {}, h('b', {}, '▲ Not taken: '), what, h('small', {}, e.refused), e.what === 'reports' && h('small', {}, 'It is kept here, and the supervisor was called. Send it again when the reason is gone, correct it, or discard it.')),
        h('div', { className: 'buttons' },
          h('button', { type: 'button', id: `again-${e.seq}`, onclick: () => this.queue.again(e) }, 'Send again'),
          ['reported', 'finished'].includes(b.kind) && h('button', { type: 'button', id: `correct-${e.seq}`, onclick: () => count(task, this.data.reasons, async (r) => { await this.report(task, r, b.at); await this.queue.drop(e.seq); }, b) }, 'Correct …'),
          h('button', { type: 'button', id: `discard-${e.seq}`, onclick: () => this.discard(e, what) }, 'Discard …')));
    }));
  }

  /** @param {any} entry @param {string} what */
  discard(entry, what) {
    open('Discard this report?', h('p', {}, what), h('p', { className: 'hint' }, 'It was never taken, and will be gone from this device.'),
      h('div', { className: 'buttons' }, h('button', { type: 'button', className: 'big', onclick: close }, 'Keep it'), h('button', { type: 'button', className: 'big', id: 'discard', onclick: () => { close(); this.queue.drop(entry.seq); } }, 'Discard')));
  }

  /** @param {any} t @param {any} given @param {string} [at] */
  async report(t, given, at) {
    const units = (given.good || 0) + (given.scrap || 0) + (given.rework || 0);
    const body = { order: t.order, step: t.step, at: at ?? this.clock.moment(), resource: this.at.get('resource') ?? '', person: this.person, ...given };
    if (units > 0) body.used = used(t, this.lots, units);
    await this.queue.add('reports', body);
    const words = `${WORDS[given.kind] ?? given.kind}: ${t.step || t.kind} of ${t.order}`;
    toast(words);
    byId('said').textContent = words;
    if (given.kind === 'finished') { this.chosen = ''; this.lots = []; this.show(); byId('now').focus({ preventScroll: true }); }
  }

  /** @param {any} t */
  async start(t) {
    const ask = t.documents.filter((/** @type {any} */ d) => d.ask);
    const go = async () => {
      for (const d of ask) await this.queue.add('reports', { kind: 'acknowledged', subject: d.subject, person: this.person, at: this.clock.moment() });
      this.chosen = keyOf(t);
      await this.report(t, { kind: 'started' });
    };
    if (ask.length) confirm(ask, go); else await go();
  }

  /** @param {any} t */
  count(t) { count(t, this.data.reasons, (given) => this.report(t, given)); }

  /** @param {any} t */
  pause(t) { open(`Why does ${t.step || t.order} pause?`, choices(this.data.reasons.pause, (reason) => { close(); this.report(t, { kind: 'paused', reason }); }, 'Reason of the pause')); }

  /** @param {any} t @param {string} subject @param {string} line @param {boolean} right */
  check(t, subject, line, right) {
    if (right) { this.report(t, { kind: 'checked', subject, note: line }); return; }
    open(line, choices([], (note) => { close(); this.report(t, { kind: 'checked', subject, note, reason: 'not as it should be' }); }, 'What was found'));
  }

  /** @param {any} t */
  choose(t) { this.chosen = keyOf(t); this.show(); byId('now').focus(); scrollTo({ top: 0 }); }

  /** @param {string} item */
  forgetLots(item) { this.lots = this.lots.filter((l) => l.item !== item); this.show(); }

  /** @param {string} kind */
  async call(kind) {
    const t = foremost(this.tasks, this.chosen), running_ = t && t.state === 'started';
    const resource = this.at.get('resource') || (running_ && t.resources[0]) || '', place = this.at.get('place') || t?.place || '';
    await this.queue.add('calls', { kind, place: resource ? '' : place, resource, order: running_ ? t.order : '', step: running_ ? t.step : '', person: this.person, at: this.clock.moment() });
    toast(`Called: ${kind}`);
  }

  /** @param {string} number @param {string} state */
  change(number, state) { return this.queue.add('changes', { state, person: this.person }, `calls/${number}/changes`); }

  /** A code was read: an order, a lot of a material, or a person. @param {string} code */
  scanned(code) {
    const order = this.tasks.filter((t) => t.order === code);
    if (order.length) { this.choose(foremost(order, '')); toast(`Order ${code}`); return; }
    const lot = this.data.lots.find((/** @type {any} */ l) => l.lot === code), t = foremost(this.tasks, this.chosen);
    if (lot && t?.inputs.some((/** @type {any} */ i) => i.item === lot.item)) {
      if (!this.lots.includes(lot)) this.lots.push(lot);
      this.show();
      toast(`Lot ${code} of ${lot.item}`);
    } else if (this.data.people.includes(code)) {
      this.at.set('person', code);
      history.replaceState(null, '', `?${this.at}`);
      this.load();
      toast(`Now reporting: ${code}`);
    } else toast(`${code} is no order here, no lot of this task's material and no person.`, 'late');
  }

  /** The clocks that run. */
  tick() {
    for (const one of document.querySelectorAll('[data-since]')) one.textContent = running(this.clock.now() - Date.parse(/** @type {HTMLElement} */ (one).dataset.since ?? '') / 1000);
  }

  /** @param {Event} e */
  async signOut(e) {
    const n = this.queue.entries.length;
    if (n && !confirmed) {
      e.preventDefault();
      open('Sign out?', h('p', {}, `${n} ${n === 1 ? 'report waits' : 'reports wait'} on this device. They stay here and are sent when somebody signs in again on this device.`),
        h('div', { className: 'buttons' }, h('button', { type: 'button', className: 'big primary', onclick: close }, 'Stay'), h('button', { type: 'button', className: 'big', id: 'leave', onclick: () => { confirmed = true; byId('out').requestSubmit(); } }, 'Sign out')));
      return;
    }
    this.store.forget();
    navigator.serviceWorker?.controller?.postMessage('forget');
  }
}

let confirmed = false;

/** The page itself is kept by a service worker, where the browser allows one (HTTPS, or this machine). */
async function keepPage() {
  if (!('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register(worker, { scope });
  const ready = await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType('resource').map((r) => r.name).filter((url) => url.startsWith(`${location.origin}/static/`));
  ready.active?.postMessage({ keep: [location.href, ...new Set(loaded)] });
}

const app = new Terminal(await Store.open(operation));
byId('help').addEventListener('click', () => help(app));
byId('out').addEventListener('submit', (/** @type {Event} */ e) => app.signOut(e));
byId('dialog').addEventListener('click', (/** @type {Event} */ e) => { if (e.target === byId('dialog')) close(); });
scanner((code) => app.scanned(code));
await app.begin();
await keepPage().catch(() => {});
