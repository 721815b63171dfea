/**
 * The chunked transfer coding (RFC 9112 section 7.1), read strictly: CR LF everywhere,
 * hexadecimal sizes only, extensions dropped, trailer fields kept.
 */
import { fieldKind, Kind, trimmed } from './fields.js';
import type { RouterLimits } from './limits.js';
import { HeadFault } from './request-head.js';

type State = 'size' | 'data' | 'data-end' | 'trailer' | 'done';

/** Longest size line with its extensions: nobody needs more, and it is held in memory. */
const SIZE_LINE = 4096;
const SIZE = /^([0-9A-Fa-f]{1,12})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/;

export class ChunkedDecoder {
  private state: State = 'size';
  private remaining = 0;
  private line = '';
  /** Trailer fields, flat; complete when `done`. */
  readonly trailers: string[] = [];

  constructor(private readonly limits: RouterLimits) {}

  get done(): boolean {
    return this.state === 'done';
  }

  /**
   * @param onData is called with each piece of content, a view of `input`
   * @returns how many bytes of `input` belong to the body, or what is wrong with it
   */
  feed(input: Buffer, onData: (piece: Buffer) => void): number | HeadFault {
    let at = 0;
    while (at < input.length && this.state !== 'done') {
      if (this.state === 'data') {
        const end = Math.min(input.length, at + this.remaining);
        onData(input.subarray(at, end));
        this.remaining -= end - at;
        at = end;
        if (this.remaining === 0) this.state = 'data-end';
        continue;
      }
      const next = input.indexOf(0x0a, at);
      const end = next === -1 ? input.length : next + 1;
      this.line += input.toString('latin1', at, end);
      at = end;
      const fault = this.line.length > this.lineLimit() ? TOO_LONG : undefined;
      if (fault) return fault;
      if (next === -1) break;
      const wrong = this.endLine();
      if (wrong) return wrong;
    }
    return at;
  }

  private lineLimit(): number {
    if (this.state === 'data-end') return 2;
    return this.state === 'size' ? SIZE_LINE : this.limits.headerLine + 2;
  }

  private endLine(): HeadFault | undefined {
    const { line } = this;
    this.line = '';
    if (!line.endsWith('\r\n')) return BAD_CHUNK;
    const text = line.slice(0, -2);
    if (this.state === 'data-end') {
      if (text !== '') return BAD_CHUNK;
      this.state = 'size';
      return undefined;
    }
    return this.state === 'size' ? this.endSize(text) : this.endTrailer(text);
  }

  private endSize(text: string): HeadFault | undefined {
    const size = SIZE.exec(text);
    if (!size) return BAD_CHUNK;
    this.remaining = Number.parseInt(size[1]!, 16);
    this.state = this.remaining === 0 ? 'trailer' : 'data';
    return undefined;
  }

  private endTrailer(text: string): HeadFault | undefined {
    if (text === '') {
      this.state = 'done';
      return undefined;
    }
    const colon = text.indexOf(':');
    const name = text.slice(0, Math.max(colon, 0));
    const value = trimmed(text, colon + 1, text.length);
    const kind = fieldKind(name);
    if (kind === Kind.invalid || /[\0-\x08\x0a-\x1f\x7f]/.test(value)) return BAD_CHUNK;
    if (this.trailers.length >= 2 * this.limits.headerCount) return TOO_LONG;
    // Framing, routing and authentication have no place after the content (RFC 9110 6.5.1).
    if (kind === Kind.plain) this.trailers.push(name, value);
    return undefined;
  }
}

const BAD_CHUNK = new HeadFault(400, 'A chunk of the body is malformed.', 'bad chunk');
const TOO_LONG = new HeadFault(400, 'A line of the chunked body is too long.', 'bad chunk');
