/**
 * Looks at what the dynos use, every few seconds; one look serves all of them. It takes care not
 * to use much itself: the dearer a look was, the longer it waits for the next one.
 */

import { type Fullness, fillsUp, readFullness } from './alarm.js';
import { proportionalMemory, readProcessTable } from './process-table.js';
import { judge, type Usage } from './quota.js';
import {
  type Load,
  type MetricsSubject,
  metricsLines,
  NO_LOAD,
  nextLoad,
} from './runtime-metrics.js';
import { quotaOf } from './sizes.js';
import { needsSecondLook, type Totals, totalsByGroup, usageOf } from './usage.js';

/** Heroku's rhythm for R14 and for metrics. */
const REPORT_EVERY = 20_000;
/** A look may take this share of the time: 0.25 %. */
const SHARE = 1 / 400;
/** But it comes after so many intervals at the latest. */
const LONGEST_DELAY = 4;

/** How often it is asked whether the machine fills up, and how soon after a look at the earliest. */
const ALARM_EVERY = 500;
const ALARM_AFTER = 1_000;
/** Of the time, for looks that are brought forward; what others do on the machine may ask for many. */
const ALARM_SHARE = 1 / 250;

const NEVER = Number.NEGATIVE_INFINITY;

/** A dyno that is looked at. */
export interface Sampled {
  readonly plan: MetricsSubject & { readonly size: string };
  /** How often the kernel has refused it another process. */
  readonly refusals: number;
  say(text: string): void;
  overQuota(reason: 'R15' | 'exit', lines: readonly string[]): void;
}

/** `enforce`: R15 kills, as on Heroku; `tell`: it is only told; `off`: nothing is. */
export type QuotaMode = 'enforce' | 'tell' | 'off';

interface Record {
  readonly group: number;
  totals?: Totals;
  usage?: Usage;
  load: Load;
  refusals: number;
  /** When its metrics and its warning were written last, in ms since the process started. */
  measuredAt: number;
  warnedAt: number;
}

export class Sampler {
  readonly #mode: QuotaMode;
  readonly #metrics: (app: string) => boolean;
  readonly #interval: number;
  readonly #dynos = new Map<Sampled, Record>();
  #timer: NodeJS.Timeout | undefined;
  #alarm: NodeJS.Timeout | undefined;
  #fullness: Fullness | undefined;
  #lookedAt = performance.now();
  /** ms of processor time of the last look. */
  #cost = 0;

  /**
   * @param metrics whether an app wants its log-runtime-metrics
   * @param interval ms between two looks, at least
   */
  constructor(mode: QuotaMode, metrics: (app: string) => boolean, interval: number) {
    this.#mode = mode;
    this.#metrics = metrics;
    this.#interval = interval;
  }

  /** Looks at this dyno from now on. @param group its process group */
  add(dyno: Sampled, group: number): void {
    this.#dynos.set(dyno, {
      group,
      load: NO_LOAD,
      refusals: 0,
      measuredAt: NEVER,
      warnedAt: NEVER,
    });
    this.#schedule(this.#interval);
    if (this.#alarm || this.#mode !== 'enforce') return;
    this.#fullness = readFullness();
    if (this.#fullness)
      this.#alarm = setInterval(() => this.#lookIfItFillsUp(), ALARM_EVERY).unref();
  }

  remove(dyno: Sampled): void {
    this.#dynos.delete(dyno);
    if (this.#dynos.size > 0) return;
    clearInterval(this.#alarm);
    this.#alarm = undefined;
  }

  /** The last look at a dyno. @param id of the dyno */
  usage(id: string): Usage | undefined {
    for (const [dyno, record] of this.#dynos) {
      if (dyno.plan.id === id) return record.usage;
    }
    return undefined;
  }

  // Private

  #schedule(delay: number): void {
    if (this.#timer || this.#dynos.size === 0) return;
    this.#timer = setTimeout(() => void this.#look(), delay);
    this.#timer.unref();
  }

  /** A look under way has no timer: then there is nothing to bring forward. */
  #lookIfItFillsUp(): void {
    const earliest = Math.max(ALARM_AFTER, this.#cost / ALARM_SHARE);
    if (!this.#timer || performance.now() - this.#lookedAt < earliest) return;
    if (!fillsUp(this.#fullness, readFullness())) return;
    clearTimeout(this.#timer);
    void this.#look();
  }

  async #look(): Promise<void> {
    const start = process.cpuUsage();
    this.#fullness = this.#alarm && readFullness();
    const groups = new Set([...this.#dynos.values()].map((record) => record.group));
    const totals = totalsByGroup(await readProcessTable(), groups);
    // Steady: the clock of the machine may be set meanwhile.
    const now = performance.now();
    const seconds = (now - this.#lookedAt) / 1000;
    this.#lookedAt = now;
    for (const [dyno, record] of this.#dynos) {
      const found = totals.get(record.group);
      if (found) this.#note(dyno, record, found, seconds, now);
    }
    this.#timer = undefined;
    const { user, system } = process.cpuUsage(start);
    this.#cost = (user + system) / 1000;
    this.#schedule(this.#delay());
  }

  #delay(): number {
    return Math.min(Math.max(this.#interval, this.#cost / SHARE), LONGEST_DELAY * this.#interval);
  }

  #note(dyno: Sampled, record: Record, found: Totals, seconds: number, now: number): void {
    const quota = quotaOf(dyno.plan.size);
    const totals = needsSecondLook(found.memory, quota.memory) ? lookAgain(found) : found;
    const usage = usageOf(totals, record.totals, seconds);
    record.totals = totals;
    record.usage = usage;
    record.load = nextLoad(record.load, usage.running, seconds);
    if (this.#metrics(dyno.plan.app) && this.#isDue(record.measuredAt, now)) {
      record.measuredAt = now;
      const lines = metricsLines(dyno.plan, record.load, usage.memory, quota.memory);
      for (const line of lines) dyno.say(line);
    }
    this.#judge(dyno, record, usage, now);
  }

  #judge(dyno: Sampled, record: Record, usage: Usage, now: number): void {
    if (this.#mode === 'off') return;
    const { refusals } = dyno;
    const refused = refusals - record.refusals;
    record.refusals = refusals;
    const verdict = judge(usage, quotaOf(dyno.plan.size), refused);
    if (verdict.kind === 'kill' && this.#mode === 'enforce') {
      dyno.overQuota(verdict.reason, verdict.lines);
    } else if (verdict.kind !== 'fine' && this.#isDue(record.warnedAt, now)) {
      record.warnedAt = now;
      for (const line of verdict.lines) dyno.say(line);
    }
  }

  /** Looks are not exactly apart: half of one may be missing. */
  #isDue(last: number, now: number): boolean {
    return now - last >= REPORT_EVERY - this.#interval / 2;
  }
}

function lookAgain(totals: Totals): Totals {
  const shares = totals.pids.map(proportionalMemory);
  if (shares.includes(undefined)) return totals;
  return { ...totals, memory: shares.reduce<number>((sum, share) => sum + (share ?? 0), 0) };
}
