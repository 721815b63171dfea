/** One question to a server over TCP: does it answer as it should? */
import { connect } from 'node:net';

/** ms that one look may take. */
const LIMIT = 2_000;

/**
 * Sends some bytes and looks at the answer.
 * @param verdict true: it answers; false: not yet; undefined: read more
 * @returns false also where nobody listens
 */
export function probe(
  port: number,
  host: string,
  question: Buffer | string,
  verdict: (answer: Buffer) => boolean | undefined,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    let answer = Buffer.alloc(0);
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(LIMIT, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      const result = verdict(answer);
      if (result !== undefined) end(result);
    });
    socket.write(question);
  });
}
