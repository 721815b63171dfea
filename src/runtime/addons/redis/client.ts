/** Single commands to a Redis, for our own tools. */
import { connect } from 'node:net';
import { isSystemError, PlatformError } from '../../errors.js';
import { encodeCommand, parseReplies, type Reply } from './resp.js';

/** Where it is, and its password. */
export interface RedisAddress {
  readonly port: number;
  readonly password: string;
}

/** ms without an answer. */
const LIMIT = 5_000;

/** Commands after which a server never stops to answer: there is no place for them here. */
const ENDLESS = ['subscribe', 'psubscribe', 'ssubscribe', 'monitor', 'sync', 'psync'];

/**
 * Sends one command.
 * @returns its reply, which may be an error of Redis
 * @throws PlatformError unavailable when it does not answer, invalid_params for a command that has no end
 */
export function ask(address: RedisAddress, words: readonly string[]): Promise<Reply> {
  if (ENDLESS.includes(words[0]?.toLowerCase() ?? '')) {
    throw new PlatformError('invalid_params', `${words[0]} does not end. Use redis-cli for it.`);
  }
  return new Promise((resolve, reject) => {
    const socket = connect({ port: address.port, host: '127.0.0.1' });
    let answer = Buffer.alloc(0);
    const fail = (why: string) => {
      socket.destroy();
      reject(new PlatformError('unavailable', `Redis does not answer: ${why}.`));
    };
    socket.setTimeout(LIMIT, () => fail(`nothing within ${LIMIT / 1000} seconds`));
    socket.once('error', (error) => fail(isSystemError(error) ? `${error.code}` : error.message));
    socket.once('end', () => fail('it closed the connection'));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      const [welcome, reply] = parseReplies(answer);
      if (reply === undefined) return;
      socket.destroy();
      resolve(isError(welcome) ? welcome : reply);
    });
    socket.write(encodeCommand(['AUTH', address.password]));
    socket.write(encodeCommand(words));
  });
}

export function isError(reply: Reply | undefined): reply is { readonly error: string } {
  return typeof reply === 'object' && reply !== null && 'error' in reply;
}
