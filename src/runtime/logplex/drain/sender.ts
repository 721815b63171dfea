/** Forwards an app's log to one drain, at the drain's pace and without anybody waiting for it. */
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../../identity.js';
import type { Drain } from '../../model.js';
import { Backlog, type BacklogLimits, type Loss } from '../backlog.js';
import { countLines, type LogLine, microsecondsNow } from '../line.js';
import { lossLine } from './frame.js';
import { LossCount } from './loss.js';
import { maskUrl } from './target.js';
import { type DrainKind, drainKind, type Frame, type Transport } from './transport.js';

/** Characters that wait for a drain. */
const CHARACTERS = 16 * 1024 * 1024;

/** Messages that wait for a drain without hope (reference section 5.5). */
const HOPELESS = limitsOf(10);

/** How long messages wait for others to go with, in ms. */
const BATCH_TIME = 50;

/** Messages that do not wait for others. */
const BATCH_LINES = 256;

/** How long losses are gathered before the app's log is told, in ms. */
const TELL_TIME = 10_000;

/** A frame, and what was lost before it and is told in it. */
interface Told extends Frame {
  readonly loss: Loss | undefined;
}

export class DrainSender {
  readonly #kind: DrainKind;
  readonly #backlog: Backlog;
  readonly #forDrain = new LossCount();
  readonly #forLog = new LossCount();
  readonly #closing = new AbortController();
  #transport: Transport | undefined;
  #running: Promise<void> | undefined;
  #tellTimer: NodeJS.Timeout | undefined;
  #failures = 0;
  #succeededAt = Number.NEGATIVE_INFINITY;
  #failingSince = 0;
  /** Ends the wait for others to go with. */
  #enough: (() => void) | undefined;
  #trust: 'unknown' | 'refused' = 'unknown';

  /**
   * @param tell takes a line for the app's log that is for no drain: what was lost
   * @throws PlatformError invalid_params for a URL that is none of a drain
   */
  constructor(
    readonly drain: Drain,
    private readonly tell: (text: string) => void,
  ) {
    this.#kind = drainKind(drain);
    this.#backlog = new Backlog(limitsOf(this.#kind.retry.buffer));
  }

  /** Messages that wait. */
  get waiting(): number {
    return this.#backlog.lines;
  }

  /** Takes a message. Never waits, never throws. */
  push(message: LogLine, lines: number): void {
    if (this.#closing.signal.aborted) return;
    this.#backlog.push(message, lines, microsecondsNow());
    this.#countLoss();
    this.#running ??= this.#run();
    if (this.#backlog.lines >= BATCH_LINES) this.#enough?.();
  }

  /** Sends what waits, for so long (ms); what is left then is lost, and told. */
  async close(patience: number): Promise<void> {
    const timer = setTimeout(() => this.#giveUp(), this.#failures > 0 ? 0 : patience);
    this.#enough?.();
    await this.#running;
    clearTimeout(timer);
    this.#giveUp();
    this.#lose(this.#backlog.lines);
    this.#tellLoss();
  }

  #giveUp(): void {
    this.#closing.abort();
    this.#transport?.close();
  }

  /** Never rejects: transports tell what failed, and nothing else may fail. */
  async #run(): Promise<void> {
    await this.#batch();
    while (this.#backlog.lines > 0 && !this.#closing.signal.aborted) {
      await this.#deliver(this.#nextFrame());
    }
    this.#running = undefined;
  }

  #batch(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, BATCH_TIME);
      this.#enough = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #nextFrame(): Told {
    const { encode, retry } = this.#kind;
    const loss = this.#forDrain.take();
    let text = loss ? encode(lossLine(loss, microsecondsNow())) : '';
    let messages = loss ? 1 : 0;
    while (text.length < retry.frame) {
      const part = this.#backlog.shiftPart(retry.frame - text.length);
      if (!part) break;
      text += encode(part);
      messages += countLines(part.text);
    }
    const id = newId().replaceAll('-', '').toUpperCase();
    return { id, bytes: Buffer.from(text), messages, loss };
  }

  async #deliver(frame: Told): Promise<void> {
    const { retry } = this.#kind;
    for (let sent = 0; sent < retry.tries; ) {
      await this.#waitAfterFailure();
      if (this.#closing.signal.aborted) break;
      this.#transport ??= await this.#kind.open();
      const outcome = await this.#transport.send(frame);
      if (outcome === 'delivered') {
        this.#succeeded();
        return;
      }
      if (outcome === 'refused') break;
      if (outcome === 'untrusted') this.#tellUntrusted();
      // While nobody is there a frame waits: what is too much is the buffer's to lose.
      if (outcome === 'failed') sent += 1;
      this.#failed();
    }
    this.#forDrain.add(frame.loss);
    this.#lose(frame.messages - (frame.loss ? 1 : 0));
  }

  /** Ends early when the drain is closed. */
  async #waitAfterFailure(): Promise<void> {
    if (this.#failures === 0) return;
    const sinceSuccess = performance.now() - this.#succeededAt;
    const time = this.#kind.retry.pause(this.#failures, sinceSuccess, Math.random());
    await delay(time, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  #succeeded(): void {
    if (this.#failures > 0) {
      this.#backlog.resize(limitsOf(this.#kind.retry.buffer), microsecondsNow());
    }
    this.#failures = 0;
    this.#trust = 'unknown';
    this.#succeededAt = performance.now();
  }

  #failed(): void {
    if (this.#failures === 0) this.#failingSince = performance.now();
    this.#failures += 1;
    const failing = performance.now() - this.#failingSince;
    if (!this.#kind.retry.isHopeless(this.#failures, failing)) return;
    this.#backlog.resize(HOPELESS, microsecondsNow());
    this.#countLoss();
  }

  #lose(lines: number): void {
    this.#count({ lines, since: microsecondsNow() });
  }

  #countLoss(): void {
    this.#count(this.#backlog.takeLoss());
  }

  /** Both are told, the drain in its next frame and the app's log a while later. */
  #count(loss: Loss | undefined): void {
    if (!loss || loss.lines === 0) return;
    this.#forDrain.add(loss);
    this.#forLog.add(loss);
    this.#tellTimer ??= setTimeout(() => this.#tellLoss(), TELL_TIME).unref();
  }

  #tellLoss(): void {
    clearTimeout(this.#tellTimer);
    this.#tellTimer = undefined;
    const loss = this.#forLog.take();
    if (loss) this.tell(`${lossLine(loss, 0).text} drain=${this.drain.token}`);
  }

  #tellUntrusted(): void {
    if (this.#trust === 'refused') return;
    this.#trust = 'refused';
    const uri = maskUrl(this.drain.url);
    this.tell(`Error L14 (certificate validation): error="bad certificate" uri="${uri}"`);
  }
}

function limitsOf(messages: number): BacklogLimits {
  return { count: messages, unit: 'lines', characters: CHARACTERS };
}
