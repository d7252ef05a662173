/**
 * Types of the schedule board (JSDoc only).
 *
 * @typedef {object} BoardJson What the server sends; times in epoch seconds.
 * @property {{name: string, group: string, place: string}[]} resources
 * @property {number} t0 Start of the horizon.
 * @property {number} t1 End of the horizon.
 * @property {number} now The planning moment.
 * @property {string} zone IANA zone times are shown in; blank is UTC.
 * @property {{row: number[], start: number[], end: number[], setup: number[], status: number[], order: number[], step: string[]}} tasks
 * @property {{id: string, item: string, qty: number, demand: string}[]} orders
 * @property {[number, number][]} links Pairs of tasks: the first feeds the second.
 * @property {[number, number, number][]} closed Row, start and end of closed hours.
 *
 * @typedef {object} Sorted Intervals of one row by start, with the longest, so that a search can start early enough.
 * @property {Uint32Array} at Indexes, by start.
 * @property {number} longest Seconds of the longest.
 *
 * @typedef {object} Line One line of the board: a group's heading (row is -1) or a resource.
 * @property {number} row
 * @property {string} text
 * @property {number} y Top, from the top of the first line.
 * @property {number} height
 * @property {boolean} odd Every other line is striped.
 *
 * @typedef {{x: number, y: number, w: number, h: number}} Box
 *
 * @typedef {object} Selection
 * @property {number} task The selected task, or -1.
 * @property {number} order The selected order, or -1.
 * @property {Set<number>} tasks The tasks of its chain.
 * @property {Uint32Array} links Links between them.
 */
export {};
