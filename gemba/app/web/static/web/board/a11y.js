/** Words for what the board shows: tooltips and what a screen reader says. */
import { STATUS_NAMES } from './data.js';
import { clock } from './ticks.js';

/** @typedef {import('./data.js').BoardData} BoardData */

function length(/** @type {number} */ seconds) {
  const hours = seconds / 3600;
  return hours < 1 ? `${Math.round(seconds / 60)} min` : hours < 48 ? `${+hours.toFixed(1)} h` : `${+(hours / 24).toFixed(1)} d`;
}

/** Lines about a task. @param {BoardData} data @param {number} task */
export function tell(data, task) {
  const order = data.orders[data.order[task]], { zone } = data;
  const first = order ? `${order.id} · ${data.step[task]}` : data.step[task];
  const lines = [first, `${data.resources[data.row[task]].name} · ${STATUS_NAMES[data.status[task]]}`];
  if (order) lines.push(`${+Number(order.qty).toFixed(3)} × ${order.item}${order.demand ? ` for ${order.demand}` : ''}`);
  lines.push(`${clock(data.start[task], zone)} to ${clock(data.end[task], zone)}`);
  if (data.setup[task]) lines.push(`set-up ${length(data.setup[task])}`);
  return lines.join('\n');
}

/** Place the tooltip near a point, inside the canvas. @param {HTMLElement} tip @param {HTMLCanvasElement} canvas */
export function showTip(tip, canvas, text = '', x = 0, y = 0) {
  tip.classList.toggle('shown', !!text);
  if (!text) return;
  tip.textContent = text;
  tip.style.left = `${Math.max(4, Math.min(x + 14, canvas.clientWidth - tip.offsetWidth - 6))}px`;
  tip.style.top = `${y + 18 + tip.offsetHeight > canvas.clientHeight ? y - tip.offsetHeight - 8 : y + 18}px`;
}
