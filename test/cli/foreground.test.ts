import { expect, test } from 'vitest';
import { type ForegroundListener, foreground } from '../../src/cli/foreground.js';

test('Ctrl-C before there is anything to close closes what is opened after it', async () => {
  const start = async ({ opened }: ForegroundListener) => {
    process.emit('SIGINT');
    await new Promise(setImmediate);
    // A start goes on until it is told not to.
    await new Promise<void>((resolve) =>
      opened({ brake: { hold: () => {}, release: () => {} }, close: async () => resolve() }),
    );
  };
  const look = {
    format: 'heroku',
    timestamps: 'hidden',
    colour: 'plain',
    onExit: 'restart',
  } as const;
  await expect(foreground(start, look)).rejects.toMatchObject({ exitStatus: 0 });
});
