/** Scanning: scanners that type (fast, ending with Enter) anywhere on the page, the field, and the camera where it can. */
import { byId, h, toast } from './dom.js';
import { close, open } from './dialogs.js';

const FAST = 60; // milliseconds between two characters of a scanner

/** @param {(code: string) => void} act */
export function scanner(act) {
  let typed = '', last = 0;
  addEventListener('keydown', (e) => {
    const at = performance.now(), target = /** @type {HTMLElement} */ (e.target);
    if (target.matches('input, textarea, select') || e.ctrlKey || e.altKey || e.metaKey) return;
    if (at - last > FAST) typed = '';
    last = at;
    if (e.key === 'Enter' && typed.length > 2) { e.preventDefault(); act(typed.trim()); typed = ''; }
    else if (e.key.length === 1) typed += e.key;
  }, true);
  byId('scan').addEventListener('submit', (/** @type {Event} */ e) => {
    e.preventDefault();
    const field = byId('code'), code = field.value.trim();
    field.value = '';
    if (code) act(code);
  });
  camera(act);
}

/** @param {(code: string) => void} act */
function camera(act) {
  const button = byId('camera');
  button.hidden = !('BarcodeDetector' in window) && isSecureContext; // no detector: nothing to offer; insecure: say why
  button.addEventListener('click', async () => {
    if (!isSecureContext || !navigator.mediaDevices) { toast('The camera needs HTTPS. A hand scanner works without.', 'thin'); return; }
    if (!('BarcodeDetector' in window)) { toast('This browser cannot read codes. A hand scanner works in every browser.', 'thin'); return; }
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }).catch(() => null);
    if (!stream) { toast('The camera may not be used here. Allow it in the browser.', 'thin'); return; }
    const video = h('video', { autoplay: true, muted: true, playsInline: true, srcObject: stream });
    const dialog = open('Hold the code before the camera', video), detector = new /** @type {any} */ (window).BarcodeDetector();
    let over = false;
    dialog.addEventListener('close', () => { over = true; for (const track of stream.getTracks()) track.stop(); }, { once: true });
    while (!over) {
      const found = await detector.detect(video).catch(() => []);
      if (found.length && !over) { close(); act(found[0].rawValue.trim()); }
      await new Promise((next) => setTimeout(next, 150));
    }
  });
}
