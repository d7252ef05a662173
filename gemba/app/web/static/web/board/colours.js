/** The palette's colours as the browser resolves them now (light or dark). */

const NAMES = /** @type {const} */ (['panel', 'stripe', 'line', 'text', 'muted', 'hover', 'hatch', 'now', 'action']);
const BARS = ['proposed', 'firm', 'thin', 'late'];

/** @typedef {Record<typeof NAMES[number], string> & {fill: string[], edge: string[], ink: string[], pixels: Uint32Array}} Colours */

/** One pixel of a bitmap, as its bytes lie in memory. @param {string} colour "rgb(r, g, b)" */
function pixel(colour) {
  const [r, g, b] = (colour.match(/\d+/g) ?? [0, 0, 0]).map(Number);
  return new Uint32Array(new Uint8ClampedArray([r, g, b, 255]).buffer)[0];
}

/** @param {HTMLElement} element An element of the page, to resolve variables on. @returns {Colours} */
export function colours(element) {
  const probe = element.appendChild(document.createElement('i'));
  const of = (/** @type {string} */ name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const plain = Object.fromEntries(NAMES.map((name) => [name, of(name)]));
  const fill = BARS.map((b) => of(`bar-${b}`)), edge = BARS.map((b) => of(`bar-${b}-edge`)), ink = BARS.map((b) => of(`bar-${b}-ink`));
  // in a bitmap there is no room for edges: proposed and firm show their edge's colour, exceptions the strong one
  const pixels = Uint32Array.from([edge[0], edge[1], edge[2], edge[3]], pixel);
  probe.remove();
  return /** @type {Colours} */ ({ ...plain, fill, edge, ink, pixels });
}
