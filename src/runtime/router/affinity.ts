/** Session affinity: a cookie that names the dyno (reference section 3.12). Pure. */

/** Apps with this feature send a client's requests to the dyno of its session. */
export const AFFINITY = 'http-session-affinity';

const NAME = 'heroku-session-affinity';

/** 24 hours, as Heroku's cookie has. */
const MAX_AGE = 86_400;

/**
 * The dyno that a client's session belongs to.
 * @param cookie the request's Cookie field
 * @returns its name, `web.1`, or undefined
 */
export function affinityOf(cookie: string): string | undefined {
  const at = cookie.indexOf(`${NAME}=`);
  if (at === -1 || (at > 0 && !/[; ]/.test(cookie[at - 1]!))) return undefined;
  const value = cookie.slice(at + NAME.length + 1).split(';', 1)[0]!;
  return Buffer.from(value, 'base64url').toString('latin1') || undefined;
}

/**
 * What an answer says of the session, when there is something new to say.
 * @param cookie the request's Cookie field
 * @param dyno name of the one that answered; empty when none did
 * @returns the value of Set-Cookie, or undefined
 */
export function sessionCookie(
  features: Readonly<Record<string, boolean>>,
  cookie: string,
  dyno: string,
): string | undefined {
  if (!features[AFFINITY] || dyno === '' || affinityOf(cookie) === dyno) return undefined;
  const value = Buffer.from(dyno, 'latin1').toString('base64url');
  return `${NAME}=${value}; Path=/; Max-Age=${MAX_AGE}; HttpOnly`;
}
