/** What a ResponseReader tells of bytes, however they are cut. */
import { HEROKU_LIMITS } from '../../../src/runtime/router/limits.js';
import { ResponseReader } from '../../../src/runtime/router/response-reader.js';

/** What a reader told, in one value. */
export interface Told {
  readonly informed: number[];
  status?: number;
  fields?: readonly string[];
  body: string;
  trailers?: readonly string[];
  idleFor?: number;
  fault?: string;
}

/** Feeds the bytes cut at these places, then the end of the connection if it is asked for. */
export function read(
  bytes: string,
  { cuts = [] as number[], method = 'GET', end = false } = {},
): Told {
  const told: Told = { informed: [], body: '' };
  const reader = new ResponseReader(method, HEROKU_LIMITS, {
    informed: (head) => told.informed.push(head.status),
    headCame: (head) => Object.assign(told, { status: head.status, fields: head.fields }),
    pieceCame: (piece) => {
      told.body += piece.toString('latin1');
    },
    whole: (trailers, idleFor) => Object.assign(told, { trailers, idleFor }),
    broken: (fault) => Object.assign(told, { fault: `${fault.code} ${fault.desc}` }),
  });
  const input = Buffer.from(bytes, 'latin1');
  let from = 0;
  for (const cut of [...cuts, input.length].sort((one, other) => one - other)) {
    if (cut > from && cut <= input.length) reader.feed(input.subarray(from, cut));
    from = Math.max(from, Math.min(cut, input.length));
  }
  if (end) reader.end();
  return told;
}
