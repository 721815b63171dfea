/**
 * The H codes of the router: what the log line says, which status the client gets, and the one
 * sentence of the error page (reference section 3.15, https://devcenter.heroku.com/articles/error-codes).
 */
export interface RouterFault {
  readonly code: string;
  /** `desc=` of the log line. */
  readonly desc: string;
  readonly status: number;
  readonly at: 'info' | 'warning' | 'error';
  /** `sock=` of the log line: whose socket ended the request. */
  readonly sock?: 'backend' | 'client';
  /** For the error page: what happened, and what to look at. */
  readonly advice: string;
}

const LOOK = 'Look at its output with `paas logs`.';

const h = (
  code: string,
  desc: string,
  advice: string,
  rest: Partial<Pick<RouterFault, 'status' | 'at' | 'sock'>> = {},
): RouterFault => ({ code, desc, advice, status: 503, at: 'error', ...rest });

/** Every fault that can end a request here. */
export const FAULTS = {
  H10: h('H10', 'App crashed', `All web dynos of this app have crashed. ${LOOK}`),
  H11: h(
    'H11',
    'Backlog too deep',
    'More requests are open than the web dynos may hold. Scale up with `paas scale web+1`, or make the app answer faster.',
  ),
  H12: h(
    'H12',
    'Request timeout',
    'The app took too long to answer. Look for what it waits for with `paas logs`; move slow work to a worker.',
  ),
  H13: h(
    'H13',
    'Connection closed without response',
    `The app closed the connection without an answer. ${LOOK}`,
  ),
  H14: h(
    'H14',
    'No web processes running',
    'This app has no web dynos. Start one with `paas scale web=1`; its Procfile needs a `web:` line.',
  ),
  H15: h('H15', 'Idle connection', `The app stopped in the middle of its answer. ${LOOK}`),
  H17: h(
    'H17',
    'Poorly formatted HTTP response',
    `What the app answered is not HTTP. Check that its web process serves plain HTTP on $PORT. ${LOOK}`,
  ),
  H18: h(
    'H18',
    'Server Request Interrupted',
    `The app closed the connection before its answer was complete. ${LOOK}`,
    { sock: 'backend' },
  ),
  H19: h(
    'H19',
    'Backend connection timeout',
    `The app did not accept the connection in time; it may be too busy to. ${LOOK}`,
  ),
  H20: h(
    'H20',
    'App boot timeout',
    `The app's web dynos did not start in time. They must listen on $PORT. ${LOOK}`,
  ),
  H21: h(
    'H21',
    'Backend connection refused',
    `The app refused the connection: nothing listens on the port any more. ${LOOK}`,
  ),
  H22: h(
    'H22',
    'Connection limit reached',
    'Too many connections are open. Close some and try again.',
  ),
  H24: h('H24', 'Forced close', 'The router was stopped before the request was finished.'),
  H26: h('H26', 'Request Error', 'This is not a request that HTTP allows.', { status: 400 }),
  H27: h('H27', 'Client Request Interrupted', 'The client closed the connection.', {
    status: 499,
    at: 'warning',
    sock: 'client',
  }),
  H28: h('H28', 'Client Connection Idle', 'The client stopped sending or reading.', {
    status: 499,
    at: 'warning',
  }),
  H31: h(
    'H31',
    'Misdirected Request',
    'The request names another host than the certificate of its connection.',
    { status: 421 },
  ),
  H80: h(
    'H80',
    'Maintenance mode',
    'This app is in maintenance. End it with `paas maintenance:off`.',
    {
      at: 'info',
    },
  ),
  H81: h(
    'H81',
    'Blank app',
    'Nothing is deployed yet. Add a Procfile and start it with `paas local start`.',
    {
      at: 'info',
    },
  ),
  H99: h('H99', 'Platform error', `No web dyno could be reached. ${LOOK}`),
} satisfies Record<string, RouterFault>;

/** Which limit a dyno's answer broke: ends the `desc=` of H25. */
export type Restriction =
  | 'invalid content length'
  | 'oversized cookie'
  | 'oversized header'
  | 'oversized status line';

/** H25 for a limit that a dyno's answer broke. */
export function restricted(restriction: Restriction): RouterFault {
  return h(
    'H25',
    `HTTP restriction: ${restriction}`,
    `The app's answer breaks a limit of the router (${restriction}). ${LOOK}`,
    { status: 502 },
  );
}
