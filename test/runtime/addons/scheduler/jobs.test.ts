import { Cron } from 'croner';
import { describe, expect, test } from 'vitest';
import { findJob, newJob, patternOf } from '../../../../src/runtime/addons/scheduler/jobs.js';

describe('how often a job runs', () => {
  test.each([
    ['10m', '2026-11-23T10:10:00.000Z'],
    ['5min', '2026-11-23T10:05:00.000Z'],
    ['1m', '2026-11-23T10:02:00.000Z'],
    ['hourly', '2026-11-23T11:00:00.000Z'],
    ['hourly:30', '2026-11-23T10:30:00.000Z'],
    ['daily', '2026-11-24T00:00:00.000Z'],
    ['daily:07:30', '2026-11-24T07:30:00.000Z'],
    ['daily:23:05', '2026-11-23T23:05:00.000Z'],
  ])('%s: after 10:01:02 comes %s', (every, next) => {
    const clock = new Cron(patternOf(every), { timezone: 'Etc/UTC', paused: true });
    expect(clock.nextRun(new Date('2026-11-23T10:01:02Z'))?.toISOString()).toBe(next);
  });

  test.each(['', '7m', '0m', '61m', 'hourly:60', 'daily:24:00', 'daily:7', 'weekly', '* * * * *'])(
    'can’t be read from "%s"',
    (every) => {
      expect(() => patternOf(every)).toThrow(/Can't read how often/);
    },
  );
});

describe('a job', () => {
  test('needs a command', () => {
    expect(() => newJob({ command: ' ' })).toThrow('Say which command to run.');
    expect(newJob({ command: 'rake x' })).toMatchObject({ command: 'rake x', every: '10m' });
  });

  test('is found by its id or its command', () => {
    const job = newJob({ command: 'rake x' });
    expect(findJob([job], job.id)).toBe(job);
    expect(findJob([job], 'rake x')).toBe(job);
    expect(() => findJob([job], 'rake y')).toThrow("Couldn't find the job rake y.");
  });
});
