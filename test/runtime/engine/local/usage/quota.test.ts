import { describe, expect, it } from 'vitest';
import { judge, type Usage } from '../../../../../src/runtime/engine/local/usage/quota.js';
import { quotaOf } from '../../../../../src/runtime/engine/local/usage/sizes.js';

const MB = 1024 * 1024;
const usage = (megabytes: number, tasks = 1): Usage => {
  return { memory: megabytes * MB, tasks, running: 0, cpu: 0 };
};
const standard = quotaOf('Standard-1X');

describe('quotas', () => {
  it.each([
    ['Eco', 512, 256],
    ['Standard-2X', 1024, 512],
    ['performance-m', 2560, 16_384],
    ['Performance-L', 14_336, 32_768],
    ['unheard-of', 512, 256],
  ])('%s: %i MB, %i processes', (size, megabytes, processes) => {
    expect(quotaOf(size)).toEqual({ memory: megabytes * MB, processes });
  });

  it('is content up to the quota', () => {
    expect(judge(usage(512, 256), standard)).toEqual({ kind: 'fine' });
  });

  it('says R14 above it', () => {
    expect(judge(usage(513), standard)).toEqual({
      kind: 'warn',
      lines: ['Process running mem=513M(100.2%)', 'Error R14 (Memory quota exceeded)'],
    });
  });

  it('says R15 above twice of it', () => {
    expect(judge(usage(1024), standard).kind).toBe('warn');
    expect(judge(usage(1029), standard)).toEqual({
      kind: 'kill',
      reason: 'R15',
      lines: ['Process running mem=1029M(201.0%)', 'Error R15 (Memory quota vastly exceeded)'],
    });
  });

  it('tells of too many processes, and ends what forks without end', () => {
    expect(judge(usage(1, 257), standard)).toMatchObject({ kind: 'warn' });
    expect(judge(usage(1, 513), standard)).toMatchObject({ kind: 'kill', reason: 'exit' });
  });
});
