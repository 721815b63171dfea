import { describe, expect, test } from 'vitest';
import { chooseByFolder, chooseByName } from '../../src/cli/app.js';
import type { AppRecord } from '../../src/runtime/registry.js';

const record = (name: string, directory: string, id = name): AppRecord => ({
  id,
  name,
  directory,
  pid: 1,
  socket: '',
  url: '',
  routerPort: 0,
  hosts: [],
  startedAt: 0,
});
const shop = record('shop', '/home/me/shop');
const inner = record('inner', '/home/me/shop/packages/inner');

describe('the app of a folder', () => {
  test('is the one that runs there, or in the nearest folder above', () => {
    expect(chooseByFolder([shop, inner], '/home/me/shop')).toBe(shop);
    expect(chooseByFolder([shop, inner], '/home/me/shop/src/deep')).toBe(shop);
    expect(chooseByFolder([shop, inner], '/home/me/shop/packages/inner/src')).toBe(inner);
  });

  test('is none in a folder whose name only begins the same', () => {
    expect(() => chooseByFolder([shop], '/home/me/shopping')).toThrow(
      'Running: shop. Name one with -a',
    );
  });

  test('when nothing runs, it says how to start', () => {
    expect(() => chooseByFolder([], '/home/me/shop')).toThrow(
      'No app is running in /home/me/shop. Start it with `paas local start`.',
    );
  });
});

describe('the app of a name', () => {
  test('is found by name or id', () => {
    expect(chooseByName([shop, inner], 'inner')).toBe(inner);
    expect(chooseByName([record('a', '/a', 'uuid')], 'uuid').name).toBe('a');
  });

  test('when several have it, it lists them with their ids', () => {
    const twins = [record('shop', '/a', 'id-1'), record('shop', '/b', 'id-2')];
    expect(() => chooseByName(twins, 'shop')).toThrow(
      '2 apps are called shop: id-1 (/a), id-2 (/b).',
    );
  });

  test('when none has it, it says which run', () => {
    expect(() => chooseByName([shop], 'nope')).toThrow(
      "Couldn't find the app nope. Running: shop.",
    );
  });
});
