/** Dialogs: quantities on a number pad, reasons, documents to confirm, what help is needed. Escape closes each. */
import { byId, h, plain } from './dom.js';

/** @param {string} title @param {...any} content */
export function open(title, ...content) {
  const dialog = byId('dialog');
  dialog.replaceChildren(h('div', { className: 'top' }, h('h2', { id: 'dialog-title' }, title), h('button', { type: 'button', className: 'key', 'aria-label': 'Close', onclick: () => dialog.close() }, '✕')), ...content.flat().filter(Boolean));
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  if (!dialog.open) dialog.showModal();
  return dialog;
}

export const close = () => byId('dialog').close();

/**
 * Buttons to choose one; a blank list leaves a field to type in.
 * @param {string[]} names @param {(name: string) => void} act @param {string} label
 */
export function choices(names, act, label) {
  if (names.length) return h('div', { className: 'choices', role: 'group', 'aria-label': label }, names.map((n) => h('button', { type: 'button', className: 'big', onclick: () => act(n) }, n)));
  const field = h('input', { name: 'reason', required: true, 'aria-label': label, placeholder: label });
  return h('form', { className: 'typed', onsubmit: (/** @type {Event} */ e) => { e.preventDefault(); act(field.value.trim()); } }, field, h('button', { className: 'big primary' }, 'OK'));
}

const FIGURES = [['good', 'Good'], ['scrap', '▲ Scrap'], ['rework', '◆ Rework']];

/**
 * Quantities with their reason.
 * @param {any} task @param {any} reasons @param {(report: any) => void} act @param {any} [before] figures to begin with
 */
export function count(task, reasons, act, before = {}) {
  const fields = /** @type {Record<string, HTMLInputElement>} */ ({});
  let active = 'good', fresh = true, told = before.good !== undefined, reason = before.reason ?? '';
  const chosen = h('div', { className: 'reasons' });
  const value = (/** @type {string} */ name) => Math.max(0, Number(fields[name].value.replace(',', '.')) || 0);
  const show = () => {
    if (active === 'good' && !fresh) told = true;
    // As long as nobody has said how many are good, it is what is left.
    if (!told) fields.good.value = plain(Math.max(0, task.left - value('scrap') - value('rework')));
    const kinds = ['scrap', 'rework'].filter((k) => value(k) > 0);
    const names = [...new Set(kinds.flatMap((k) => reasons[k]))];
    chosen.replaceChildren(...(kinds.length ? [h('p', { className: 'hint' }, `Why ${kinds.join(' and ')}?`), names.length
      ? h('div', { className: 'choices', role: 'group', 'aria-label': 'Reason' }, names.map((n) => h('button', { type: 'button', className: 'big', 'aria-pressed': String(n === reason), onclick: () => { reason = n; show(); } }, n)))
      : h('input', { 'aria-label': 'Reason', placeholder: 'Reason', value: reason, oninput: (/** @type {any} */ e) => { reason = e.target.value; ready(); } })] : []));
    ready();
  };
  const go = h('button', { type: 'button', className: 'big', id: 'go-on', onclick: () => send('reported') }, 'Report, go on');
  const end = h('button', { type: 'button', className: 'big primary', id: 'and-done', onclick: () => send('finished') }, 'Report, done');
  const ready = () => {
    const why = value('scrap') + value('rework') === 0 || Boolean(reason);
    go.disabled = !why || value('good') + value('scrap') + value('rework') === 0;
    end.disabled = !why;
  };
  const send = (/** @type {string} */ kind) => { close(); act({ kind, good: value('good'), scrap: value('scrap'), rework: value('rework'), reason: value('scrap') + value('rework') ? reason : '' }); };
  const press = (/** @type {string} */ key) => {
    const field = fields[active];
    if (key === '⌫') field.value = fresh ? '' : field.value.slice(0, -1);
    else field.value = fresh ? key.replace('.', '0.') : field.value + key;
    fresh = false;
    show();
  };
  const rows = FIGURES.map(([name, words]) => {
    fields[name] = h('input', { id: `figure-${name}`, inputMode: 'none', value: plain(before[name] ?? (name === 'good' ? task.left : 0)), onfocus: () => { active = name; fresh = true; }, oninput: () => { fresh = false; show(); } });
    return h('label', {}, words, fields[name]);
  });
  const pad = h('div', { className: 'pad', role: 'group', 'aria-label': 'Number pad' }, [...'789456123.0⌫'].map((key) => h('button', { type: 'button', className: 'key', 'aria-label': key === '⌫' ? 'Delete' : key, onpointerdown: (/** @type {Event} */ e) => e.preventDefault(), onclick: () => press(key) }, key)));
  open(`${task.step || task.kind} of ${task.order}`, h('div', { className: 'count' }, h('div', { className: 'figures' }, rows, chosen), pad), h('div', { className: 'buttons' }, go, end));
  fields.good.focus();
  fields.good.select();
  show();
}

/** Documents to confirm before the work. @param {any[]} documents @param {() => void} act */
export function confirm(documents, act) {
  open('Read before you start', documents.map((d) => h('section', { className: 'card' }, h('h3', {}, d.name, h('small', {}, ` version ${d.version}`)), h('p', { className: 'text' }, d.text || 'This document has no text here; it hangs at the work centre.'))),
    h('div', { className: 'buttons' }, h('button', { type: 'button', className: 'big primary', id: 'confirm', onclick: () => { close(); act(); } }, 'I know it. Start')));
}
