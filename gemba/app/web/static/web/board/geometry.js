/** Where a task is on the canvas, and which task is at a point. */
import { firstFrom } from './data.js';
import { lineAt } from './layout.js';
import { HEAD } from './view.js';

/** @typedef {import('./data.js').BoardData} BoardData @typedef {import('./view.js').View} View */
/** @typedef {ReturnType<typeof import('./layout.js').layOut>} Layout */

/** Bars narrower than this on average are drawn as a bitmap. */
export const SMALL = 5;

/** The tasks of a row between t0 and t1, as positions in its index. @param {BoardData} data @param {number} row */
export function range(data, row, t0 = 0, t1 = 0) {
  const { at, longest } = data.rows[row];
  return [firstFrom(at, data.start, t0 - longest), firstFrom(at, data.start, t1)];
}

/** Whether so many bars in a row of so many lanes are too small to draw one by one. @param {View} view @param {number} bars */
export const isSmall = (view, bars, lanes = 1) => (bars * SMALL) / lanes > view.width - view.label;

/** Top and height of a task's bar. @param {BoardData} data @param {View} view @param {Layout} layout @param {number} task */
function stripe(data, view, layout, task) {
  const row = data.row[task], line = layout.lines[layout.lineOf[row]], lanes = data.lanes[row];
  const lane = (line.height - 4) / lanes;
  return { y: HEAD + line.y - view.y + 2 + data.lane[task] * lane, h: lane - (lanes > 1 ? 2 : 0) };
}

/** The box of a task on the canvas. @returns {import('./types.js').Box} */
export function boxOf(/** @type {BoardData} */ data, /** @type {View} */ view, /** @type {Layout} */ layout, /** @type {number} */ task) {
  const x = view.x(data.start[task]);
  return { x, w: Math.max(1.5, (data.end[task] - data.start[task]) * view.scale - 0.7), ...stripe(data, view, layout, task) };
}

/** The task at a point, or -1: the one whose lane it is; in a bitmap the worst. */
export function taskAt(/** @type {BoardData} */ data, /** @type {View} */ view, /** @type {Layout} */ layout, /** @type {number} */ x, /** @type {number} */ y) {
  if (x < view.label || y < HEAD) return -1;
  const line = layout.lines[lineAt(layout.lines, y - HEAD + view.y)];
  if (!line || line.row < 0 || y - HEAD + view.y > line.y + line.height) return -1;
  const slack = 2 / view.scale, t = view.t(x), [first, last] = range(data, line.row, t - slack, t + slack);
  const [seen0, seen1] = range(data, line.row, view.t0, view.t1), small = isSmall(view, seen1 - seen0, data.lanes[line.row]);
  let best = -1;
  for (let k = first; k < last; k++) {
    const task = data.rows[line.row].at[k];
    if (data.end[task] < t - slack) continue;
    const { y: top, h } = stripe(data, view, layout, task);
    if (small ? best < 0 || data.status[task] > data.status[best] : y >= top - 1 && y <= top + h + 1) best = task;
  }
  return best;
}
