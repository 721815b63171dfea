/** What a client sent and nobody has looked at yet: the start of a head, requests that came early. */
import type { RouterLimits } from './limits.js';
import { partialHeadFault } from './partial-head.js';
import { HeadFault } from './request-head.js';

/** Bytes that all clients together make us hold. */
export interface Unread {
  bytes: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

export class ClientInput {
  private bytes: Buffer = NOTHING;
  /** How much of it holds no end of a head: it is not searched again. */
  private searched = 0;

  constructor(
    private readonly limits: RouterLimits,
    private readonly unread: Unread,
  ) {}

  get length(): number {
    return this.bytes.length;
  }

  add(piece: Buffer): void {
    this.unread.bytes += piece.length;
    this.bytes = this.bytes.length === 0 ? piece : Buffer.concat([this.bytes, piece]);
  }

  /** All of it: there is nothing here any more. */
  take(): Buffer {
    const { bytes } = this;
    this.keep(NOTHING);
    return bytes;
  }

  /** @returns the next head without its empty line, or why it is refused; undefined while it is not whole */
  nextHead(): string | HeadFault | undefined {
    // One empty line may come before a request (RFC 9112 section 2.2).
    if (this.bytes.length > 1 && this.bytes[0] === 0x0d && this.bytes[1] === 0x0a)
      this.keep(this.bytes.subarray(2));
    const { bytes, limits } = this;
    if (bytes.length === 0) return undefined;
    const end = bytes.indexOf(HEAD_END, this.searched);
    if (end === -1 || end > limits.head) {
      this.searched = Math.max(0, bytes.length - HEAD_END.length + 1);
      return partialHeadFault(bytes, end, limits) ?? this.crowdFault();
    }
    this.keep(end + 4 === bytes.length ? NOTHING : bytes.subarray(end + 4));
    return bytes.toString('latin1', 0, end);
  }

  /** A flood of large heads is refused before it fills the memory; whoever sends a usual one is not. */
  private crowdFault(): HeadFault | undefined {
    const crowded = this.unread.bytes > this.limits.heads;
    return crowded && this.bytes.length > this.limits.usualHead
      ? new HeadFault(400, 'Too many clients send long header fields.')
      : undefined;
  }

  private keep(rest: Buffer): void {
    this.unread.bytes += rest.length - this.bytes.length;
    this.bytes = rest;
    this.searched = 0;
  }
}
