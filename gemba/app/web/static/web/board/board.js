/** The schedule board: a canvas with tasks on resources over time. */
import { showTip, tell } from './a11y.js';
import { nothing, select } from './chain.js';
import { BoardData } from './data.js';
import { Scene } from './draw.js';
import { boxOf, taskAt } from './geometry.js';
import { listen } from './input.js';
import { listenKeys } from './keys.js';
import { layOut } from './layout.js';
import { HEAD, View } from './view.js';

const DAY = 86400, WEEK = 7 * DAY;

export class Board extends EventTarget {
  /**
   * @param {HTMLCanvasElement} canvas @param {import('./types.js').BoardJson} json
   * @param {{tip: HTMLElement, live: HTMLElement, by?: 'group' | 'place' | 'none'}} parts
   */
  constructor(canvas, json, { tip, live, by = 'group' }) {
    super();
    this.canvas = canvas; this.tip = tip; this.live = live;
    this.data = new BoardData(json);
    this.view = new View(this.data);
    this.scene = new Scene(canvas, this.data, this.view, layOut(this.data, by));
    this.byTime = Uint32Array.from(this.data.start, (_, i) => i).sort((a, b) => this.data.start[a] - this.data.start[b]);
    this.waiting = 0;
    this.#watch();
    listen(this);
    listenKeys(this);
  }

  /** Draw again when the size or the theme changes. */
  #watch() {
    const sized = () => { this.scene.resize(); this.scene.draw(); };
    new ResizeObserver(sized).observe(this.canvas);
    const recoloured = () => { this.scene.recolour(); this.refresh(); };
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recoloured);
    new MutationObserver(recoloured).observe(document.documentElement, { attributeFilter: ['data-theme'] });
    document.fonts?.ready.then(recoloured);
    sized();
  }

  /** Draw in the next frame. */
  refresh() {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      this.scene.draw();
    });
  }

  #seen() {
    this.refresh();
    this.dispatchEvent(new Event('view'));
  }

  show(/** @type {number} */ t0, /** @type {number} */ t1) { this.view.show(t0, t1); this.#seen(); }
  move(/** @type {number} */ dx, /** @type {number} */ dy) { this.view.pan(dx); this.view.scroll(dy); this.#seen(); }
  /** Zoom around pixel x, else around the selected task where it is in view, else around the middle. */
  zoom(/** @type {number} */ factor, /** @type {number | undefined} */ x = undefined) {
    const { task } = this.scene.selection, { view, data } = this, at = task < 0 ? NaN : view.x(data.end[task]);
    view.zoom(factor, x ?? (at >= view.label && at <= view.width ? at : undefined));
    this.#seen();
  }

  today() {
    const span = this.view.t1 - this.view.t0;
    this.show(this.data.now - span * 0.1, this.data.now + span * 0.9);
  }

  group(/** @type {'group' | 'place' | 'none'} */ by) {
    this.scene.layout = layOut(this.data, by);
    this.scene.resize();
    this.refresh();
  }

  hover(/** @type {number} */ x, /** @type {number} */ y) {
    const task = taskAt(this.data, this.view, this.scene.layout, x, y);
    this.canvas.style.cursor = task >= 0 ? 'pointer' : 'default';
    showTip(this.tip, this.canvas, task >= 0 ? tell(this.data, task) : '', x, y);
  }

  pick(/** @type {number} */ x, /** @type {number} */ y) {
    const task = taskAt(this.data, this.view, this.scene.layout, x, y);
    this.select(task < 0 ? -1 : this.data.order[task], task);
  }

  /** Highlight the chain of an order; `reveal` brings its task into view. */
  select(/** @type {number} */ order, task = -1, reveal = false) {
    const chosen = order < 0 && task < 0 ? nothing() : select(this.data, order, task);
    this.scene.selection = chosen;
    if (reveal && chosen.task >= 0) this.reveal(chosen.task);
    this.live.textContent = chosen.task >= 0 ? tell(this.data, chosen.task) : 'Nothing selected';
    this.refresh();
    this.dispatchEvent(new CustomEvent('select', { detail: chosen }));
  }

  /** Bring a task into view, with its order's tasks of the week before it. */
  reveal(/** @type {number} */ task) {
    const { data, view } = this, own = [...this.scene.selection.tasks].filter((i) => data.end[i] <= data.end[task]);
    const first = Math.max(Math.min(...own.map((i) => data.start[i]), data.start[task]), data.end[task] - WEEK);
    const span = Math.max(data.end[task] - first, DAY / 2);
    view.show(first - span * 0.1, first + span * 1.15);
    const box = boxOf(data, view, this.scene.layout, task), top = box.y - HEAD + view.y;
    view.reveal(data.start[task], data.end[task], top, top + box.h);
    this.#seen();
  }
}
