/** The router's log line: logfmt, in the fixed order of the reference, section 3.14. Pure. */
import type { RouterFault } from './errors.js';

/** What one finished request tells. Times in ms, sizes in bytes; undefined prints as empty. */
export interface AccessEntry {
  readonly fault: RouterFault | undefined;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly requestId: string;
  readonly forwardedFor: string;
  readonly dyno: string;
  readonly connect: number | undefined;
  readonly service: number | undefined;
  readonly status: number;
  readonly bytes: number | undefined;
  /** `http`, `https`; `http1.1` or `http2.0` on a TLS listener. */
  readonly protocol: string;
  /** `tls1.2`, `tls1.3`; undefined on a plain listener. */
  readonly tls: string | undefined;
  /** What the cache did, where the app has it on. */
  readonly cache?: string | undefined;
  /** H26 and H99 only. */
  readonly cause?: string | undefined;
  /** H31 only. */
  readonly agent?: string | undefined;
}

/** One line, without a newline. Nothing that a client sends can end the line or forge a field. */
export function accessLine(entry: AccessEntry): string {
  const { fault, connect, service, bytes, tls, cache } = entry;
  return `${fault === undefined ? 'at=info ' : faultFields(fault, entry)}method=${entry.method} path="${quotable(
    entry.path,
  )}" host=${entry.host} request_id=${entry.requestId} fwd="${quotable(entry.forwardedFor)}" dyno=${
    entry.dyno
  } connect=${connect === undefined ? '' : `${connect}ms`} service=${
    service === undefined ? '' : `${service}ms`
  } status=${entry.status} bytes=${bytes === undefined ? '' : bytes} protocol=${entry.protocol}${
    tls === undefined ? '' : ` tls=true tls_version=${tls}`
  }${cache === undefined ? '' : ` cache=${cache}`}`;
}

function faultFields(fault: RouterFault, entry: AccessEntry): string {
  const sock = fault.sock === undefined ? '' : `sock=${fault.sock} `;
  const cause = entry.cause === undefined ? '' : `cause="${quotable(entry.cause)}" `;
  const agent = entry.agent === undefined ? '' : `agent="${quotable(entry.agent)}" `;
  return `${sock}at=${fault.at} code=${fault.code} desc="${fault.desc}" ${cause}${agent}`;
}

/** Printable ASCII but the quote: true for nearly every path, so nothing is copied. */
const PLAIN = /^[\x20\x21\x23-\x7e]*$/;

/** Text of a client inside quotes: bytes that are not printable ASCII, and quotes, percent-encoded. */
function quotable(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(
    /[^\x20\x21\x23-\x7e]/g,
    (char) => `%${(char.charCodeAt(0) & 0xff).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
