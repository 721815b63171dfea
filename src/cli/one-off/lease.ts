/**
 * The lease of an attached one-off dyno: a request that stays open while its process runs. The
 * platform lists the dyno for as long. When the platform stops, it begins its answer or breaks the
 * connection, which is how we hear of it.
 */
import type { ClientRequest } from 'node:http';
import type { ApiClient } from '../../runtime/api/client.js';

export class Lease {
  /** Resolves when the platform stops or is gone: the process is to be hung up. Never rejects. */
  readonly broken: Promise<void>;
  /** Resolves when the platform knows that we are here, or is gone. */
  readonly held: Promise<void>;
  private readonly closed: Promise<void>;
  private readonly request: ClientRequest;

  /** @param path of the dyno's lease: `/apps/shop/dynos/run.4821/attach` */
  constructor(api: ApiClient, path: string) {
    this.request = api.start('POST', path);
    let tellHeld = () => {};
    const answered = new Promise<void>((resolve) => {
      tellHeld = resolve;
    });
    const word = new Promise<void>((resolve) => {
      this.request.once('response', (answer) => {
        tellHeld();
        answer.once('data', () => resolve());
        answer.on('error', () => resolve());
      });
    });
    this.closed = new Promise((resolve) => {
      this.request.once('error', () => resolve());
      this.request.once('close', resolve);
    });
    this.broken = Promise.race([word, this.closed]);
    this.held = Promise.race([answered, this.closed]);
    // The headers go out now: the body is what stays open.
    this.request.flushHeaders();
  }

  /** Gives it up without a word: the platform then hangs up all that runs of it. */
  abandon(): void {
    this.request.destroy();
  }

  /** Ends the lease with what the process ended with, and waits until the platform has noted it. */
  async end(exitStatus: number): Promise<void> {
    this.request.end(`${JSON.stringify({ exitStatus })}\n`);
    await this.closed;
  }
}
