/** What is around the bars: stripes, closed hours, ticks, today, names of resources and groups. */
import { firstFrom } from './data.js';
import { cut } from './text.js';
import { clock, ticks } from './ticks.js';
import { HEAD } from './view.js';

/** @typedef {import('./draw.js').Scene} Scene @typedef {import('./types.js').Line} Line */

/** A pattern of slanted lines for closed hours. @param {CanvasRenderingContext2D} context @param {string} colour */
export function hatching(context, colour) {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 6;
  const c = /** @type {CanvasRenderingContext2D} */ (tile.getContext('2d'));
  c.strokeStyle = colour;
  c.lineWidth = 1;
  for (const [x1, y1, x2, y2] of [[-1, 7, 7, -1], [-1, 1, 1, -1], [5, 7, 7, 5]]) { c.beginPath(); c.moveTo(x1, y1); c.lineTo(x2, y2); c.stroke(); }
  return /** @type {CanvasPattern} */ (context.createPattern(tile, 'repeat'));
}

/** Behind the bars. @param {Scene} scene @param {Line[]} lines */
export function drawGround(scene, lines) {
  const { context: c, view, colours } = scene;
  c.fillStyle = colours.panel;
  c.fillRect(0, 0, view.width, view.height);
  lines.forEach((line) => {
    const y = HEAD + line.y - view.y;
    c.fillStyle = line.row < 0 ? colours.hover : colours.stripe;
    if (line.row < 0 || line.odd) c.fillRect(0, y, view.width, line.height);
    if (line.row >= 0) drawClosed(scene, line, y);
  });
  c.fillStyle = colours.line;
  for (const tick of scene.ticks) c.fillRect(Math.round(view.x(tick.t)), tick.strong ? HEAD - 14 : HEAD, tick.strong ? 2 : 1, view.height);
}

/** Closed hours of a line; those too short to see are left out. */
function drawClosed(/** @type {Scene} */ { context, data, view, pattern }, /** @type {Line} */ line, /** @type {number} */ y) {
  const { at, longest } = data.closed[line.row];
  context.fillStyle = pattern;
  for (let k = firstFrom(at, data.closedStart, view.t0 - longest); k < at.length && data.closedStart[at[k]] < view.t1; k++) {
    const x = Math.max(view.label, view.x(data.closedStart[at[k]])), w = Math.min(view.width, view.x(data.closedEnd[at[k]])) - x;
    if (w > 7) context.fillRect(x, y, w, line.height);
  }
}

/** The planning moment. @param {Scene} scene */
export function drawNow({ context, data, view, colours }) {
  const x = Math.round(view.x(data.now));
  context.fillStyle = colours.now;
  context.fillRect(x - 1, HEAD, 2, view.height);
  context.beginPath();
  context.moveTo(x - 5, HEAD); context.lineTo(x + 5, HEAD); context.lineTo(x, HEAD + 6);
  context.fill();
}

/** Names on the left and times on top, over the bars. @param {Scene} scene @param {Line[]} lines */
export function drawHeads({ context: c, data, view, colours, ticks: marks }, lines) {
  c.fillStyle = colours.panel;
  c.fillRect(0, HEAD, view.label, view.height);
  for (const line of lines) name(c, view, colours, line);
  c.fillStyle = colours.panel;
  c.fillRect(0, 0, view.width, HEAD);
  c.fillStyle = colours.muted;
  for (const tick of marks) if (view.x(tick.t) >= view.label - 1) c.fillText(tick.text, view.x(tick.t) + 5, HEAD - 11);
  c.fillStyle = colours.panel;
  c.fillRect(0, 0, view.label, HEAD);
  c.fillStyle = colours.muted;
  c.fillText(clock(view.t0, data.zone).slice(0, 10), 10, HEAD - 11);
  c.fillStyle = colours.line;
  c.fillRect(view.label, 0, 1, view.height);
  c.fillRect(0, HEAD, view.width, 1);
}

function name(/** @type {CanvasRenderingContext2D} */ c, /** @type {Scene['view']} */ view, /** @type {Scene['colours']} */ colours, /** @type {Line} */ line) {
  const y = HEAD + line.y - view.y;
  if (line.row < 0) {
    c.fillStyle = colours.hover;
    c.fillRect(0, y, view.label, line.height);
  }
  c.fillStyle = line.row < 0 ? colours.muted : colours.text;
  c.fillText(cut(c, line.text, view.label - 18), line.row < 0 ? 8 : 10, y + Math.min(line.height, 28) / 2);
}

/** Ticks of what is seen. @param {import('./view.js').View} view @param {string} zone */
export const marksOf = (view, zone) => ticks(view.t0, view.t1, view.scale, zone);
