/**
 * A response while it comes in: its body is read once, given to every client that asked for it at this
 * time, and kept when it is whole.
 */
import { firstLine } from './fields.js';
import type { OriginResponse, Reply } from './messages.js';
import type { Refusal } from './policy.js';
import type { StoredBody, StoredResponse } from './stored.js';

/** Room for bodies on their way in, in bytes. */
export interface FillBudget {
  /** Largest body that is kept. */
  readonly largest: number;
  /** Bytes of all bodies on their way in, and how many there may be. */
  held: number;
  readonly most: number;
}

/**
 * `keeping`: everything so far is held, so that anybody may join. `passing`: too large to keep, pieces
 * go once those who joined before have them. `whole` and `broken` are ends.
 */
type FillState = 'keeping' | 'passing' | 'whole' | 'broken';

/** How far one client has come: the number of the next piece. */
interface Reader {
  next: number;
}

export class Fill {
  /** Why its body streams past: it is large, or there are too many others on their way in. */
  refusal: Extract<Refusal, 'too-large' | 'no-room'> | undefined;
  #state: FillState = 'keeping';
  #pieces: Uint8Array[] = [];
  /** Number of the first piece that is still held. */
  #first = 0;
  #length = 0;
  /** Bytes that it took of the budget. */
  #held = 0;
  readonly #readers = new Set<Reader>();
  #waiting: (() => void)[] = [];

  /**
   * @param response what will be stored, without its body
   * @param origin where the body comes from
   */
  constructor(
    readonly response: StoredResponse,
    private readonly origin: OriginResponse,
    private readonly budget: FillBudget,
  ) {}

  /** Whether somebody who comes now still gets the body from its start. */
  get joinable(): boolean {
    return this.#state === 'keeping' || this.#state === 'whole';
  }

  /**
   * Reads the body to its end, also when every client has left, unless it is too large to keep.
   * @returns the body when it came whole and is kept
   */
  async run(): Promise<StoredBody | undefined> {
    try {
      for await (const piece of this.origin.body) {
        this.#append(piece);
        if (this.#state === 'passing' && !(await this.#readersCaughtUp())) break;
      }
      return this.#finish();
    } catch {
      // The body broke off: each reader is told by its own connection being cut.
      this.#state = 'broken';
      return undefined;
    } finally {
      this.#release();
      this.#changed();
    }
  }

  /** Sends the body to a client, from its start, as it comes; ends or cuts the client's response. */
  async send(reply: Reply): Promise<void> {
    const reader: Reader = { next: 0 };
    this.#readers.add(reader);
    try {
      while (!reply.gone) {
        const piece = this.#pieces[reader.next - this.#first];
        if (piece !== undefined) {
          await reply.write(piece);
          reader.next += 1;
          if (this.#state === 'passing') this.#changed();
        } else if (this.#state === 'whole') {
          return reply.end(this.origin.trailers?.());
        } else if (this.#state === 'broken') {
          return reply.abort();
        } else {
          await this.#change();
        }
      }
    } finally {
      this.#readers.delete(reader);
      this.#changed();
    }
  }

  #append(piece: Uint8Array): void {
    this.#length += piece.byteLength;
    if (this.#state === 'keeping') this.refusal = this.#refusalOf(piece.byteLength);
    if (this.#state === 'keeping' && this.refusal !== undefined) {
      this.#state = 'passing';
      this.#release();
    }
    if (this.#state === 'keeping') {
      this.#held += piece.byteLength;
      this.budget.held += piece.byteLength;
    }
    this.#pieces.push(this.#state === 'keeping' ? ownMemory(piece) : piece);
    this.#changed();
  }

  #refusalOf(more: number): Fill['refusal'] {
    const { largest, held, most } = this.budget;
    if (this.#length > largest) return 'too-large';
    return held + more > most ? 'no-room' : undefined;
  }

  /** The body is whole only when its length is what the header said (RFC 9112 6.3). */
  #finish(): StoredBody | undefined {
    const said = firstLine(this.origin.headers, 'content-length');
    const isWhole = said === undefined || Number(said) === this.#length;
    const isAbandoned = this.#state === 'passing' && this.#readers.size === 0;
    const isKept = this.#state === 'keeping' && isWhole;
    this.#state = isWhole && !isAbandoned ? 'whole' : 'broken';
    return isKept ? { pieces: this.#pieces, length: this.#length } : undefined;
  }

  /** Waits for the slowest reader, then lets the pieces go. False when nobody reads any more. */
  async #readersCaughtUp(): Promise<boolean> {
    const end = this.#first + this.#pieces.length;
    while ([...this.#readers].some((reader) => reader.next < end)) await this.#change();
    this.#first = end;
    this.#pieces = [];
    return this.#readers.size > 0;
  }

  #release(): void {
    this.budget.held -= this.#held;
    this.#held = 0;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #changed(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

/** A piece that is a small view of a large buffer would keep the whole buffer in memory: copy it out. */
function ownMemory(piece: Uint8Array): Uint8Array {
  if (piece.buffer.byteLength <= 2 * piece.byteLength) return piece;
  const own = Buffer.allocUnsafeSlow(piece.byteLength);
  own.set(piece);
  return own;
}
