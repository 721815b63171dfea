/** When a drain that fails is tried again, and when it is given up (reference sections 5.5, 5.6). Pure. */

export interface RetryPolicy {
  /** How often a frame is sent before its messages count as lost; to nobody, it is not sent. */
  readonly tries: number;
  /** Bytes of a frame that make it go. */
  readonly frame: number;
  /** Messages that wait for the drain; what is too much is dropped, the oldest first. */
  readonly buffer: number;
  /**
   * ms to wait before the next try.
   * @param failures in a row, 1 or more
   * @param sinceSuccess ms since a frame was delivered
   * @param random 0 to 1
   */
  pause(failures: number, sinceSuccess: number, random: number): number;
  /** Whether so little hope is left that few messages are kept for it. */
  isHopeless(failures: number, failing: number): boolean;
}

const MINUTE = 60_000;

export const HTTP_RETRY: RetryPolicy = {
  tries: 3,
  frame: 102_400,
  buffer: 1_024,
  pause: (failures, _sinceSuccess, random) => {
    const slots = 1 + Math.floor(random * Math.min(10, failures));
    return 10 * Math.floor((2 ** slots - 1) / 2);
  },
  isHopeless: (_failures, failing) => failing >= 5 * MINUTE,
};

export const SYSLOG_RETRY: RetryPolicy = {
  tries: Number.POSITIVE_INFINITY,
  frame: 4_096,
  buffer: 1_024,
  pause: (failures, sinceSuccess) => {
    if (failures === 1) return 0;
    return Math.max(30_000 - sinceSuccess, Math.min(300_000, 2 ** failures * 1_000));
  },
  isHopeless: (failures) => failures > 10,
};

/** Not Heroku's: a disk takes a burst that no network would. */
export const FILE_RETRY: RetryPolicy = {
  ...SYSLOG_RETRY,
  frame: 512 * 1024,
  buffer: 100_000,
  isHopeless: () => false,
};
