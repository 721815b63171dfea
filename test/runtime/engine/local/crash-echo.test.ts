import { describe, expect, it } from 'vitest';
import {
  alike,
  CrashEcho,
  type CrashMemory,
} from '../../../../src/runtime/engine/local/crash-echo.js';
import type { LogMessage } from '../../../../src/runtime/model.js';
import { manifest, startEngine } from './recorder.js';

/** What is shown of lives that say this and crash. */
function shown(lives: string[]): string[][] {
  const memory: CrashMemory = { fingerprint: undefined };
  return lives.map((text, index) => {
    const out: string[] = [];
    const echo = new CrashEcho(memory, index, (message) => out.push(message.text));
    for (const line of text.split('\n')) echo.tell(message(line));
    echo.crashed({ crashes: index + 1, exitStatus: 1, nextTryAt: 5_000 }, 1_000);
    return out;
  });
}

function message(text: string): LogMessage {
  return { app: 'app', time: 0, source: 'app', process: 'web.1', text };
}

describe('a crash loop', () => {
  it('shows the first life whole and then one line for each that is the same', () => {
    const same = 'boom in pid';
    expect(shown([`${same} 1`, `${same} 22`, `${same} 3`, `${same} 4`])).toEqual([
      ['boom in pid 1'],
      ['Crashed in the same way again (2 times in a row, exit status 1); next try in 4 s'],
      ['Crashed in the same way again (3 times in a row, exit status 1); next try in 4 s'],
      ['Crashed in the same way again (4 times in a row, exit status 1); next try in 4 s'],
    ]);
  });

  it('shows a life whole that says something else, and counts the next one against it', () => {
    expect(shown(['a', 'a', 'b\nc', 'b\nc'])[2]).toEqual(['b', 'c']);
    expect(shown(['a', 'a', 'b\nc', 'b\nc'])[3]?.[0]).toContain('in the same way again');
  });

  it('holds nothing back of a life that says a lot', () => {
    const long = 'x'.repeat(70_000);
    expect(shown([long, long, long])[2]).toEqual([long]);
  });

  it('takes texts for the same that differ in numbers and addresses', () => {
    expect(alike('at 0x7ffe12, pid 12:45')).toBe(alike('at 0x7FFA99aa, pid 3:1'));
    expect(alike('a')).not.toBe(alike('b'));
  });

  it('is told so by the engine', async () => {
    const { engine, recorder } = await startEngine();
    await engine.apply(manifest({ worker: 'echo "$$: boom"; exit 3' }));
    await recorder.untilLine('Crashed in the same way again (3 times in a row, exit status 3)');
    expect(recorder.lines.filter((line) => /^app.*boom/.test(line))).toHaveLength(1);
    expect(engine.dynos()[0]).toMatchObject({ restarts: 2, status: { state: 'crashed' } });
  });
});
