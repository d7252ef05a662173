/** Curves from task to task along the chain of the selected order. */
import { boxOf } from './geometry.js';

/** @param {import('./draw.js').Scene} scene */
export function drawLinks({ context, data, view, layout, selection, colours }) {
  context.strokeStyle = context.fillStyle = colours.text;
  context.lineWidth = 1.3;
  for (const k of selection.links) {
    const a = boxOf(data, view, layout, data.linkFrom[k]), b = boxOf(data, view, layout, data.linkTo[k]);
    if (Math.max(a.x + a.w, b.x) < view.label || Math.min(a.x + a.w, b.x) > view.width) continue;
    curve(context, a.x + a.w, a.y + a.h / 2, b.x, b.y + b.h / 2);
  }
  context.lineWidth = 1;
}

function curve(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ x1, /** @type {number} */ y1, /** @type {number} */ x2, /** @type {number} */ y2) {
  const bend = Math.min(40, 14 + Math.abs(x2 - x1) / 4);
  context.beginPath();
  context.moveTo(x1, y1);
  context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2 - 4, y2);
  context.stroke();
  context.beginPath();
  context.moveTo(x2, y2);
  context.lineTo(x2 - 6, y2 - 3.5);
  context.lineTo(x2 - 6, y2 + 3.5);
  context.fill();
}
