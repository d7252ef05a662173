/**
 * Rows whose bars are below about 5 pixels, as a bitmap: one column of dots a pixel. The worst status of a pixel
 * shows, and by its height too: late fills the line, thin slack three quarters, the rest half.
 */
import { range } from './geometry.js';

const DOTS = 4, HEIGHTS = [2, 2, 3, 4];

export class Bitmap {
  constructor() {
    this.canvas = document.createElement('canvas');
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    /** @type {ImageData | null} */
    this.image = null;
    this.dots = new Uint32Array();
    this.worst = new Int8Array();
    /** @type {{row: number, y: number, h: number}[]} */
    this.waiting = [];
  }

  /** Room for so many rows of so many pixels. */
  #fit(/** @type {number} */ width, /** @type {number} */ rows) {
    if (this.image?.width === width && this.image.height === rows * DOTS) return;
    this.canvas.width = width; this.canvas.height = rows * DOTS;
    this.image = this.context.createImageData(width, rows * DOTS);
    this.dots = new Uint32Array(this.image.data.buffer);
    this.worst = new Int8Array(width);
  }

  /**
   * Put the tasks of a row into the bitmap.
   * @param {import('./data.js').BoardData} data @param {import('./view.js').View} view
   * @param {number} row @param {{y: number, h: number}} place @param {Uint32Array} pixels Colour of each status.
   */
  add(data, view, row, place, pixels) {
    const width = Math.max(1, Math.floor(view.width - view.label));
    this.#fit(width, data.resources.length);
    this.worst.fill(-1);
    const [first, last] = range(data, row, view.t0, view.t1), { at } = data.rows[row], { scale } = view;
    for (let k = first; k < last; k++) {
      const task = at[k], x = (data.start[task] - view.t0) * scale, status = data.status[task];
      const from = Math.max(0, x | 0), to = Math.min(width, Math.max(from + 1, (data.end[task] - view.t0) * scale | 0));
      if (data.end[task] >= view.t0) for (let p = from; p < to; p++) if (this.worst[p] < status) this.worst[p] = status;
    }
    this.#paint(row, width, pixels);
    this.waiting.push({ row, ...place });
    return last - first;
  }

  #paint(/** @type {number} */ row, /** @type {number} */ width, /** @type {Uint32Array} */ pixels) {
    for (let d = 0; d < DOTS; d++) {
      const base = (row * DOTS + d) * width;
      for (let p = 0; p < width; p++) {
        const status = this.worst[p];
        this.dots[base + p] = status >= 0 && HEIGHTS[status] >= DOTS - d ? pixels[status] : 0;
      }
    }
  }

  /** Draw every row added since the last time. @param {CanvasRenderingContext2D} context @param {number} left */
  draw(context, left) {
    if (!this.waiting.length || !this.image) return;
    this.context.putImageData(this.image, 0, 0);
    context.imageSmoothingEnabled = false;
    for (const { row, y, h } of this.waiting) context.drawImage(this.canvas, 0, row * DOTS, this.image.width, DOTS, left, y, this.image.width, h);
    this.waiting = [];
  }
}
