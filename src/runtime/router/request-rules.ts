/** What the fields of a request mean together: its host, its body, its connection. Pure. */
import { CHUNKED, HeadFault, type RequestHead } from './request-head.js';
import { isHost } from './request-line.js';

/** What is gathered from the fields before it can be judged. */
export class Gathered {
  hosts = 0;
  host = '';
  lengths = 0;
  length = '';
  codings = 0;
  coding = '';
  connection = '';
  upgrade = '';
  expect = '';
}

/** Puts what was gathered into the head. @returns why the request is refused, if it is */
export function judge(head: RequestHead, found: Gathered): HeadFault | undefined {
  return judgeHost(head, found) ?? judgeBody(head, found) ?? judgeConnection(head, found);
}

function judgeHost(head: RequestHead, found: Gathered): HeadFault | undefined {
  if (found.hosts !== 1) return new HeadFault(400, 'A request has exactly one Host field.');
  if (!isHost(found.host)) return new HeadFault(400, 'The Host field is not a host.');
  if (head.host === '') head.host = found.host;
  return undefined;
}

/** RFC 9112 section 6.3. Where a server might choose between two readings, we refuse. */
function judgeBody(head: RequestHead, found: Gathered): HeadFault | undefined {
  if (found.codings > 0) {
    if (found.codings > 1 || found.lengths > 0 || head.version === 0) {
      return new HeadFault(400, 'Transfer-Encoding is ambiguous here.');
    }
    if (found.coding.toLowerCase() !== 'chunked') {
      return new HeadFault(400, 'The only transfer coding is chunked.');
    }
    head.bodyLength = CHUNKED;
    return undefined;
  }
  if (found.lengths === 0) return undefined;
  if (found.lengths > 1 || !/^\d{1,15}$/.test(found.length)) {
    return new HeadFault(400, 'Content-Length is not one number.');
  }
  head.bodyLength = Number(found.length);
  return undefined;
}

/** RFC 9110 section 10.1.1. */
export const UNKNOWN_EXPECTATION = new HeadFault(
  417,
  'Only 100-continue can be expected.',
  'unsupported expect header value',
);

function judgeConnection(head: RequestHead, found: Gathered): HeadFault | undefined {
  if (found.expect !== '') {
    if (found.expect.toLowerCase() !== '100-continue') {
      return UNKNOWN_EXPECTATION;
    }
    head.expectsContinue = head.version === 1 && head.bodyLength !== 0;
  }
  const options = found.connection === '' ? [] : connectionOptions(found.connection);
  head.keepAlive = head.version === 1 ? !options.includes('close') : options.includes('keep-alive');
  if (options.includes('upgrade')) {
    if (found.upgrade === '')
      return new HeadFault(400, 'Connection names Upgrade, but there is none.');
    head.upgrade = upgradeOf(head, found.upgrade);
  }
  if (options.length > 0) head.fields = withoutNamed(head.fields, options);
  return undefined;
}

function connectionOptions(value: string): string[] {
  return value
    .toLowerCase()
    .split(',')
    .map((option) => option.trim());
}

/**
 * The protocol to offer to the dyno. HTTP/2 without TLS is not offered on (RFC 9113 3.1 took it
 * back), HTTP/1.0 cannot upgrade, and a body in front of an upgrade is read as a plain request.
 */
function upgradeOf(head: RequestHead, value: string): string {
  const usable = head.version === 1 && head.bodyLength === 0 && !/^h2c?$/i.test(value);
  return usable ? value : '';
}

/** RFC 9110 section 7.6.1: what `Connection` names is for us alone. */
function withoutNamed(fields: string[], options: readonly string[]): string[] {
  const named = options.filter(
    (option) => option !== 'close' && option !== 'keep-alive' && option !== 'upgrade',
  );
  if (named.length === 0) return fields;
  const kept: string[] = [];
  for (let index = 0; index < fields.length; index += 2) {
    if (!named.includes(fields[index]!.toLowerCase()))
      kept.push(fields[index]!, fields[index + 1]!);
  }
  return kept;
}
