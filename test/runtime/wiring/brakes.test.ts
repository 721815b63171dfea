import { expect, it } from 'vitest';
import { Brakes } from '../../../src/runtime/wiring/brakes.js';

it('a process that several readers hold goes on when the last lets it, and the others at once', () => {
  const told: string[] = [];
  const brakes = new Brakes(() => ({
    pauseOutput: (process) => told.push(`pause ${process}`),
    resumeOutput: (process) => told.push(`resume ${process}`),
  }));
  const terminal = brakes.make();
  const disk = brakes.make();
  terminal.hold('flood.1');
  disk.hold('flood.1');
  disk.hold('flood.2');
  disk.hold('flood.2');
  disk.release();
  expect(told).toEqual(['pause flood.1', 'pause flood.1', 'pause flood.2', 'resume flood.2']);
  terminal.release();
  expect(told.slice(4)).toEqual(['resume flood.1']);
  terminal.release();
  expect(told).toHaveLength(5);
});
