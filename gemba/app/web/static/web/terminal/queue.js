/**
 * Reports on their way. An entry is on the device before anything is sent, and leaves it only when the server has said
 * taken or again. Entries go in their order; the server takes each uid once, so sending twice does no harm.
 * An entry that is refused stays until a person has decided what to do about it.
 */
import { uid } from './dom.js';

const MOST = 50;
const SLOWEST = 60000;

export class Queue extends EventTarget {
  /** @param {import('./store.js').Store} store @param {import('./server.js').Server} server @param {string} name */
  constructor(store, server, name) {
    super();
    this.store = store; this.server = server; this.name = name;
    /** @type {any[]} */ this.entries = [];
    /** @type {any[]} */ this.settled = []; // taken since the tasks were read last    this.pause = 0; this.timer = 0; this.sending = false;
    this.state = navigator.onLine ? 'connecting' : 'offline'; // or online, signed-out, trouble
    this.trouble = '';
    this.others = 'BroadcastChannel' in window ? new BroadcastChannel(`gemba-terminal-${name}`) : null;
    this.others?.addEventListener('message', () => this.read());
    addEventListener('online', () => this.send());
    addEventListener('offline', () => this.become('offline'));
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.send(); });
  }

  get waiting() { return this.entries.filter((e) => !e.refused); }
  get refused() { return this.entries.filter((e) => e.refused); }

  async read() {
    this.entries = await this.store.entries();
    this.dispatchEvent(new Event('change'));
  }

  /** @param {string} state @param {string} trouble */
  become(state, trouble = '') {
    if (this.state === state && this.trouble === trouble) return;
    this.state = state; this.trouble = trouble;
    this.dispatchEvent(new Event('state'));
  }

  /** Keep something to be sent. @param {'reports' | 'calls' | 'changes'} what @param {any} body @param {string} [path] */
  async add(what, body, path = what) {
    const given = { ...body, uid: uid() };
    await this.store.add({ uid: given.uid, what, path, body: given, refused: '' });
    await this.changed();
    this.send();
    return given.uid;
  }

  async changed() {
    await this.read();
    this.others?.postMessage('');
  }

  /** @param {number} seq */
  async drop(seq) { await this.store.remove(seq); await this.changed(); }

  /** Send a refused entry once more: what was in its way may be gone. @param {any} entry */
  async again(entry) { await this.store.put({ ...entry, refused: '' }); await this.changed(); this.send(); }

  /** Send all that waits; one tab of the browser at a time. */
  async send() {
    clearTimeout(this.timer);
    if (this.sending) return;
    this.sending = true;
    try {
      if (navigator.locks) await navigator.locks.request(`gemba-terminal-${this.name}`, () => this.deliver());
      else await this.deliver();
    } finally {
      this.sending = false;
    }
    if (!this.pause && this.state === 'online' && this.waiting.length) this.send(); // added in the last moment
  }

  async deliver() {
    for (;;) {
      this.entries = await this.store.entries(); // another tab may have sent some
      const next = this.batch();
      if (!next.length) { this.pause = 0; break; }
      if (!(await this.post(next))) {
        this.pause = Math.min(SLOWEST, this.pause * 2 || 1000);
        this.timer = setTimeout(() => this.send(), this.pause * (0.75 + Math.random() / 2));
        break;
      }
      this.pause = 0;
      await this.changed();
      this.dispatchEvent(new Event('sent'));
    }
    await this.read();
  }

  /** What goes in one request: reports that follow one another, or one call or change of a call. */
  batch() {
    const waiting = this.waiting;
    if (!waiting.length || waiting[0].what !== 'reports') return waiting.slice(0, 1);
    const end = waiting.findIndex((e) => e.what !== 'reports');
    return waiting.slice(0, Math.min(end < 0 ? waiting.length : end, waiting[0].alone ? 1 : MOST));
  }

  /** Send these; whether the server has dealt with them. @param {any[]} some */
  async post(some) {
    const many = some[0].what === 'reports';
    const { status, data } = await this.server.ask(many ? 'reports?call=true' : some[0].path, many ? some.map((e) => e.body) : some[0].body);
    if (status === 200 || status === 201) {
      this.become('online');
      const answers = many ? data : [{ uid: some[0].uid, answer: 'taken' }];
      for (const entry of some) await this.settle(entry, answers.find((/** @type {any} */ a) => a.uid === entry.uid));
      return true;
    }
    if (status === 0) this.become('offline');
    else if (status === 401) this.become('signed-out');
    else if (status === 422 && some.length > 1) { await this.store.put({ ...some[0], alone: true }); return true; }
    else if (status === 422 || (!many && (status === 409 || status === 404))) {
      await this.store.put({ ...some[0], refused: words(data) });
      return true;
    } else this.become('trouble', status >= 500 ? `The server has trouble (${status}).` : words(data));
    return false;
  }

  /** @param {any} entry @param {any} answer */
  async settle(entry, answer) {
    if (answer?.answer === 'taken' || answer?.answer === 'again') { this.settled.push(entry); await this.store.remove(entry.seq); }
    else if (answer) await this.store.put({ ...entry, refused: answer.reason || 'The server gives no reason.' });
  }
}

/** @param {any} data */
function words(data) {
  const faults = (data?.faults ?? []).map((/** @type {any} */ f) => f.message).join(' ');
  return [data?.detail, faults].filter(Boolean).join(' ') || 'The server gives no reason.';
}
