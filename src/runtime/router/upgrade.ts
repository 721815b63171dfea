/**
 * WebSockets and other upgrades. The router chooses and reaches the dyno and tells what became of
 * it; http-proxy-3 does the handshake and carries the bytes.
 */
import { Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ProxyServer } from 'http-proxy-3';
import { sessionCookie } from './affinity.js';
import { dial } from './dial.js';
import { refuse } from './direct-answer.js';
import { FAULTS, type RouterFault } from './errors.js';
import type { Exchange } from './exchange.js';
import { VIA } from './headers.js';
import type { Lease, Pool } from './pool.js';
import { Claim, type ProxyContext } from './proxy.js';
import type { RoutedApp } from './routes.js';
import type { Watch } from './watch.js';

let proxy: ProxyServer | undefined;

/** Loaded with the first upgrade: most apps never see one. */
async function loadProxy(): Promise<ProxyServer> {
  // A bundle of a CommonJS package has its names on `default` only.
  const { default: httpProxy } = await import('http-proxy-3');
  // It throws what nobody hears: a client that resets its connection, whose end `over` sees to.
  proxy ??= httpProxy.createProxyServer().on('error', () => undefined);
  return proxy;
}

/** Gives a connection that is there already to the one request that asks. */
class OneConnection extends Agent {
  constructor(private readonly socket: Socket) {
    super({ keepAlive: false });
  }

  override createConnection(): Socket {
    return this.socket;
  }
}

type Stage = 'claiming' | 'handshake' | 'open' | 'answered' | 'over';

export class Upgrading extends Claim {
  private stage: Stage = 'claiming';
  private client: Socket | undefined;
  private dyno: Socket | undefined;
  private passed = 0;
  private since = 0;

  constructor(
    private readonly exchange: Exchange,
    app: RoutedApp,
    pool: Pool,
    context: ProxyContext & { readonly watch: Watch },
  ) {
    super(exchange, app, pool, context);
    this.watch = context.watch;
  }

  private readonly watch: Watch;

  override cancel(): void {
    super.cancel();
    this.dyno?.destroy();
  }

  /** H12 while the dyno does not answer the handshake, H15 when no byte moves any more. */
  override check(now: number): void {
    const { limits } = this.context;
    if (this.stage === 'claiming') {
      super.check(now);
      return;
    }
    const passed = this.dyno!.bytesRead + this.dyno!.bytesWritten;
    if (passed !== this.passed) {
      this.passed = passed;
      this.since = now;
    }
    const silent = now - this.since;
    if (this.stage === 'handshake' && silent >= limits.firstByte) this.giveUp(FAULTS.H12);
    else if (silent >= limits.idle) this.giveUp(FAULTS.H15);
  }

  protected reach(lease: Lease): void {
    const since = performance.now();
    this.connect(lease)
      .then(
        ([socket, carrier]) => {
          if (this.phase === 'ended' || lease.dyno.state !== 'up') {
            socket.destroy();
            this.again(lease);
            return;
          }
          this.noteConnected(since);
          this.shakeHands(lease, socket, carrier);
        },
        (error: unknown) => this.refusedBy(lease, error),
      )
      .catch((error: unknown) => {
        this.exchange.cause = String(error);
        this.exchange.breakOff(FAULTS.H99);
      });
  }

  protected refused(fault: RouterFault): void {
    refuse(this.exchange, fault);
  }

  /** The carrier first: were it not there, a socket would be left over. */
  private async connect(lease: Lease): Promise<[Socket, ProxyServer]> {
    const carrier = await loadProxy();
    const { address } = lease.dyno.connections!;
    return [await dial(address, this.context.limits.connectTimeout), carrier];
  }

