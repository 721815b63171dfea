/** The SMTP server that takes every mail and sends none on. */
import { timingSafeEqual } from 'node:crypto';
import type { SMTPServer } from 'smtp-server';
import type { Caught, Mailbox } from './mailbox.js';

/** Bytes of one mail, as most providers have it. */
const LARGEST = 25 * 1024 * 1024;

/** Who may send. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** @param caught is told of each mail @param failed of what went wrong */
export async function smtpServer(
  mailbox: Mailbox,
  login: Login,
  caught: (mail: Caught) => void,
  failed: (error: Error) => void,
): Promise<SMTPServer> {
  const { SMTPServer } = await import('smtp-server');
  const server = new SMTPServer({
    banner: 'paas mail catcher',
    size: LARGEST,
    closeTimeout: 500,
    // Both are on this machine; a certificate of ours would be one more thing to trust.
    disabledCommands: ['STARTTLS'],
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth({ username, password }, _, callback) {
      const fits = same(username ?? '', login.user) && same(password ?? '', login.password);
      if (fits) callback(null, { user: login.user });
      else callback(new Error('Wrong login. Use SMTP_LOGIN and SMTP_PASSWORD.'));
    },
    onData(stream, { envelope }, callback) {
      const chunks: Buffer[] = [];
      let size = 0;
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= LARGEST) chunks.push(chunk);
      });
      stream.once('end', () => {
        if (stream.sizeExceeded || size > LARGEST) {
          callback(Object.assign(new Error('The mail is too large.'), { responseCode: 552 }));
          return;
        }
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const to = envelope.rcptTo.map(({ address }) => address);
        mailbox.keep(Buffer.concat(chunks), { from, to }).then(
          (mail) => {
            caught(mail);
            callback();
          },
          (error: Error) => {
            failed(error);
            callback(Object.assign(new Error('It was not kept.'), { responseCode: 451 }));
          },
        );
      });
    },
  });
  // A client that goes away in the middle is no news.
  server.on('error', () => undefined);
  return server;
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
