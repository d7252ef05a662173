/** Results by keyboard, judged while they are typed: inside or outside the limits, how many, their mean and range. */

/** @param {string} text */
const read = (text) => (text.trim() === '' ? NaN : Number(text.trim().replace(',', '.')));
/** @param {number} value */
const short = (value) => Number(value.toPrecision(6)).toString();

for (const form of document.querySelectorAll('form[data-inspect]')) {
  const data = /** @type {HTMLFormElement} */ (form).dataset;
  const fields = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('input[data-judged]')]);
  const sum = /** @type {HTMLOutputElement} */ (form.querySelector('output[data-sum]'));
  const low = read(data.lower ?? ''), high = read(data.upper ?? ''), most = read(data.accept ?? '');

  /** @param {HTMLInputElement} field @param {string} state @param {string} words */
  const say = (field, state, words) => {
    const told = /** @type {HTMLOutputElement} */ (field.parentElement?.querySelector('output'));
    field.setAttribute('aria-invalid', String(state === 'outside'));
    told.dataset.state = state;
    told.textContent = words;
  };
  /** @param {HTMLInputElement} field @returns {number} */
  const judge = (field) => {
    const value = read(field.value);
    if (field.value.trim() === '') say(field, '', '');
    else if (Number.isNaN(value)) say(field, 'outside', '▲ no number');
    else if (data.kind !== 'variable') {
      const known = !Number.isNaN(most);
      say(field, known && value > most ? 'outside' : 'inside', known ? (value > most ? `▲ more than ${most}: reject` : `✓ at most ${most}`) : '');
    } else if (value < low) say(field, 'outside', `▲ below ${short(low)}`);
    else if (value > high) say(field, 'outside', `▲ above ${short(high)}`);
    else say(field, 'inside', '✓ inside');
    return value;
  };
  const all = () => {
    const values = fields.map(judge).filter((v) => !Number.isNaN(v));
    if (data.kind !== 'variable' || !values.length) { sum.textContent = ''; return; }
    const out = values.filter((v) => v < low || v > high).length;
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    sum.dataset.state = out ? 'outside' : 'inside';
    sum.textContent = `${out ? '▲' : '✓'} ${values.length} typed, ${out} outside; mean ${short(mean)}, range ${short(Math.max(...values) - Math.min(...values))}`;
  };
  form.addEventListener('input', all);
  form.addEventListener('keydown', (event) => {
    const e = /** @type {KeyboardEvent} */ (event);
    const at = fields.indexOf(/** @type {HTMLInputElement} */ (e.target));
    const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (at < 0 || !by) return;
    const next = fields[at + by];
    if (next) { e.preventDefault(); next.focus(); next.select(); } else if (e.key !== 'Enter') e.preventDefault();
  });
  all();
}
