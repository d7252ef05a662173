/** The view in the address: t0, t1, selected (an order) and step. */

/** @typedef {import('./board.js').Board} Board */

/** Show what the address says. @param {Board} board @param {URLSearchParams} query */
export function restore(board, query) {
  const t0 = Number(query.get('t0')), t1 = Number(query.get('t1')), { data } = board;
  if (t1 > t0 && t0 > 0) board.show(t0, t1);
  else if (data.count) board.show(...firstView(board));
  const order = data.orderNamed(query.get('selected') || query.get('demand') || '');
  if (order < 0) return;
  const wanted = query.get('step'), task = data.tasksOf[order].find((i) => wanted && data.step[i] === wanted);
  board.select(order, task ?? -1, !(t1 > t0));
}

/** The first few tasks of the busiest line, from now. @returns {[number, number]} */
function firstView(/** @type {Board} */ { data }) {
  const most = Math.max(...data.rows.map((r) => r.at.length), 1), { t0, t1, now } = data;
  const span = Math.min(t1 - t0, Math.max(12 * 3600, ((t1 - now) * 16) / most));
  const first = Math.max(t0, Math.min(now, t1 - span));
  return [first - span * 0.03, first + span * 0.97];
}

/** Keep the address up to date, a moment after the last change. @param {Board} board */
export function remember(board) {
  let timer = 0;
  const later = () => { clearTimeout(timer); timer = setTimeout(() => write(board), 250); };
  board.addEventListener('view', later);
  board.addEventListener('select', later);
}

function write(/** @type {Board} */ { view, data, scene }) {
  const url = new URL(location.href), { task, order } = scene.selection;
  url.searchParams.delete('demand');
  url.searchParams.set('t0', String(Math.round(view.t0)));
  url.searchParams.set('t1', String(Math.round(view.t1)));
  for (const [key, value] of [['selected', order >= 0 ? data.orders[order].id : ''], ['step', task >= 0 ? data.step[task] : '']]) {
    if (value) url.searchParams.set(key, value); else url.searchParams.delete(key);
  }
  history.replaceState(history.state, '', url);
}
