/** The client's side of a request: what it is sent, and the verdict on it. */
import { type AnswerReason, answerFrom, linesFor } from './answer.js';
import { type CacheStatus, cacheStatusMember } from './cache-status.js';
import { isUnchanged } from './conditional.js';
import type { Fill } from './fill.js';
import type { CacheVerdict, Hit, OriginResponse, Outcome, Reply } from './messages.js';
import type { Asked, Shelf } from './shelf.js';
import type { AppStatistics } from './statistics.js';
import { isFreshAt, type StoredResponse, secondsAt } from './stored.js';

/** What is told of a request that went to a dyno. */
type Told = Omit<CacheStatus, 'key'>;

export class Delivery {
  constructor(
    private readonly asked: Asked,
    private readonly reply: Reply,
    private readonly shelf: Shelf,
    private readonly statistics: AppStatistics,
  ) {}

  /** Answers from a stored response. Without a reason: as a hit, or a stale one that is allowed. */
  async stored(response: StoredResponse, reason?: AnswerReason): Promise<CacheVerdict> {
    const { request, facts } = this.asked;
    const now = this.shelf.now();
    this.shelf.store.touch(response);
    return this.ready(
      answerFrom(response, request, facts, now, reason ?? hitReason(response, now)),
    );
  }

  /** Sends an answer that is complete. */
  async ready(hit: Hit): Promise<CacheVerdict> {
    const { reply } = this;
    reply.head(hit.status, hit.headers, hit.verdict.outcome);
    for (const piece of hit.body) {
      if (reply.gone) break;
      await reply.write(piece);
    }
    reply.end();
    this.#count(hit.verdict.outcome, hit.length);
    return hit.verdict;
  }

  /** Sends a response that is coming in and will be stored to the client that it was fetched for. */
  async first(fill: Fill, origin: OriginResponse, told: Told): Promise<CacheVerdict> {
    const now = this.shelf.now();
    const { ttl } = secondsAt(fill.response, now);
    const all = { ...told, stored: 'stored' } as const;
    if (isUnchanged(fill.response, this.asked.facts, now)) {
      return this.stored(fill.response, { ...all, outcome: 'miss' });
    }
    const verdict = this.#head(origin, 'miss', { ...all, ttl });
    await fill.send(this.reply);
    return verdict;
  }

  /** Sends a response that is coming in to another client that asked for the same. */
  async joined(fill: Fill, reason: AnswerReason): Promise<CacheVerdict> {
    const { headers, member } = linesFor(fill.response, this.shelf.now(), reason);
    const { status } = fill.response;
    this.reply.head(status, headers, reason.outcome);
    await fill.send(this.reply);
    this.#count(reason.outcome, 0);
    return { outcome: reason.outcome, status, cacheStatus: member };
  }

  /** Passes a response on that is not stored. */
  async through(origin: OriginResponse, told: Told): Promise<CacheVerdict> {
    const { reply } = this;
    const verdict = this.#head(origin, 'pass', told);
    try {
      for await (const piece of origin.body) {
        if (reply.gone) return verdict;
        const full = reply.write(piece);
        if (full !== undefined) await full;
      }
      reply.end(origin.trailers?.());
    } catch {
      // Whoever fetches knows why its body broke off; the client learns it by the cut.
      reply.abort();
    }
    return verdict;
  }

  #head(origin: OriginResponse, outcome: Outcome, told: Told): CacheVerdict {
    const cacheStatus = cacheStatusMember({ ...told, key: this.asked.key });
    this.reply.head(origin.status, [...origin.headers, 'Cache-Status', cacheStatus], outcome);
    this.#count(outcome, 0);
    return { outcome, status: origin.status, cacheStatus };
  }

  #count(outcome: Outcome, bytes: number): void {
    this.statistics.answered(outcome, this.asked.key, bytes);
  }
}

/** A response that is served without asking: fresh, or stale because the client or the origin lets it. */
export function hitReason(response: StoredResponse, now: number): AnswerReason {
  return { outcome: isFreshAt(response, now) ? 'hit' : 'stale' };
}
