/** Where each resource's line is: in groups with a heading, higher where its tasks run side by side. */

export const HEADING = 24, LINE = 28, LANE = 15;

/** @typedef {import('./data.js').BoardData} BoardData @typedef {import('./types.js').Line} Line */

/** Rows by group name, in the order the groups first appear, without groups that are only that. @param {BoardData} data @param {'group' | 'place' | 'none'} by */
function grouped(data, by) {
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  const named = new Set(data.resources.map((resource) => resource.group));
  data.resources.forEach((resource, row) => {
    if (named.has(resource.name) && !data.rows[row].at.length) return; // a group itself, without work of its own
    const name = by === 'none' ? '' : resource[by] || '';
    groups.set(name, [...(groups.get(name) ?? []), row]);
  });
  return [...groups].sort((a, b) => Number(!a[0]) - Number(!b[0])); // those without a group last
}

/** The lines of the board. @param {BoardData} data @param {'group' | 'place' | 'none'} by */
export function layOut(data, by) {
  const groups = grouped(data, by), headings = by !== 'none' && groups.length > 1;
  /** @type {Line[]} */
  const lines = [];
  let y = 0;
  const add = (/** @type {number} */ row, /** @type {string} */ text, /** @type {number} */ height) => {
    lines.push({ row, text, y, height, odd: lines.length % 2 === 1 });
    y += height;
  };
  for (const [name, rows] of groups) {
    if (headings) add(-1, name || 'Others', HEADING);
    for (const row of rows) add(row, data.resources[row].name, Math.max(LINE, data.lanes[row] * LANE + 4));
  }
  const lineOf = new Int32Array(data.resources.length).fill(-1);
  lines.forEach((line, k) => { if (line.row >= 0) lineOf[line.row] = k; });
  return { lines, lineOf, height: y };
}

/** Position of the line at height y (the last one that starts at or above it). @param {Line[]} lines @param {number} y */
export function lineAt(lines, y) {
  let low = 0, high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle].y <= y) low = middle + 1; else high = middle;
  }
  return low - 1;
}
