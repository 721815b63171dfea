import { describe, expect, it } from 'vitest';
import type { ProcessRow } from '../../../../../src/runtime/engine/local/usage/process-table.js';
import { readProcessTable } from '../../../../../src/runtime/engine/local/usage/process-table.js';
import { totalsByGroup, usageOf } from '../../../../../src/runtime/engine/local/usage/usage.js';

const row = (pid: number, parent: number, group: number, more: Partial<ProcessRow> = {}) => {
  return { pid, parent, group, running: false, threads: 1, cpu: 1, memory: 10, ...more };
};

describe('usage of a dyno', () => {
  it('is that of its group and of all descendants, whatever group they went to', () => {
    const rows = [row(1, 0, 1), row(10, 1, 10), row(11, 10, 10), row(12, 11, 12), row(13, 12, 13)];
    const totals = totalsByGroup(rows, new Set([10]));
    expect(totals.get(10)).toMatchObject({ memory: 40, tasks: 4, cpuSeconds: 4 });
  });

  it('keeps the dynos apart', () => {
    const rows = [row(10, 1, 10, { threads: 5 }), row(20, 1, 20, { running: true })];
    const totals = totalsByGroup(rows, new Set([10, 20]));
    expect([totals.get(10)?.tasks, totals.get(20)?.running]).toEqual([5, 1]);
  });

  it('has the share of a core between two looks', () => {
    const before = totalsByGroup([row(10, 1, 10, { cpu: 1 })], new Set([10])).get(10);
    const after = totalsByGroup([row(10, 1, 10, { cpu: 3 })], new Set([10])).get(10);
    if (!after) throw new Error('no totals');
    expect(usageOf(after, before, 4).cpu).toBe(0.5);
    expect(usageOf(after, undefined, 4).cpu).toBe(0);
  });

  it('comes from the real process table', async () => {
    const own = (await readProcessTable()).find((one) => one.pid === process.pid);
    expect(own?.parent).toBe(process.ppid);
    expect(own?.memory).toBeGreaterThan(1024 * 1024);
    expect(own?.cpu).toBeGreaterThan(0);
  });
});
