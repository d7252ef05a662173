/** Counts by keyboard: Enter and the arrow keys go from field to field; Enter in the last one sends the form. */

for (const form of document.querySelectorAll('form[data-counts]')) {
  const fields = [...form.querySelectorAll('input[name=counted]')];
  form.addEventListener('keydown', (e) => {
    const at = fields.indexOf(/** @type {HTMLInputElement} */ (e.target));
    const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[/** @type {KeyboardEvent} */ (e).key];
    if (at < 0 || !by) return;
    const next = /** @type {HTMLInputElement | undefined} */ (fields[at + by]);
    if (next) { e.preventDefault(); next.focus(); next.select(); } else if (/** @type {KeyboardEvent} */ (e).key !== 'Enter') e.preventDefault();
  });
}
