/**
 * Names that tell things apart and keep no secret. Loading `node:crypto` for them would take a
 * seventh of a start; what must not be guessed (tokens, stream URLs, request ids) uses it.
 */

/** An id in the form of a random UUID (RFC 9562, section 5.4). */
export function newId(): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(Math.random() * 16));
  digits[12] = 4;
  digits[16] = 8 + (digits[16]! % 4);
  const text = digits.map((digit) => digit.toString(16)).join('');
  return [0, 8, 12, 16, 20]
    .map((from, part, starts) => text.slice(from, starts[part + 1]))
    .join('-');
}

/**
 * A short name for a text that is the same in every process: FNV-1a, 64 bits
 * (https://www.ietf.org/archive/id/draft-eastlake-fnv-21.html).
 * @returns 16 hex digits
 */
export function shortName(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
