/** Passes a dyno's answer straight on to the client. */
import { sessionCookie } from './affinity.js';
import { faultPage } from './error-page.js';
import type { RouterFault } from './errors.js';
import type { Exchange } from './exchange.js';

import type { Receiver } from './relay.js';
import { isBodiless, type ResponseHead } from './response-head.js';

export class DirectAnswer implements Receiver {
  constructor(private readonly exchange: Exchange) {}

  informed(status: number, fields: readonly string[]): void {
    this.exchange.reply.inform(status, fields);
  }

  headCame(head: ResponseHead): void {
    const { exchange } = this;
    exchange.status = head.status;
    exchange.bytes = head.bytes;
    const features = exchange.app?.features;
    const cookie = features && sessionCookie(features, exchange.head.cookie, exchange.dyno);
    if (cookie !== undefined) head.fields.push('Set-Cookie', cookie);
    const { passedBy } = exchange;
    if (passedBy !== undefined) head.fields.push('Cache-Status', passedBy(head.status));
    const bodiless = isBodiless(exchange.head.method, head.status);
    exchange.reply.start(head.status, head.reason, head.fields, head.contentLength, bodiless);
  }

  pieceCame(piece: Buffer): boolean {
    this.exchange.bytes! += piece.length;
    return this.exchange.reply.write(piece);
  }

  ended(trailers: readonly string[]): void {
    this.exchange.reply.end(trailers);
    this.exchange.finish();
  }

  failed(fault: RouterFault): void {
    refuse(this.exchange, fault);
  }
}

/** Ends an exchange with a fault: its page while no answer has begun, else a broken connection. */
export function refuse(exchange: Exchange, fault: RouterFault): void {
  if (exchange.reply.started || fault.status === 499) {
    exchange.breakOff(fault);
    return;
  }
  const { app } = exchange;
  const frame = fault.code === 'H80' ? app?.maintenancePageUrl : app?.errorPageUrl;
  exchange.respond(faultPage(fault, exchange.head.accept, frame), fault);
}
