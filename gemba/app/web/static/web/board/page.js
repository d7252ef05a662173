/** The schedule board's page: loads the data, joins buttons, search and side panel to the board. */
import { Board } from './board.js';
import { finder } from './finder.js';
import { remember, restore } from './state.js';

/** @template {HTMLElement} T @param {string} id @returns {T} */
const part = (id) => /** @type {T} */ (document.getElementById(id));

async function start() {
  const holder = part('board'), message = part('board-message');
  try {
    const answer = await fetch(holder.dataset.src ?? '', { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    open(await answer.json());
    message.hidden = true;
  } catch (error) {
    message.textContent = `The board could not be loaded: ${error instanceof Error ? error.message : error}. Reload the page to try again.`;
  }
}

/** @param {import('./types.js').BoardJson} json */
function open(json) {
  const by = /** @type {'group' | 'place' | 'none'} */ (new URLSearchParams(location.search).get('by') || 'group');
  const board = new Board(/** @type {HTMLCanvasElement} */ (part('board-canvas')), json, { tip: part('board-tip'), live: part('board-live'), by });
  board.addEventListener('select', () => panel(board));
  const query = new URLSearchParams(location.search);
  remember(board);
  restore(board, query);
  buttons(board, by);
  finder(board, part('board-search'), part('board-found'));
  part('board').dataset.tasks = String(board.scene.drawn); // says to tests and the curious that it is there
}

/** The side panel of the selected order, made by the server. @param {Board} board */
function panel({ data, scene }) {
  const target = part('board-panel'), { order, task } = scene.selection;
  part('board').dataset.chain = String(scene.selection.tasks.size);
  const query = order >= 0 ? { order: data.orders[order].id, step: task >= 0 ? data.step[task] : '' } : {};
  const url = new URL(target.dataset.src ?? '', location.href);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  /** @type {any} */ (window).htmx.ajax('GET', url.pathname + url.search, { target, swap: 'innerHTML' });
}

/** @param {Board} board @param {string} by */
function buttons(board, by) {
  /** @type {Record<string, () => void>} */
  const acts = { in: () => board.zoom(1 / 1.5), out: () => board.zoom(1.5), today: () => board.today(), all: () => board.show(board.data.t0, board.data.t1) };
  for (const button of document.querySelectorAll('[data-board]')) {
    button.addEventListener('click', () => acts[/** @type {HTMLElement} */ (button).dataset.board ?? '']?.());
  }
  const select = /** @type {HTMLSelectElement} */ (part('board-by'));
  select.value = by;
  select.addEventListener('change', () => {
    board.group(/** @type {'group' | 'place' | 'none'} */ (select.value));
    const url = new URL(location.href);
    url.searchParams.set('by', select.value);
    history.replaceState(history.state, '', url);
  });
}

start();
