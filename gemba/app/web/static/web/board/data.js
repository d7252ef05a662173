/** The board's data as typed arrays, indexed for drawing and pointing. @typedef {import('./types.js').BoardJson} BoardJson */
import { laneOf } from './lanes.js';

export const PROPOSED = 0, FIRM = 1, THIN = 2, LATE = 3;
export const STATUS_NAMES = ['proposed', 'firm', 'thin slack', 'late'];

/**
 * First position in `at` whose start is not before `t`.
 * @param {Uint32Array} at @param {Float64Array} start @param {number} t
 */
export function firstFrom(at, start, t) {
  let low = 0, high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start[at[middle]] < t) low = middle + 1; else high = middle;
  }
  return low;
}

/**
 * Indexes of intervals row by row, by start.
 * @param {ArrayLike<number>} row @param {Float64Array} start @param {Float64Array} end @param {number} rows
 * @returns {import('./types.js').Sorted[]}
 */
export function byRow(row, start, end, rows) {
  const counts = new Uint32Array(rows);
  for (let i = 0; i < row.length; i++) counts[row[i]]++;
  const sorted = Array.from(counts, (n) => ({ at: new Uint32Array(n), longest: 0 }));
  counts.fill(0);
  for (let i = 0; i < row.length; i++) {
    const line = sorted[row[i]];
    line.at[counts[row[i]]++] = i;
    line.longest = Math.max(line.longest, end[i] - start[i]);
  }
  for (const line of sorted) line.at.sort((a, b) => start[a] - start[b] || end[a] - end[b]);
  return sorted;
}

/** Neighbours of each node in compressed rows: those of i are list[from[i]] to list[from[i + 1] - 1]. */
function neighbours(/** @type {Uint32Array} */ a, /** @type {Uint32Array} */ b, /** @type {number} */ nodes) {
  const from = new Uint32Array(nodes + 1), list = new Uint32Array(a.length);
  for (const i of a) from[i + 1]++;
  for (let i = 0; i < nodes; i++) from[i + 1] += from[i];
  const next = from.slice();
  for (let k = 0; k < a.length; k++) list[next[a[k]]++] = b[k];
  return { from, list };
}

export class BoardData {
  /** @param {BoardJson} json */
  constructor(json) {
    const { tasks, links, closed } = json;
    this.resources = json.resources;
    this.orders = json.orders;
    this.t0 = json.t0; this.t1 = json.t1; this.now = json.now;
    this.zone = json.zone || 'UTC';
    this.count = tasks.row.length;
    this.row = Uint16Array.from(tasks.row);
    this.start = Float64Array.from(tasks.start);
    this.end = Float64Array.from(tasks.end);
    this.setup = Float64Array.from(tasks.setup);
    this.status = Uint8Array.from(tasks.status);
    this.order = Int32Array.from(tasks.order);
    this.step = tasks.step;
    this.linkFrom = Uint32Array.from(links, (l) => l[0]);
    this.linkTo = Uint32Array.from(links, (l) => l[1]);
    this.closedStart = Float64Array.from(closed, (c) => c[1]);
    this.closedEnd = Float64Array.from(closed, (c) => c[2]);
    this.rows = byRow(this.row, this.start, this.end, this.resources.length);
    this.closed = byRow(closed.map((c) => c[0]), this.closedStart, this.closedEnd, this.resources.length);
    this.after = neighbours(this.linkFrom, this.linkTo, this.count);
    this.before = neighbours(this.linkTo, this.linkFrom, this.count);
    const lanes = laneOf(this.rows, this.start, this.end, this.count);
    this.lane = lanes.lane; this.lanes = lanes.lanes;
    this.tasksOf = this.#byOrder();
  }

  /** Tasks of each order, by start. */
  #byOrder() {
    /** @type {number[][]} */
    const found = this.orders.map(() => []);
    for (let i = 0; i < this.count; i++) found[this.order[i]]?.push(i);
    for (const list of found) list.sort((a, b) => this.start[a] - this.start[b]);
    return found;
  }

  /** The order with this id, or the one that ends last for a demand of this name; -1 where there is none. @param {string} id */
  orderNamed(id) {
    const exact = this.orders.findIndex((o) => o.id === id);
    if (exact >= 0 || !id) return exact;
    const end = (/** @type {number} */ order) => this.end[this.tasksOf[order][this.tasksOf[order].length - 1]];
    const own = this.orders.flatMap((o, i) => (o.demand === id && this.tasksOf[i].length ? [i] : []));
    return own.reduce((best, i) => (best < 0 || end(i) > end(best) ? i : best), -1);
  }

  /** Orders whose id, item or demand contains the text. @param {string} text @param {number} most */
  search(text, most = 8) {
    const wanted = text.trim().toLowerCase(), found = [];
    for (let i = 0; wanted && i < this.orders.length && found.length < most; i++) {
      const o = this.orders[i];
      if (this.tasksOf[i].length && `${o.id} ${o.item} ${o.demand}`.toLowerCase().includes(wanted)) found.push(i);
    }
    return found;
  }
}
