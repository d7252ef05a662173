/** Where tasks stand once all that waits to be sent is taken: what the person has reported is so, also offline. */

/** @param {any} t */
export const keyOf = (t) => `${t.order}\u0000${t.step}`;

/**
 * The tasks after these entries; those that are done are left out.
 * @param {any[]} tasks @param {any[]} entries @returns {any[]}
 */
export function after(tasks, entries) {
  const found = tasks.map((t) => ({ ...t, waits_for: [...t.waits_for], checked: [...t.checked], documents: t.documents.map((/** @type {any} */ d) => ({ ...d })), waiting: 0 }));
  for (const { body, what, refused } of entries) {
    if (what !== 'reports' || refused) continue;
    const task = found.find((t) => keyOf(t) === keyOf(body));
    if (task) report(task, body);
    if (body.kind === 'acknowledged') for (const t of found) for (const d of t.documents) if (d.subject === body.subject) d.ask = false;
    if (['started', 'finished', 'skipped'].includes(body.kind)) {
      for (const t of found) if (t.order === body.order) t.waits_for = t.waits_for.filter((/** @type {string} */ s) => s !== body.step);
    }
  }
  return found.filter((t) => t.state !== 'done' && t.state !== 'skipped');
}

const STATES = /** @type {Record<string, string>} */ ({ started: 'started', resumed: 'started', paused: 'paused', finished: 'done', skipped: 'skipped' });

/** @param {any} task @param {any} body */
function report(task, body) {
  task.waiting += 1;
  if (STATES[body.kind]) {
    task.state = STATES[body.kind];
    task.since = body.at;
    if (body.kind === 'started') task.start = body.at;
  }
  if (body.kind === 'set_up') task.set_up = true;
  if (body.kind === 'checked') task.checked.push({ subject: body.subject, reason: body.reason });
  for (const figure of ['good', 'scrap', 'rework']) task[figure] += body[figure] || 0;
  task.left = Math.max(0, task.quantity - task.good - task.scrap - task.rework);
}

/** The task that is shown large: the chosen one, else one under way, else the first that can begin. @param {any[]} tasks @param {string} chosen */
export function foremost(tasks, chosen) {
  return tasks.find((t) => keyOf(t) === chosen) ?? tasks.find((t) => t.state === 'started') ?? tasks.find((t) => t.state === 'paused')
    ?? tasks.find((t) => !t.waits_for.length) ?? tasks[0];
}

/**
 * Lots scanned for a task, as the quantities a report takes from each.
 * @param {any} task @param {{item: string, lot: string, quantity: number}[]} lots @param {number} units
 */
export function used(task, lots, units) {
  const found = /** @type {Record<string, {lot: string, quantity: number}[]>} */ ({});
  for (const input of task.inputs) {
    const own = lots.filter((l) => l.item === input.item);
    let left = Math.round(input.quantity * units * 1e6) / 1e6;
    own.forEach((lot, i) => {
      const part = i === own.length - 1 ? left : Math.min(left, lot.quantity);
      if (part > 0) (found[input.item] ??= []).push({ lot: lot.lot, quantity: part });
      left = Math.round((left - part) * 1e6) / 1e6;
    });
  }
  return found;
}
