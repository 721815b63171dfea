/** Writes answers on an HTTP/1.x connection: framing, persistence, and few system calls. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { fieldLines } from './headers.js';
import type { Reply } from './reply.js';
import type { RequestHead } from './request-head.js';

/** Pieces up to this size are copied and leave with what is before them in one write. */
const SMALL = 8192;

type Framing = 'none' | 'length' | 'chunked' | 'close';

export class Http1Reply implements Reply {
  started = false;
  /** Whether the connection may carry another request after this answer. */
  keepAlive: boolean;
  private framing: Framing = 'none';
  /** Latin-1 text that leaves at the end of this turn of the event loop. */
  private held = '';

  constructor(
    private readonly socket: Socket,
    private readonly head: Pick<RequestHead, 'version' | 'keepAlive'>,
  ) {
    this.keepAlive = head.keepAlive;
  }

  get full(): boolean {
    return this.socket.writableNeedDrain;
  }

  inform(status: number, fields: readonly string[]): void {
    if (this.head.version === 0 || this.started) return;
    this.hold(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${fieldLines(fields)}\r\n`);
  }

  start(
    status: number,
    reason: string,
    fields: readonly string[],
    length: number,
    bodiless: boolean,
  ): void {
    this.started = true;
    this.framing = this.frame(length, bodiless);
    this.hold(
      `HTTP/1.1 ${status} ${reason || (STATUS_CODES[status] ?? '')}\r\n${fieldLines(fields)}${hasDate(fields) ? '' : dateLine()}${
        length >= 0 && status !== 204 ? `Content-Length: ${length}\r\n` : ''
      }${this.framing === 'chunked' ? 'Transfer-Encoding: chunked\r\n' : ''}${this.persistence()}\r\n`,
    );
  }

  write(piece: Buffer): boolean {
    if (this.framing === 'none' || piece.length === 0) return true;
    const chunked = this.framing === 'chunked';
    const before = chunked ? `${piece.length.toString(16)}\r\n` : '';
    if (piece.length <= SMALL) {
      this.hold(before + piece.toString('latin1') + (chunked ? '\r\n' : ''));
    } else {
      this.writeLarge(before, piece, chunked);
    }
    return !this.socket.writableNeedDrain;
  }

  end(trailers: readonly string[]): void {
    if (this.framing === 'chunked') this.hold(`0\r\n${fieldLines(trailers)}\r\n`);
    this.flush();
  }

  close(): void {
    this.keepAlive = false;
  }

  cut(): void {
    this.held = '';
    this.keepAlive = false;
    this.socket.destroy();
  }

  /** Sends what is held; called at the end of a turn, and when more would not be small. */
  flush(): void {
    if (this.held === '') return;
    const text = this.held;
    this.held = '';
    this.socket.write(text, 'latin1');
  }

  private frame(length: number, bodiless: boolean): Framing {
    if (bodiless) return 'none';
    if (length >= 0) return 'length';
    if (this.head.version === 1) return 'chunked';
    this.keepAlive = false;
    return 'close';
  }

  private persistence(): string {
    if (!this.keepAlive) return 'Connection: close\r\n';
    return this.head.version === 1 ? '' : 'Connection: keep-alive\r\n';
  }

  private writeLarge(before: string, piece: Buffer, chunked: boolean): void {
    this.held += before;
    this.socket.cork();
    this.flush();
    this.socket.write(piece);
    if (chunked) this.socket.write('\r\n', 'latin1');
    this.socket.uncork();
  }

  /** A head and its first bytes mostly come in the same turn: one write for both. */
  private hold(text: string): void {
    if (this.held === '') queueMicrotask(() => this.flush());
    this.held += text;
    if (this.held.length > SMALL) this.flush();
  }
}

function hasDate(fields: readonly string[]): boolean {
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index]!;
    if (name.length === 4 && (name === 'Date' || name.toLowerCase() === 'date')) return true;
  }
  return false;
}

let dateSecond = 0;
let dateText = '';

/** RFC 9110 section 6.6.1: who forwards an answer without a date adds one. */
function dateLine(): string {
  const now = Date.now();
  const second = Math.floor(now / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = `Date: ${new Date(now).toUTCString()}\r\n`;
  }
  return dateText;
}
