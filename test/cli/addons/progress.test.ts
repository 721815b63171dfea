import { describe, expect, test } from 'vitest';
import { progressLine } from '../../../src/cli/addons/progress.js';

const now = { title: 'Postgres 18.4', done: 12_000_000, total: 24_000_000 };
const line = (width: number) => progressLine(now, width).replace('\u001B[K', '');

describe('the line of a download', () => {
  test('has a bar where there is room', () => {
    expect(line(80)).toBe(
      'Fetching Postgres 18.4 [===============               ] 12.0 MB of 24.0 MB',
    );
  });

  test('never fills the last column', () => {
    expect(line(60)).toHaveLength(59);
    expect(line(40)).toBe('Fetching Postgres 18.4 [=====    ] 50 %');
  });

  test('has none where the size is not known', () => {
    expect(progressLine({ title: 'Echo', done: 5 }, 80)).toContain('Fetching Echo 5 bytes');
  });
});
