import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const DIST = resolve(import.meta.dirname, '../../dist');

/** Each takes longer to load than a whole command does to run. */
const SLOW = ['crypto', 'http', 'https', 'http2', 'tls', 'fs/promises', 'inspector'];

/** Modules of Node that a built file requires at once, its chunks included. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  const text = readFileSync(file, 'utf8').replace(/then\(\(\)=>require\("[^"]+"\)\)/g, '');
  for (const [, path = ''] of text.matchAll(/(?<![\w$.])require\("(\.[^"]+)"\)/g)) {
    const chunk = join(dirname(file), path);
    if (seen.has(chunk) || !existsSync(chunk)) continue;
    seen.add(chunk);
    loadedWith(chunk, seen);
  }
  for (const [, name = ''] of text.matchAll(/(?:=|[;,])require\("node:([^"]+)"\)/g)) seen.add(name);
  return seen;
}

describe('a built command', () => {
  it.each([
    ['cli/main.js', []],
    ['commands/local/start.js', []],
    ['commands/ps/index.js', ['http']],
  ])('%s loads no module of Node that is slow to load before it is needed', (file, needed) => {
    const loaded = loadedWith(join(DIST, file));
    expect([...loaded]).toContain('fs');
    expect(SLOW.filter((name) => loaded.has(name))).toEqual(needed);
  });

  it('is loaded without the loader of ES modules', () => {
    const { type } = JSON.parse(readFileSync(join(DIST, 'package.json'), 'utf8'));
    expect(type).toBe('commonjs');
    const out = execFileSync(
      process.execPath,
      ['-e', `require(${JSON.stringify(join(DIST, 'cli/main.js'))}).main(['--version'])`],
      { encoding: 'utf8' },
    );
    expect(out).toMatch(/^paas\/\d/);
  });
});
