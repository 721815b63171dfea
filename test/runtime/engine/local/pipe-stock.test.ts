import { closeSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Pipe, PipeStock } from '../../../../src/runtime/engine/local/pipe-stock.js';
import { manifest, startEngine } from './recorder.js';

function stockFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paas-pipes-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'pipes');
}

function close({ reader, writer }: Pipe): void {
  for (const end of [reader, writer]) closeSync(end);
}

describe.runIf(process.platform === 'linux')('pipes', () => {
  it('let a dyno open its own output by name', async () => {
    const { engine, recorder } = await startEngine({ pipeFolder: stockFolder() });
    const command = 'echo out > /dev/stdout; echo error > /dev/stderr; exec sleep 1000';
    await engine.apply(manifest({ worker: command }));
    await recorder.untilLine('app[worker.1]: out');
    await recorder.untilLine('app[worker.1]: error');
  });

  it('carry a flood whole, and end with it', async () => {
    const { engine, recorder } = await startEngine({
      pipeFolder: stockFolder(),
      restartPolicy: 'never',
    });
    await engine.apply(manifest({ worker: 'seq 1000000 1200000; exit 1' }));
    await recorder.untilLine('State changed from up to crashed');
    await engine.close();
    const numbers = recorder.lines.filter((line) => line.startsWith('app['));
    expect(numbers).toHaveLength(200_001);
    expect(numbers.at(-1)).toBe('app[worker.1]: 1200000');
  });

  it('are never given twice, by however many stocks of one folder', () => {
    const folder = stockFolder();
    const first = new PipeStock(folder);
    close(first.take() as Pipe);
    const second = new PipeStock(folder);
    const before = readdirSync(folder).length;
    const taken = [first, second, first, second].map((stock) => stock.take() as Pipe);
    expect(readdirSync(folder)).toHaveLength(before - 4);
    expect(new Set(taken.flatMap(({ reader, writer }) => [reader, writer])).size).toBe(8);
    for (const pipe of taken) close(pipe);
  });

  it('are made by the batch when none is left', () => {
    const folder = stockFolder();
    const stock = new PipeStock(folder);
    for (let count = 0; count < 100; count += 1) close(stock.take() as Pipe);
    expect(readdirSync(folder).length).toBeLessThan(64);
  });

  it('are done without where there is no folder for them', () => {
    expect(new PipeStock(undefined).take()).toBeUndefined();
    const nowhere = join(stockFolder(), 'under', 'nothing');
    expect(new PipeStock(nowhere).take()).toBeUndefined();
    expect(existsSync(nowhere)).toBe(false);
  });
});
