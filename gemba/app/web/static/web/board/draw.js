/** One frame of the board. */
import { drawBars, drawChain } from './bars.js';
import { Bitmap } from './bitmap.js';
import { nothing } from './chain.js';
import { colours } from './colours.js';
import { drawGround, drawHeads, drawNow, hatching, marksOf } from './frame.js';
import { drawLinks } from './links.js';
import { lineAt } from './layout.js';
import { forget } from './text.js';
import { HEAD } from './view.js';

/** Everything a frame is drawn from. */
export class Scene {
  /**
   * @param {HTMLCanvasElement} canvas @param {import('./data.js').BoardData} data
   * @param {import('./view.js').View} view @param {ReturnType<typeof import('./layout.js').layOut>} layout
   */
  constructor(canvas, data, view, layout) {
    this.canvas = canvas; this.data = data; this.view = view; this.layout = layout;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
    this.bitmap = new Bitmap();
    this.selection = nothing();
    /** @type {ReturnType<typeof marksOf>} */
    this.ticks = [];
    this.drawn = 0; this.milliseconds = 0;
    this.colours = colours(/** @type {HTMLElement} */ (canvas.parentElement));
    this.pattern = hatching(this.context, this.colours.hatch);
    this.font = '';
    this.recolour();
  }

  /** Read the palette anew: the theme changed. */
  recolour() {
    this.colours = colours(/** @type {HTMLElement} */ (this.canvas.parentElement));
    this.pattern = hatching(this.context, this.colours.hatch);
    this.font = `11.5px ${getComputedStyle(document.body).fontFamily}`;
    forget();
  }

  /** Fit the canvas to its element. */
  resize() {
    const holder = /** @type {HTMLElement} */ (this.canvas.parentElement);
    holder.style.maxHeight = `${Math.max(this.layout.height + HEAD + 10, 240)}px`; // no higher than its lines
    const { width, height } = this.canvas.getBoundingClientRect(), dots = devicePixelRatio || 1;
    this.canvas.width = Math.round(width * dots); this.canvas.height = Math.round(height * dots);
    this.context.setTransform(dots, 0, 0, dots, 0, 0);
    this.view.resize(width, height, this.layout.height);
  }

  draw() {
    const started = performance.now(), { context: c, view, layout } = this;
    const lines = layout.lines.slice(Math.max(0, lineAt(layout.lines, view.y)), lineAt(layout.lines, view.y + view.height - HEAD) + 1);
    c.font = this.font;
    c.textBaseline = 'middle';
    this.ticks = marksOf(view, this.data.zone);
    drawGround(this, lines);
    c.save();
    c.beginPath();
    c.rect(view.label, HEAD, view.width - view.label, view.height - HEAD);
    c.clip();
    this.drawn = drawBars(this, lines);
    drawNow(this);
    drawLinks(this);
    drawChain(this);
    c.restore();
    drawHeads(this, lines);
    this.milliseconds = performance.now() - started;
  }
}
