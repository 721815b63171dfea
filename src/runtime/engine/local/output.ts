/**
 * Bytes of a child → blocks of whole lines. One block per read, however many lines it has: that is
 * what makes a flood cheap. The memory of a stream is bounded by one read and one line.
 */

/** Longest line in bytes; Logplex splits longer ones (https://devcenter.heroku.com/articles/logplex). */
export const LONGEST_LINE = 10_000;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Puts the lines of one stream together. */
export class LineAssembler {
  #parts: Buffer[] = [];
  #length = 0;

  /**
   * @param chunk what was read
   * @returns the lines that are whole now, joined with `\n`, or undefined when there is none
   */
  push(chunk: Buffer): string | undefined {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      this.#keep(chunk);
      return this.#length > LONGEST_LINE + 1 ? this.#cutKept() : undefined;
    }
    const block = this.#takeWith(chunk.subarray(0, end));
    if (end + 1 < chunk.length) this.#keep(chunk.subarray(end + 1));
    return joinSegments(block);
  }

  /** @returns the last line, when the stream ended without a newline */
  end(): string | undefined {
    return this.#length === 0 ? undefined : joinSegments(this.#takeWith(Buffer.alloc(0)));
  }

  #keep(part: Buffer): void {
    // A copy, so that a short rest does not keep a whole read alive.
    this.#parts.push(Buffer.from(part));
    this.#length += part.length;
  }

  #takeWith(head: Buffer): Buffer {
    if (this.#length === 0) return head;
    const whole = Buffer.concat([...this.#parts, head], this.#length + head.length);
    this.#parts = [];
    this.#length = 0;
    return whole;
  }

  /** Cuts what is kept of an over-long line, and keeps less than one piece of it. */
  #cutKept(): string {
    const kept = this.#takeWith(Buffer.alloc(0));
    const pieces: string[] = [];
    let start = 0;
    while (kept.length - start > LONGEST_LINE + 1) {
      const end = cutBefore(kept, start + LONGEST_LINE, start);
      pieces.push(...decoded(kept.subarray(start, end)));
      start = end;
    }
    this.#keep(kept.subarray(start));
    return pieces.join('\n');
  }
}

/** Lines (bytes joined by newlines, none at the end) as text, over-long ones split. */
function joinSegments(block: Buffer): string {
  if (hasLongLine(block)) return lineByLine(block);
  const text = block.toString('utf8');
  // A broken byte is three as U+FFFD, so a line can have outgrown its limit.
  if (text.includes('\uFFFD') && hasLongLine(Buffer.from(text))) return lineByLine(block);
  return block.includes(RETURN) ? text.replace(/\r(?=\n|$)/g, '') : text;
}

function lineByLine(block: Buffer): string {
  const pieces: string[] = [];
  for (let start = 0; start <= block.length; ) {
    const found = block.indexOf(NEWLINE, start);
    const newline = found < 0 ? block.length : found;
    const end = newline > start && block[newline - 1] === RETURN ? newline - 1 : newline;
    pieces.push(...split(block.subarray(start, end)));
    start = newline + 1;
  }
  return pieces.join('\n');
}

/** One line as pieces of the longest length or less. */
function split(line: Buffer): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (line.length - start > LONGEST_LINE) {
    const end = cutBefore(line, start + LONGEST_LINE, start);
    pieces.push(...decoded(line.subarray(start, end)));
    start = end;
  }
  pieces.push(...decoded(line.subarray(start)));
  return pieces;
}

/** A piece as text; as several when broken bytes made it longer than a line may be. */
function decoded(piece: Buffer): string[] {
  const text = piece.toString('utf8');
  if (text.length * 3 <= LONGEST_LINE || !text.includes('\uFFFD')) return [text];
  const again = Buffer.from(text);
  return again.length > LONGEST_LINE ? split(again) : [text];
}

/** Steps from one newline to the last one that a line's length allows: a few looks per read. */
function hasLongLine(block: Buffer): boolean {
  let start = 0;
  while (block.length - start > LONGEST_LINE) {
    const newline = block.lastIndexOf(NEWLINE, start + LONGEST_LINE);
    if (newline < start) return true;
    start = newline + 1;
  }
  return false;
}

/** The nearest place at or before `end` that is not inside a character. */
function cutBefore(bytes: Buffer, end: number, start: number): number {
  for (let cut = end; cut > Math.max(start, end - 4); cut -= 1) {
    if (((bytes[cut] ?? 0) & 0xc0) !== 0x80) return cut;
  }
  return end;
}
