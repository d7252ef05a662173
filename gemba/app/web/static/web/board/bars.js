/** The bars of the tasks. */
import { FIRM, LATE, THIN } from './data.js';
import { boxOf, isSmall, range } from './geometry.js';
import { fitted } from './text.js';
import { HEAD } from './view.js';

/** @typedef {import('./draw.js').Scene} Scene @typedef {import('./types.js').Box} Box */

/** Draw all visible bars; returns how many tasks were drawn. @param {Scene} scene @param {import('./types.js').Line[]} lines */
export function drawBars(scene, lines) {
  const { context, data, view, bitmap, colours, selection } = scene;
  /** @type {{task: number, box: Box}[]} */
  const bars = [];
  let drawn = 0;
  for (const line of lines) {
    if (line.row < 0) continue;
    const [first, last] = range(data, line.row, view.t0, view.t1);
    if (isSmall(view, last - first, data.lanes[line.row])) {
      drawn += bitmap.add(data, view, line.row, { y: HEAD + line.y - view.y + 3, h: line.height - 6 }, colours.pixels);
    } else {
      for (let k = first; k < last; k++) collect(scene, data.rows[line.row].at[k], bars);
    }
  }
  context.globalAlpha = selection.order >= 0 ? 0.4 : 1;
  bitmap.draw(context, view.label);
  paint(scene, bars);
  context.globalAlpha = 1;
  return drawn + bars.length;
}

function collect(/** @type {Scene} */ { data, view, layout }, /** @type {number} */ task, /** @type {{task: number, box: Box}[]} */ into) {
  if (data.end[task] >= view.t0) into.push({ task, box: boxOf(data, view, layout, task) });
}

/** The chain of the selected order, on top of everything and outlined. @param {Scene} scene */
export function drawChain(scene) {
  const { context, data, view, layout, selection, colours } = scene;
  const bars = [...selection.tasks].filter((i) => data.end[i] >= view.t0 && data.start[i] <= view.t1)
    .map((task) => ({ task, box: boxOf(data, view, layout, task) }));
  paint(scene, bars);
  context.strokeStyle = colours.text;
  for (const { task, box } of bars) {
    context.lineWidth = task === selection.task ? 3 : data.order[task] === selection.order ? 2 : 1;
    context.strokeRect(box.x, box.y, box.w, box.h);
  }
  context.lineWidth = 1;
}

/** Fill, edge, set-up, mark and text of bars, one status after the other (few changes of colour). */
function paint(/** @type {Scene} */ scene, /** @type {{task: number, box: Box}[]} */ bars) {
  const { data } = scene;
  /** @type {{task: number, box: Box}[][]} */
  const by = [[], [], [], []];
  for (const bar of bars) by[data.status[bar.task]].push(bar);
  by.forEach((same, status) => {
    fillAll(scene, same, status);
    texts(scene, same, status);
  });
}

function fillAll(/** @type {Scene} */ { context, data, view, colours }, /** @type {{task: number, box: Box}[]} */ bars, /** @type {number} */ status) {
  context.fillStyle = colours.fill[status];
  for (const { box } of bars) if (box.w > 3) context.fillRect(box.x, box.y, box.w, box.h);
  context.fillStyle = context.strokeStyle = colours.edge[status];
  for (const { task, box } of bars) {
    const setup = Math.min(box.w, data.setup[task] * view.scale);
    if (setup > 2) context.fillRect(box.x, box.y + box.h * 0.72, setup, box.h * 0.28);
    if (box.w > 3) context.strokeRect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1);
    else context.fillRect(box.x, box.y, box.w, box.h);
    if (status === LATE) corner(context, box);
    else if (status === THIN) context.fillRect(box.x, box.y, Math.min(4, box.w), box.h);
    else if (status === FIRM && box.w > 3) context.fillRect(box.x, box.y, box.w, 2);
  }
}

/** A triangle in the upper left corner: late. */
function corner(/** @type {CanvasRenderingContext2D} */ context, /** @type {Box} */ { x, y, w, h }) {
  const side = Math.min(9, w, h);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + side, y);
  context.lineTo(x, y + side);
  context.fill();
}

function texts(/** @type {Scene} */ { context, data, view, colours }, /** @type {{task: number, box: Box}[]} */ bars, /** @type {number} */ status) {
  const alpha = context.globalAlpha;
  context.globalAlpha = Math.min(1, alpha * 1.8); // dimmed bars stay readable
  context.fillStyle = colours.ink[status];
  for (const { task, box } of bars) {
    const left = Math.max(box.x + (status >= THIN ? 10 : 6), view.label + 4), room = box.x + box.w - left - 4;
    if (room < 22 || box.h < 11) continue;
    const text = fitted(context, data.orders[data.order[task]]?.id || data.step[task], room);
    if (text) context.fillText(text, left, box.y + box.h / 2 + 0.5);
  }
  context.globalAlpha = alpha;
}
