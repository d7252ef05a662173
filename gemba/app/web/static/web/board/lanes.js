/** Lanes: tasks that share a resource at the same moment are drawn one below the other. */

const MOST_LANES = 12;

/**
 * The lowest free lane of each task, and how many lanes each row has.
 * @param {import('./types.js').Sorted[]} rows @param {Float64Array} start @param {Float64Array} end @param {number} count
 */
export function laneOf(rows, start, end, count) {
  const lane = new Uint8Array(count);
  const lanes = rows.map((row) => {
    /** @type {number[]} */
    const freeAt = [];
    for (const i of row.at) {
      let k = freeAt.findIndex((t) => t <= start[i]);
      if (k < 0) k = freeAt.length < MOST_LANES ? freeAt.length : i % MOST_LANES;
      freeAt[k] = Math.max(freeAt[k] ?? 0, end[i]);
      lane[i] = k;
    }
    return Math.max(1, freeAt.length);
  });
  return { lane, lanes };
}
