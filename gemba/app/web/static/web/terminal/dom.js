/** Elements, uids and words: what every module here uses. */

/**
 * An element with attributes (on… are listeners, blank ones are left out) and children.
 * @param {string} tag @param {Record<string, any>} given @param {...any} children
 */
export function h(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name in made && name !== 'list') /** @type {any} */ (made)[name] = value;
    else made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.flat(4).filter((c) => c !== null && c !== undefined && c !== false && c !== ''));
  return made;
}

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/** A new unique id, also where the page is not in a secure context. */
export function uid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}

/** A number without superfluous zeros. @param {number} value */
export const plain = (value) => String(Math.round(value * 1000) / 1000);

/** A length of time in the unit a person would use. @param {number} seconds */
export function length(seconds) {
  const size = Math.abs(seconds);
  if (size < 60) return `${Math.round(seconds)} s`;
  if (size < 3600) return `${Math.round(seconds / 60)} min`;
  if (size < 172800) return `${Math.round(seconds / 360) / 10} h`;
  return `${Math.round(seconds / 8640) / 10} d`;
}

/** The clock's running time, such as 1:05 or 1:02:33. @param {number} seconds */
export function running(seconds) {
  const s = Math.max(0, Math.floor(seconds)), two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

/** A moment on the operation's wall clocks. @param {string} iso @param {string} zone */
export function when(iso, zone) {
  if (!iso) return '';
  const how = /** @type {Intl.DateTimeFormatOptions} */ ({ weekday: 'short', hour: '2-digit', minute: '2-digit', hour12: false, timeZone: zone || 'UTC' });
  try { return new Intl.DateTimeFormat('en-GB', how).format(new Date(iso)); } catch { return new Date(iso).toISOString().slice(11, 16); }
}

let fading = 0;
/** A short message that goes away by itself. @param {string} words @param {string} tone */
export function toast(words, tone = 'good') {
  const place = byId('toast');
  place.replaceChildren(h('p', { className: tone }, words));
  clearTimeout(fading);
  fading = setTimeout(() => place.replaceChildren(), 5000);
}
