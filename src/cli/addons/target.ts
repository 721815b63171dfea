/** The databases of `pg:copy`, `pg:push` and `pg:pull`: an add-on of the app, or any other Postgres. Pure. */

/** True for what can't be an add-on: a URL. */
export function isUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text);
}

/**
 * A database outside of the platform.
 * @param text a URL, or the name of a database that libpq's variables lead to
 */
export function outsideUrl(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (isUrl(text)) return text;
  const { PGUSER = '', PGPASSWORD = '', PGHOST = '', PGPORT = '' } = environment;
  const url = new URL(`postgres://localhost/${encodeURIComponent(text)}`);
  url.port = PGPORT;
  url.username = PGUSER;
  url.password = PGPASSWORD;
  // A folder is where a socket is. Without any, libpq takes its own default, which is a socket.
  if (PGHOST.startsWith('/') || PGHOST === '') {
    return `postgres:///${encodeURIComponent(text)}${socketQuery({ PGUSER, PGHOST, PGPORT })}`;
  }
  url.hostname = PGHOST;
  return url.href;
}

function socketQuery({ PGHOST, PGPORT, PGUSER }: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams();
  if (PGHOST) query.set('host', PGHOST);
  if (PGPORT) query.set('port', PGPORT);
  if (PGUSER) query.set('user', PGUSER);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** A URL as it may be shown. */
export function withoutPassword(text: string): string {
  return text.replace(/^(postgres(?:ql)?:\/\/[^:@/]*):[^@/]*@/, '$1:***@');
}
