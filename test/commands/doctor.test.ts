import { describe, expect, test } from 'vitest';
import { nodeVersion } from '../../src/cli/checks.js';
import { paas } from '../support/command-line.js';
import { folderWith } from '../support/folders.js';

const doctor = (directory: string, ...words: string[]) =>
  paas(['doctor', ...words], { directory, environment: { PAAS_RUNTIME_DIR: `${directory}/run` } });

describe('paas doctor', () => {
  test('finds nothing wrong in a folder with a Procfile', async () => {
    const { stdout, exitStatus } = await doctor(folderWith({ Procfile: 'web: true\n' }));
    expect(stdout).toMatch(/^good +Procfile +is there$/m);
    expect(stdout).not.toContain('fault');
    expect(exitStatus).toBe(0);
  });

  test('a start script is as good as a Procfile', async () => {
    const files = { 'package.json': '{"scripts":{"start":"node x.js"}}' };
    expect((await doctor(folderWith(files))).stdout).toContain('`npm start` (node x.js) is web');
  });

  test('says what is wrong and how to mend it, with exit status 1', async () => {
    const { stdout, exitStatus } = await doctor(folderWith({ 'app.json': '{' }), '--json');
    const faults = (JSON.parse(stdout) as { name: string; verdict: string }[]).filter(
      ({ verdict }) => verdict === 'fault',
    );
    expect(faults.map(({ name }) => name)).toEqual(['Procfile', 'app.json']);
    expect(exitStatus).toBe(1);
  });

  test.each([
    ['20.18.3', 'fault'],
    ['20.19.0', 'good'],
    ['18.20.0', 'fault'],
    ['26.0.0', 'good'],
  ])('Node %s is %s', (version, verdict) => expect(nodeVersion(version).verdict).toBe(verdict));
});
