/** A board of so many made-up tasks (?tasks=10000&rows=60), for the tests of the component alone. */
import { Board } from '/static/web/board/board.js';

const query = new URLSearchParams(location.search);
const count = Number(query.get('tasks') ?? 10000), rows = Number(query.get('rows') ?? 60);
const now = 1795413600; // 23 November 2026, 06:00 UTC
let seed = 7;
const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;

function made() {
  const tasks = { row: [], start: [], end: [], setup: [], status: [], order: [], step: [] }, orders = [], links = [];
  const free = new Float64Array(rows).fill(now);
  for (let i = 0; i < count; i++) {
    const k = Math.floor(i / 4), row = (i * 7 + k) % rows, before = i % 4 ? tasks.end[i - 1] : 0;
    const start = Math.max(free[row], before) + Math.floor(random() * 1800), length = 900 + Math.floor(random() * 9000);
    if (i % 4 === 0) orders.push({ id: `MO-${10000 + k}`, item: `PH-${k % 40}`, qty: 10 + (k % 30), demand: `SO-${10000 + k}` });
    else links.push([i - 1, i]);
    free[row] = start + length;
    tasks.row.push(row); tasks.start.push(start); tasks.end.push(start + length); tasks.setup.push(i % 3 ? 0 : 600);
    tasks.status.push(k % 9 === 0 ? 3 : k % 7 === 0 ? 2 : k % 3 === 0 ? 1 : 0); tasks.order.push(k); tasks.step.push(`Step ${10 * (1 + (i % 4))}`);
  }
  const t1 = Math.max(...free), closed = [];
  for (let row = 0; row < rows; row += 2) for (let t = now + 57600; t < t1; t += 86400) closed.push([row, t, t + 28800]);
  const resources = Array.from({ length: rows }, (_, r) => ({ name: `Machine ${r + 1}`, group: `Group ${1 + Math.floor(r / 8)}`, place: `Hall ${1 + (r % 2)}` }));
  return { resources, t0: now - 7200, t1, now: now + 14400, zone: 'Europe/Berlin', tasks, orders, links, closed };
}

const part = (id) => document.getElementById(id);
window.board = new Board(part('board-canvas'), made(), { tip: part('board-tip'), live: part('board-live') });

/** Milliseconds of each frame of a pan across the board, and how many tasks the frames drew. */
window.pan = async (frames, span) => {
  const { board } = window, times = [], waits = [];
  board.show(now, now + span);
  let drawn = 0, last = performance.now();
  for (let i = 0; i < frames; i++) {
    board.move(6, i % 2 ? 3 : -3);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const at = performance.now();
    times.push(board.scene.milliseconds); waits.push(at - last); drawn += board.scene.drawn; last = at;
  }
  times.sort((a, b) => a - b);
  return { median: times[frames >> 1], p95: times[Math.floor(frames * 0.95)], worst: times[frames - 1], drawn: drawn / frames };
};
