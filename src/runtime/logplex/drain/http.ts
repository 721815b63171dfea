/** Drains over HTTP and HTTPS: a POST per frame (https://devcenter.heroku.com/articles/log-drains#https-drains). */
import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Trust } from './target.js';
import type { Frame, Outcome, Transport } from './transport.js';
import { isUntrusted } from './trust.js';

/** ms to connect, and for the whole request (reference section 5.5). */
const CONNECT_TIMEOUT = 3_000;
const REQUEST_TIMEOUT = 5_000;

/** ms after which a connection that carries nothing is closed. */
const IDLE_TIMEOUT = 144_000;

export class HttpTransport implements Transport {
  readonly #agent: HttpAgent;

  constructor(
    private readonly url: URL,
    private readonly token: string,
    trust: Trust,
    private readonly timeouts = { connect: CONNECT_TIMEOUT, request: REQUEST_TIMEOUT },
  ) {
    const options = { keepAlive: true, maxSockets: 1, timeout: IDLE_TIMEOUT };
    this.#agent =
      url.protocol === 'https:'
        ? new HttpsAgent({ ...options, rejectUnauthorized: trust === 'verified' })
        : new HttpAgent(options);
  }

  send(frame: Frame): Promise<Outcome> {
    return new Promise((resolve) => {
      let reached = false;
      const request = this.#request(frame, () => {
        reached = true;
      });
      const timer = setTimeout(() => request.destroy(), this.timeouts.request);
      const end = (outcome: Outcome): void => {
        clearTimeout(timer);
        resolve(outcome);
      };
      request.once('response', (response) => {
        const { statusCode = 0 } = response;
        // Delivered when the whole answer is read: only then the connection is free again.
        response.resume().once('close', () => end(outcomeOf(statusCode)));
      });
      request.once('error', (error) => {
        if (isUntrusted(error)) end('untrusted');
        else end(reached ? 'failed' : 'unreachable');
      });
      request.end(frame.bytes);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** @param onReached called when there is a connection that the frame can be sent on */
  #request({ id, bytes, messages }: Frame, onReached: () => void): ClientRequest {
    const secure = this.url.protocol === 'https:';
    const request = secure ? httpsRequest : httpRequest;
    const sent = request(this.url, {
      method: 'POST',
      agent: this.#agent,
      headers: {
        'Content-Type': 'application/logplex-1',
        'Logplex-Msg-Count': messages,
        'Logplex-Frame-Id': id,
        'Logplex-Drain-Token': this.token,
        'User-Agent': 'Logplex/v49',
        'Content-Length': bytes.length,
      },
    });
    sent.once('socket', (socket) => {
      if (!socket.connecting) {
        onReached();
        return;
      }
      const timer = setTimeout(() => sent.destroy(), this.timeouts.connect);
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        onReached();
      });
      socket.once('close', () => clearTimeout(timer));
    });
    return sent;
  }
}

/** 4xx says that the frame is wrong, and so it stays; 429 that it came too early. */
function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'delivered';
  return status >= 400 && status < 500 && status !== 429 ? 'refused' : 'failed';
}
