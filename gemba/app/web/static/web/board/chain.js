/** The chain of an order: its tasks, everything that feeds them and everything they feed. */

/** @typedef {import('./data.js').BoardData} BoardData @typedef {import('./types.js').Selection} Selection */

/** All nodes reachable from the first ones. @param {{from: Uint32Array, list: Uint32Array}} graph @param {number[]} first */
function reach(graph, first) {
  const seen = new Set(first), open = [...first];
  while (open.length) {
    const i = /** @type {number} */ (open.pop());
    for (let k = graph.from[i]; k < graph.from[i + 1]; k++) {
      const next = graph.list[k];
      if (!seen.has(next)) { seen.add(next); open.push(next); }
    }
  }
  return seen;
}

/** Nothing is selected. @returns {Selection} */
export const nothing = () => ({ task: -1, order: -1, tasks: new Set(), links: new Uint32Array() });

/** @param {BoardData} data @param {number} order @param {number} task @returns {Selection} */
export function select(data, order, task = -1) {
  if (order < 0) return nothing();
  const own = data.tasksOf[order];
  const tasks = new Set([...reach(data.before, own), ...reach(data.after, own)]);
  const links = [];
  for (let k = 0; k < data.linkFrom.length; k++) if (tasks.has(data.linkFrom[k]) && tasks.has(data.linkTo[k])) links.push(k);
  return { task: task >= 0 ? task : own[own.length - 1] ?? -1, order, tasks, links: Uint32Array.from(links) };
}
