import { describe, expect, it } from 'vitest';
import { Doorway } from '../../../src/runtime/router/doorway.js';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a doorway', () => {
  it('lets everybody in at once while nobody arrives', () => {
    const begun: number[] = [];
    const doorway = new Doorway();
    for (let index = 0; index < 100; index += 1) doorway.enter(() => begun.push(index));
    expect(begun).toHaveLength(100);
  });

  it('begins a few per turn while connections arrive, and all in their order', async () => {
    const begun: number[] = [];
    const doorway = new Doorway();
    doorway.arrived();
    for (let index = 0; index < 100; index += 1) doorway.enter(() => begun.push(index));
    expect(begun).toEqual([]);
    await turn();
    doorway.arrived();
    expect(begun.length).toBeGreaterThan(0);
    expect(begun.length).toBeLessThan(100);
    while (begun.length < 100) await turn();
    expect(begun).toEqual(Array.from({ length: 100 }, (_, index) => index));
    doorway.enter(() => begun.push(100));
    expect(begun).toHaveLength(101);
  });
});
