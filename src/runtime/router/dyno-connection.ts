/** One connection to a dyno. It carries one request at a time, and waits between them. */
import { connect, type Socket } from 'node:net';
import type { Address } from '../model.js';
import { timedOut } from './dial.js';

/** Who uses a connection: hears what happens on it until it gives it back. */
export interface ConnectionUser {
  /** The bytes are the user's to keep. */
  received(bytes: Buffer): void;
  /** What was written has left: more can be. */
  drained(): void;
  /** No byte comes any more. @param how the dyno ended its side, or the connection broke */
  closed(how: 'ended' | 'broken'): void;
}

/** Who made it: hears when it can be used, and when it cannot any more. */
export interface ConnectionOwner {
  opened(connection: DynoConnection): void;
  /** @param error why it could not be opened; undefined for one that was */
  closed(connection: DynoConnection, error: Error | undefined): void;
}

/** Bytes of a first read. */
const FIRST = 16_384;
/** Reads up to this size are copied out, so that their buffer serves the next read, too. */
const SMALL = 8192;
/** For bodies that come faster than they are read. */
const LARGE = 262_144;

export class DynoConnection {
  user: ConnectionUser | undefined;
  /** When it was dialled; once idle, until when it may be used. ms of the monotonic clock. */
  freshUntil = 0;
  private buffer = Buffer.allocUnsafeSlow(FIRST);
  private readonly socket: Socket;
  private state: 'dialling' | 'open' | 'closed' = 'dialling';
  private error: Error | undefined;

  /**
   * Dials at once.
   * @param timeout ms until the attempt ends with ETIMEDOUT
   * @throws Error for an address that cannot be one
   */
  constructor(
    address: Address,
    timeout: number,
    private readonly owner: ConnectionOwner,
  ) {
    this.socket = connect({
      ...address,
      noDelay: true,
      onread: {
        buffer: () => this.buffer,
        callback: (length) => this.read(length),
      },
    });
    const timer = setTimeout(() => this.socket.destroy(timedOut()), timeout);
    this.socket
      .once('connect', () => {
        clearTimeout(timer);
        this.state = 'open';
        owner.opened(this);
      })
      .on('drain', () => this.user?.drained())
      .on('end', () => this.lost('ended'))
      .on('error', (error) => {
        this.error = error;
      })
      .once('close', () => {
        clearTimeout(timer);
        this.lost('broken');
      });
  }

  /** @returns false when no more should be given until the user hears `drained` */
  write(bytes: string | Buffer): boolean {
    return typeof bytes === 'string'
      ? this.socket.write(bytes, 'latin1')
      : this.socket.write(bytes);
  }

  /** Writes that follow leave together at `uncork`. */
  cork(): void {
    this.socket.cork();
  }

  uncork(): void {
    this.socket.uncork();
  }

  /** Reads nothing more until `resume`. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Closes it for good. Its user hears nothing of this. */
  destroy(): void {
    this.user = undefined;
    this.socket.destroy();
  }

  private read(length: number): boolean {
    const { buffer } = this;
    let bytes: Buffer;
    if (length <= SMALL) {
      bytes = Buffer.allocUnsafe(length);
      buffer.copy(bytes, 0, 0, length);
      if (buffer.length > FIRST) this.buffer = Buffer.allocUnsafeSlow(FIRST);
    } else {
      bytes = buffer.subarray(0, length);
      this.buffer = Buffer.allocUnsafeSlow(length === buffer.length ? LARGE : buffer.length);
    }
    // What comes unasked can be the answer to nothing, least of all to the next request.
    if (this.user) this.user.received(bytes);
    else this.socket.destroy();
    return true;
  }

  private lost(how: 'ended' | 'broken'): void {
    if (this.state === 'closed') return;
    const error = this.state === 'dialling' ? (this.error ?? timedOut()) : undefined;
    this.state = 'closed';
    const { user } = this;
    this.destroy();
    this.owner.closed(this, error);
    user?.closed(how);
  }
}
