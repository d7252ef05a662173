/** Pointer and wheel: drag pans, ctrl and wheel zoom, two fingers pinch, a click selects, hovering tells. */

/** @typedef {import('./board.js').Board} Board */
const CLICK = 4;

/** @param {Board} board */
export function listen(board) {
  const { canvas } = board;
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  let moved = 0;
  const at = (/** @type {MouseEvent} */ e) => ({ x: e.offsetX, y: e.offsetY });

  canvas.addEventListener('wheel', (e) => wheel(board, e), { passive: false });
  canvas.addEventListener('pointerdown', (e) => {
    if (e.button !== 0) return;
    canvas.setPointerCapture(e.pointerId);
    fingers.set(e.pointerId, at(e));
    if (fingers.size === 1) moved = 0;
  });
  canvas.addEventListener('pointermove', (e) => {
    const before = fingers.get(e.pointerId), now = at(e);
    if (!before) return board.hover(now.x, now.y);
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    if (fingers.size === 2) pinch(board, fingers, e.pointerId, now);
    else if (moved > CLICK) board.move(before.x - now.x, before.y - now.y);
    fingers.set(e.pointerId, now);
  });
  canvas.addEventListener('pointerup', (e) => {
    if (fingers.delete(e.pointerId) && moved <= CLICK) board.pick(e.offsetX, e.offsetY);
  });
  canvas.addEventListener('pointercancel', (e) => fingers.delete(e.pointerId));
  canvas.addEventListener('pointerleave', () => board.hover(-1, -1));
}

/** @param {Board} board @param {WheelEvent} e */
function wheel(board, e) {
  e.preventDefault();
  const pixels = e.deltaMode === 1 ? 28 : 1;
  if (e.ctrlKey || e.metaKey) board.zoom(Math.exp(Math.max(-60, Math.min(60, e.deltaY * pixels)) * 0.004), e.offsetX);
  else if (e.shiftKey && !e.deltaX) board.move(e.deltaY * pixels, 0);
  else board.move(e.deltaX * pixels, e.deltaY * pixels);
}

/** Zoom by how the distance of two fingers changes. */
function pinch(/** @type {Board} */ board, /** @type {Map<number, {x: number, y: number}>} */ fingers, /** @type {number} */ id, /** @type {{x: number, y: number}} */ now) {
  const other = [...fingers].find(([key]) => key !== id)?.[1], before = fingers.get(id);
  if (!other || !before) return;
  const apart = (/** @type {{x: number}} */ a) => Math.max(20, Math.abs(a.x - other.x));
  board.zoom(apart(before) / apart(now), (now.x + other.x) / 2);
}
