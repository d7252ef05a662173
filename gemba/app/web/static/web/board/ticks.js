/** Ticks and texts of time on the wall clocks of a zone. */

const HOUR = 3600, DAY = 86400;
const STEPS = [HOUR / 4, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 182 * DAY, 364 * DAY];
/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

function format(/** @type {string} */ zone, /** @type {string} */ kind, /** @type {Intl.DateTimeFormatOptions} */ options) {
  const key = `${zone} ${kind}`;
  let found = formats.get(key);
  if (!found) formats.set(key, found = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone }));
  return found;
}

/** Seconds the zone's clocks are ahead of UTC at t. @param {number} t @param {string} zone */
export function offset(t, zone) {
  if (zone === 'UTC') return 0;
  const parts = format(zone, 'parts', { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' })
    .formatToParts(t * 1000);
  const of = (/** @type {string} */ type) => Number(parts.find((p) => p.type === type)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) / 1000 - Math.floor(t);
}

/** Such as "Mon 23 Nov 06:00". @param {number} t @param {string} zone */
export function clock(t, zone) {
  return format(zone, 'clock', { weekday: 'short', day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    .format(t * 1000).replace(',', '');
}

function label(/** @type {number} */ local, /** @type {number} */ step) {
  const midnight = local % DAY === 0;
  if (step < DAY && !midnight) return format('UTC', 'time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(local * 1000);
  if (step >= 91 * DAY) return format('UTC', 'month', { month: 'short', year: 'numeric' }).format(local * 1000);
  if (step > 2 * DAY) return format('UTC', 'date', { day: 'numeric', month: 'short' }).format(local * 1000);
  return format('UTC', 'day', { weekday: 'short', day: 'numeric', month: 'short' }).format(local * 1000).replace(',', '');
}

/**
 * Ticks between t0 and t1, at least `apart` pixels from each other, on round local times.
 * @param {number} t0 @param {number} t1 @param {number} scale Pixels a second. @param {string} zone
 * @returns {{t: number, text: string, strong: boolean}[]}
 */
export function ticks(t0, t1, scale, zone, apart = 74) {
  const step = STEPS.find((s) => s * scale >= apart) ?? STEPS[STEPS.length - 1];
  const monday = 4 * DAY; // 5 January 1970 was a Monday: weeks start there
  const found = [];
  for (let local = Math.floor((t0 + offset(t0, zone) - monday) / step) * step + monday; ; local += step) {
    const t = local - offset(local - offset(local, zone), zone);
    if (t > t1) return found;
    if (t >= t0) found.push({ t, text: label(local, step), strong: step < DAY && local % DAY === 0 });
  }
}
