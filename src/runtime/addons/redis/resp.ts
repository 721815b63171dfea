/** The protocol of Redis, version 2 (https://redis.io/docs/latest/develop/reference/protocol-spec/). Pure. */

/** What a server answers to one command. */
export type Reply = string | number | null | { readonly error: string } | readonly Reply[];

/** A reply, and where in the bytes it ends. */
interface Parsed {
  readonly reply: Reply;
  readonly end: number;
}

/** A command as bytes: an array of its words. */
export function encodeCommand(words: readonly string[]): Buffer {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`);
}

/**
 * Reads the replies that are whole.
 * @param bytes from the beginning of the connection
 * @returns as many as there are, in order
 */
export function parseReplies(bytes: Buffer): Reply[] {
  const replies: Reply[] = [];
  let at = 0;
  for (;;) {
    const parsed = parseReply(bytes, at);
    if (!parsed) return replies;
    replies.push(parsed.reply);
    at = parsed.end;
  }
}

function parseReply(bytes: Buffer, at: number): Parsed | undefined {
  const lineEnd = bytes.indexOf('\r\n', at);
  if (lineEnd < 0) return undefined;
  const kind = String.fromCharCode(bytes[at] ?? 0);
  const rest = bytes.toString('utf8', at + 1, lineEnd);
  const end = lineEnd + 2;
  if (kind === '+') return { reply: rest, end };
  if (kind === '-') return { reply: { error: rest }, end };
  if (kind === ':') return { reply: Number(rest), end };
  if (kind === '$') return parseBulk(bytes, Number(rest), end);
  if (kind === '*') return parseArray(bytes, Number(rest), end);
  return { reply: { error: `an answer that is not of Redis: ${kind}${rest}` }, end: bytes.length };
}

function parseBulk(bytes: Buffer, length: number, start: number): Parsed | undefined {
  if (length < 0) return { reply: null, end: start };
  const end = start + length + 2;
  if (bytes.length < end) return undefined;
  return { reply: bytes.toString('utf8', start, end - 2), end };
}

function parseArray(bytes: Buffer, count: number, start: number): Parsed | undefined {
  if (count < 0) return { reply: null, end: start };
  const reply: Reply[] = [];
  let end = start;
  for (let left = count; left > 0; left -= 1) {
    const parsed = parseReply(bytes, end);
    if (!parsed) return undefined;
    reply.push(parsed.reply);
    end = parsed.end;
  }
  return { reply, end };
}
