/** Texts that fit: measured once, shortened at the front, since the end of an order's number tells more. */

/** @type {Map<string, number>} */
const widths = new Map();

function width(/** @type {CanvasRenderingContext2D} */ context, /** @type {string} */ text) {
  let found = widths.get(text);
  if (found === undefined) {
    if (widths.size > 20000) widths.clear();
    widths.set(text, found = context.measureText(text).width);
  }
  return found;
}

/** The text, or its end after an ellipsis, or nothing. @param {CanvasRenderingContext2D} context @param {string} text @param {number} room */
export function fitted(context, text, room) {
  if (width(context, text) <= room) return text;
  for (const keep of [8, 5, 3]) {
    const end = `…${text.slice(-keep)}`;
    if (text.length > keep && width(context, end) <= room) return end;
  }
  return '';
}

/** The text, or its beginning before an ellipsis. @param {CanvasRenderingContext2D} context @param {string} text @param {number} room */
export function cut(context, text, room) {
  let shown = text;
  while (shown.length > 1 && width(context, shown) > room) shown = `${shown.slice(0, -2).trimEnd()}…`;
  return shown;
}

/** Widths change with the font. */
export const forget = () => widths.clear();