  private shakeHands(lease: Lease, dyno: Socket, carrier: ProxyServer): void {
    const { exchange } = this;
    const taken = exchange.takeSocket()!; // only HTTP/1.1 has requests that upgrade
    this.stage = 'handshake';
    this.since = performance.now();
    this.dyno = dyno;
    this.client = taken.socket;
    this.watch.add(this);
    taken.socket.once('close', () => this.over(lease));
    const observe = (request: ClientRequest, asked: unknown) => {
      if (asked !== message) return;
      carrier.off('proxyReqWs', observe);
      this.observe(request, lease);
    };
    const message = messageOf(taken.socket);
    carrier.on('proxyReqWs', observe);
    carrier.ws(message, taken.socket, taken.rest, this.optionsFor(lease, dyno), () =>
      this.failed(),
    );
  }

  private optionsFor(lease: Lease, dyno: Socket) {
    const { host, port } = lease.dyno.connections!.address;
    return {
      target: { host, port, protocol: 'http:' },
      agent: new OneConnection(dyno),
      method: this.exchange.head.method,
      headers: fieldsOf(this.exchange, this.context),
    };
  }

  /** Its listeners come before those of http-proxy: fields are added in time. */
  private observe(request: ClientRequest, lease: Lease): void {
    const { exchange } = this;
    request.path = exchange.head.path;
    request.once('upgrade', (answer: IncomingMessage) => {
      this.stage = 'open';
      exchange.status = 101;
      lease.dyno.upgraded += 1;
      lease.dyno.tellDrained();
      this.mark(answer);
    });
    request.once('response', (answer: IncomingMessage) => {
      this.stage = 'answered';
      exchange.status = answer.statusCode ?? 0;
      answer.headers.connection = 'close';
      this.mark(answer);
    });
  }

  /** What the router adds to the dyno's answer. */
  private mark({ headers }: IncomingMessage): void {
    const { exchange, app } = this;
    headers.via = headers.via === undefined ? VIA : `${headers.via}, ${VIA}`;
    const cookie = sessionCookie(app.features, exchange.head.cookie, exchange.dyno);
    if (cookie !== undefined) headers['set-cookie'] = [...(headers['set-cookie'] ?? []), cookie];
  }

  /** http-proxy lost the dyno; it closes the client's socket after this. */
  private failed(): void {
    if (this.stage === 'handshake') {
      this.exchange.reply.close();
      refuse(this.exchange, this.dyno!.bytesRead > 0 ? FAULTS.H17 : FAULTS.H13);
    }
  }

  private giveUp(fault: RouterFault): void {
    if (this.stage === 'handshake') {
      this.exchange.reply.close();
      refuse(this.exchange, fault);
    } else {
      this.exchange.breakOff(fault);
    }
    this.client!.destroySoon();
  }

  /** The client's socket is closed, whoever closed it. */
  private over(lease: Lease): void {
    const { exchange } = this;
    exchange.bytes = this.dyno!.bytesRead;
    if (this.stage === 'open') lease.dyno.upgraded -= 1;
    if (this.stage === 'handshake') exchange.clientGone();
    else exchange.finish();
    this.stage = 'over';
    this.dyno!.destroy();
    this.watch.remove(this);
    lease.release();
  }
}

/** What http-proxy reads of a request. The fields go as an option: it would let no other protocol pass. */
function messageOf(socket: Socket): IncomingMessage {
  return {
    method: 'GET',
    url: '/', // it would read a path as a URL, and not every one is; `observe` sets ours
    headers: { upgrade: 'websocket' },
    httpVersion: '1.1',
    httpVersionMajor: 1,
    socket,
    connection: socket,
  } as unknown as IncomingMessage;
}

/** The request's fields as Node's client takes them: a list where a name repeats. */
function fieldsOf(exchange: Exchange, context: ProxyContext): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = Object.create(null);
  const flat = context.fieldsFor(exchange);
  for (let index = 0; index < flat.length; index += 2) {
    const name = flat[index]!.toLowerCase();
    const value = flat[index + 1]!;
    fields[name] = name in fields ? [fields[name]!, value].flat() : value;
  }
  const { host, upgrade } = exchange.head;
  return { ...fields, host, connection: 'Upgrade', upgrade };
}
