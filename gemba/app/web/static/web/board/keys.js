/** Keyboard: + - zoom, arrows move, T today, 0 everything, N P next and previous task, L next late one, Esc clears. */
import { LATE } from './data.js';

/** @typedef {import('./board.js').Board} Board */

/** What each key does. @type {Record<string, (board: Board) => void>} */
const KEYS = {
  '+': (b) => b.zoom(1 / 1.5), '=': (b) => b.zoom(1 / 1.5), '-': (b) => b.zoom(1.5),
  ArrowLeft: (b) => b.move(-90, 0), ArrowRight: (b) => b.move(90, 0),
  ArrowUp: (b) => b.move(0, -56), ArrowDown: (b) => b.move(0, 56),
  PageUp: (b) => b.move(0, -300), PageDown: (b) => b.move(0, 300),
  Home: (b) => b.show(b.data.t0, b.data.t0 + b.view.t1 - b.view.t0), End: (b) => b.show(b.data.t1 - b.view.t1 + b.view.t0, b.data.t1),
  t: (b) => b.today(), 0: (b) => b.show(b.data.t0, b.data.t1),
  n: (b) => step(b, 1), p: (b) => step(b, -1), l: (b) => step(b, 1, LATE),
  Escape: (b) => b.select(-1),
};

/** @param {Board} board */
export function listenKeys(board) {
  board.canvas.addEventListener('keydown', (e) => {
    const act = KEYS[e.key.length === 1 ? e.key.toLowerCase() : e.key];
    if (!act || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    act(board);
  });
}

/** Select the next task in time, of any status or of one. */
function step(/** @type {Board} */ board, /** @type {number} */ by, status = -1) {
  const { data, byTime } = board, { length } = byTime;
  let k = byTime.indexOf(board.scene.selection.task);
  if (k < 0) k = by > 0 ? -1 : length;
  for (k += by; k >= 0 && k < length; k += by) {
    if (status < 0 || data.status[byTime[k]] === status) return board.select(data.order[byTime[k]], byTime[k], true);
  }
}
