/**
 * Names that tell things apart and keep no secret. Loading `node:crypto` for them would take a
 * seventh of a start; what must not be guessed (tokens, stream URLs, request ids) uses it.
 */

/** An id in the form of a random UUID (RFC 9562, section 5.4). */
export function newId(): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16));
  return uuid(digits.join(''), 4);
}

/**
 * An id for a part of something that has one, the same every time it is asked for
 * (RFC 9562, section 5.8).
 */
export function partId(whole: string, part: string): string {
  return uuid(shortName(`${whole} ${part}`) + shortName(`${part} ${whole}`), 8);
}

/** @param digits 32 hexadecimal ones */
function uuid(digits: string, version: number): string {
  const variant = (8 + (Number.parseInt(digits[16]!, 16) % 4)).toString(16);
  const text = `${digits.slice(0, 12)}${version}${digits.slice(13, 16)}${variant}${digits.slice(17)}`;
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
