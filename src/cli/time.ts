/** Times as Heroku's CLI prints them (reference section 2.15). Pure. */

/**
 * `2026/08/04 17:37:41 +0000 (~ 1h ago)`; from 25 hours on without what is in brackets.
 * @param date ISO 8601, as the API gives it
 * @param now ms since the epoch
 */
export function since(date: string, now: number): string {
  const age = ago(date, now);
  return age === '' ? stamp(date) : `${stamp(date)} (${age})`;
}

/** `~ 12s ago`, or nothing from 25 hours on. */
export function ago(date: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(date)) / 1000));
  if (seconds < 60) return `~ ${seconds}s ago`;
  if (seconds < 3600) return `~ ${Math.floor(seconds / 60)}m ago`;
  if (seconds < 25 * 3600) return `~ ${Math.floor(seconds / 3600)}h ago`;
  return '';
}

/** `2026/08/04 17:37:41 +0000`, in the user's time zone. */
export function stamp(date: string): string {
  const at = new Date(date);
  const offset = -at.getTimezoneOffset();
  const sign = offset < 0 ? '-' : '+';
  const zone = `${sign}${two(Math.abs(offset) / 60)}${two(Math.abs(offset) % 60)}`;
  const day = `${at.getFullYear()}/${two(at.getMonth() + 1)}/${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())} ${zone}`;
}

function two(number: number): string {
  return String(Math.floor(number)).padStart(2, '0');
}
