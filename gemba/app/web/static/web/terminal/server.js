/** Talking to the server: every answer is data, or says why there is none. */

const PATIENCE = 15000;

/** The token against forged requests, as the cookie has it now: it changes when somebody signs in again. */
const csrf = () => /(?:^|; )gemba-csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';

export class Server {
  /** @param {string} base the operation's address in the API */
  constructor(base) { this.base = base; }

  /**
   * status 0: no connection (or no answer in time).
   * @param {string} path @param {any} [body] @returns {Promise<{status: number, data: any, took: number, at: number}>}
   */
  async ask(path, body) {
    const begun = Date.now(), stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(this.base + path, {
        method: body === undefined ? 'GET' : 'POST', signal: stop.signal, cache: 'no-store', credentials: 'same-origin',
        headers: body === undefined ? {} : { 'Content-Type': 'application/json', 'X-CSRFToken': csrf() },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const data = await answer.json().catch(() => null);
      return { status: answer.status, data, took: Date.now() - begun, at: begun };
    } catch {
      return { status: 0, data: null, took: 0, at: begun };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The operation's clock, as the server last showed it; the device's own may be wrong. */
export class Clock {
  constructor() { this.offset = 0; this.stands = 0; this.last = 0; }

  /** @param {number} now seconds since 1970 @param {boolean} stands @param {number} at device's milliseconds then */
  set(now, stands, at) {
    this.offset = now - at / 1000;
    this.stands = stands ? now : 0;
  }

  /** Seconds since 1970. */
  now() { return this.stands || Date.now() / 1000 + this.offset; }

  /** A report's moment: whole seconds, and never before the one before, also where the clock was set meanwhile. */
  moment() {
    const now = Math.floor(this.now());
    this.last = this.last > now + 60 ? now : Math.max(now, this.last);
    return new Date(this.last * 1000).toISOString().replace('.000Z', 'Z');
  }
}
