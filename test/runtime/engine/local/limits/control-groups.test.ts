/** Needs a control group that is ours to divide: `systemd-run --user --scope -p Delegate=yes npm test`. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findDelegation } from '../../../../../src/runtime/engine/local/limits/delegation.js';
import { manifest, startEngine } from '../recorder.js';

const delegation = findDelegation();

describe.runIf(typeof delegation !== 'string')('a dyno in a control group', () => {
  it('is R15 when it wants more than twice its quota', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    const eats = `exec node -e 'const k = []; for (;;) k.push(Buffer.alloc(1e7, 1))'`;
    await engine.apply(manifest({ bad: eats }));
    await recorder.untilLine('heroku[bad.1]: Error R15 (Memory quota vastly exceeded)');
    await recorder.untilLine('heroku[bad.1]: Process exited with status 137');
  });

  it('gets no more processes than its size has, and leaves no group behind', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never', sampleInterval: 50 });
    await engine.apply(manifest({ bad: 'while sleep 1000 & do :; done; sleep 1000' }));
    await recorder.untilLine('heroku[bad.1]: Process limit reached: the size allows 256');
    await engine.close();
    if (typeof delegation === 'string') return;
    expect(readdirSync(delegation.folder).filter((name) => name.startsWith('paas-'))).toEqual([]);
  });
});
