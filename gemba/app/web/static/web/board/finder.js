/** Search on the board: type an order, item or demand; Enter or a click jumps to it. */

/**
 * @param {import('./board.js').Board} board
 * @param {HTMLElement} field @param {HTMLElement} list
 */
export function finder(board, field, list) {
  const input = /** @type {HTMLInputElement} */ (field);
  /** @type {number[]} */
  let found = [];
  const close = () => { list.replaceChildren(); found = []; };
  const go = (/** @type {number} */ order) => {
    close();
    board.select(order, board.data.tasksOf[order][0], true);
    board.canvas.focus();
  };
  input.addEventListener('input', () => {
    found = board.data.search(input.value);
    list.replaceChildren(...found.map((order) => entry(board.data.orders[order], () => go(order))));
    if (input.value.trim() && !found.length) list.append(nothingFound(input.value));
  });
  input.addEventListener('keydown', (e) => {
    if (e.key === 'Enter' && found.length) { e.preventDefault(); go(found[0]); }
    if (e.key === 'Escape') close();
  });
  input.addEventListener('blur', () => setTimeout(close, 200));
}

function entry(/** @type {{id: string, item: string, demand: string}} */ order, /** @type {() => void} */ act) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = [order.id, order.item, order.demand && `for ${order.demand}`].filter(Boolean).join(' · ');
  button.addEventListener('click', act);
  return button;
}

function nothingFound(/** @type {string} */ text) {
  const p = document.createElement('p');
  p.textContent = `No order, item or demand has “${text.trim()}”`;
  return p;
}
