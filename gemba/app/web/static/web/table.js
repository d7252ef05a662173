/** Tables by keyboard: J, K or arrows go from row to row, Enter opens the row's link; / goes to the filter. */

/** @param {HTMLTableElement} table */
function rowsOf(table) {
  return [...table.tBodies[0].rows].map((row) => row.querySelector('a')).filter((a) => a !== null);
}

/** @param {HTMLTableElement} table @param {number} by */
function step(table, by) {
  const links = rowsOf(table), row = document.activeElement?.closest('tr');
  const at = links.findIndex((a) => a.closest('tr') === row);
  links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
}

/** @param {KeyboardEvent} e */
const typing = (e) => e.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName);

for (const table of document.querySelectorAll('table[data-keys]')) {
  document.addEventListener('keydown', (e) => {
    if (typing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
    const inside = table.contains(document.activeElement);
    const by = { j: 1, k: -1, ...(inside ? { ArrowDown: 1, ArrowUp: -1 } : {}) }[e.key];
    if (by) { e.preventDefault(); step(/** @type {HTMLTableElement} */ (table), by); }
    if (e.key === '/') { e.preventDefault(); /** @type {HTMLInputElement | null} */ (document.getElementById('q'))?.select(); document.getElementById('q')?.focus(); }
  });
}

// A choice in a filter takes effect at once; text waits for Enter.
for (const select of document.querySelectorAll('form.filters select')) {
  select.addEventListener('change', () => /** @type {HTMLSelectElement} */ (select).form?.requestSubmit());
}
