/** HTTP dates (RFC 9110 5.6.7). Pure; never throws. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const TIME = '(\\d{2}):(\\d{2}):(\\d{2})';

const IMF_FIXDATE = new RegExp(`^[a-z]{3}, (\\d{2}) ([a-z]{3}) (\\d{4}) ${TIME} gmt$`, 'i');
const RFC_850 = new RegExp(`^[a-z]{6,9}, (\\d{2})-([a-z]{3})-(\\d{2}) ${TIME} gmt$`, 'i');
const ASCTIME = new RegExp(`^[a-z]{3} ([a-z]{3}) ([ \\d]\\d) ${TIME} (\\d{4})$`, 'i');

/**
 * Reads an HTTP date in one of its three forms. Node's `Date.parse` takes far more than these, and
 * what is no HTTP date must count as long past (RFC 9111 5.3).
 * @param now ms since the epoch; a two-digit year over 50 years ahead of it is one of the past century
 * @returns ms since the epoch, or undefined
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  const fixed = IMF_FIXDATE.exec(text);
  if (fixed) return at(Number(fixed[3]), fixed[2]!, fixed[1]!, fixed.slice(4));
  const old = RFC_850.exec(text);
  if (old) return at(fullYear(Number(old[3]), now), old[2]!, old[1]!, old.slice(4));
  const asctime = ASCTIME.exec(text);
  if (asctime) return at(Number(asctime[6]), asctime[1]!, asctime[2]!, asctime.slice(3, 6));
  return undefined;
}

function at(year: number, month: string, day: string, time: string[]): number | undefined {
  const [hours, minutes, seconds] = time.map(Number) as [number, number, number];
  const monthIndex = MONTHS.indexOf(month.toLowerCase());
  if (monthIndex === -1 || hours > 23 || minutes > 59 || seconds > 60) return undefined;
  const date = new Date(Date.UTC(year, monthIndex, Number(day), hours, minutes, seconds));
  if (year < 100) date.setUTCFullYear(year);
  // The 31st of February would roll over to March.
  return date.getUTCDate() === Number(day) || seconds === 60 ? date.getTime() : undefined;
}

function fullYear(twoDigits: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}
