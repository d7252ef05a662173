/** What part of the board is seen: from t0 to t1, scrolled down by y. Pure numbers, no drawing. */

export const LABEL = 128, HEAD = 34, SHORTEST = 15 * 60;

export class View {
  /** @param {{t0: number, t1: number}} horizon */
  constructor(horizon) {
    this.horizon = horizon;
    this.t0 = horizon.t0; this.t1 = horizon.t1;
    this.y = 0; this.width = 600; this.height = 400; this.full = 0; this.label = LABEL;
  }

  /** Pixels of one second. */
  get scale() { return Math.max(1, this.width - this.label) / (this.t1 - this.t0); }
  x(/** @type {number} */ t) { return this.label + (t - this.t0) * this.scale; }
  t(/** @type {number} */ x) { return this.t0 + (x - this.label) / this.scale; }

  resize(/** @type {number} */ width, /** @type {number} */ height, /** @type {number} */ full) {
    this.width = width; this.height = height; this.full = full;
    this.label = width < 560 ? 92 : LABEL;
    this.scroll(0);
  }

  /** Show from t0 to t1, kept near the horizon. */
  show(/** @type {number} */ t0, /** @type {number} */ t1) {
    const { horizon } = this, whole = horizon.t1 - horizon.t0;
    const span = Math.min(Math.max(t1 - t0, SHORTEST), whole * 1.2);
    const first = horizon.t0 - whole * 0.1, last = horizon.t1 + whole * 0.1 - span;
    this.t0 = Math.min(Math.max(t0, first), Math.max(first, last));
    this.t1 = this.t0 + span;
  }

  /** Zoom by a factor (below 1 is nearer) around the moment at pixel x. */
  zoom(/** @type {number} */ factor, x = this.label + (this.width - this.label) / 2) {
    const t = this.t(x), whole = this.horizon.t1 - this.horizon.t0;
    const span = Math.min(Math.max((this.t1 - this.t0) * factor, SHORTEST), whole * 1.2);
    const share = (t - this.t0) / (this.t1 - this.t0);
    this.show(t - share * span, t + (1 - share) * span);
  }

  pan(/** @type {number} */ pixels) {
    const dt = pixels / this.scale;
    this.show(this.t0 + dt, this.t1 + dt);
  }

  scroll(/** @type {number} */ pixels) {
    this.y = Math.max(0, Math.min(this.y + pixels, this.full - (this.height - HEAD)));
  }

  /** Bring a moment into the middle third, and a stretch of height into view. */
  reveal(/** @type {number} */ start, /** @type {number} */ end, /** @type {number} */ top, /** @type {number} */ bottom) {
    const span = this.t1 - this.t0, middle = Math.min((start + end) / 2, start + span / 3);
    if (start < this.t0 || Math.min(end, start + span / 2) > this.t1) this.show(middle - span / 2, middle + span / 2);
    if (top < this.y) this.scroll(top - this.y - 10);
    else if (bottom > this.y + this.height - HEAD) this.scroll(bottom - this.y - this.height + HEAD + 10);
  }
}
