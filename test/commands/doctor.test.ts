/** `paas doctor`: what it finds, how it is mended, and the exit status. */
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Finding } from '../../src/cli/checks/finding.js';
import { nodeVersion } from '../../src/cli/checks/machine.js';
import { Desk } from '../support/paas.js';

type Files = Readonly<Record<string, string>>;

/** What it finds of one name. */
async function finding(name: string, files: Files): Promise<Finding | undefined> {
  const { stdout } = await Desk.with(files).paas('doctor', '--json');
  return (JSON.parse(stdout) as Finding[]).find((found) => found.name === name);
}

describe('paas doctor', () => {
  test('finds nothing wrong in a folder with a Procfile', async () => {
    const desk = Desk.with({ Procfile: 'web: true\nworker: true\n', '.env': 'A=1\nB=2\n' });
    const { stdout, exitStatus } = await desk.paas('doctor');
    expect(stdout).toMatch(/^good +Procfile +web, worker$/m);
    expect(stdout).toMatch(/^good +\.env +2 config vars$/m);
    expect(stdout).toMatch(/^(good|hint) +Terminals /m);
    expect(stdout).toMatch(/^(good|hint) +Isolation /m);
    expect(stdout).toMatch(/^(good|hint) +Limits /m);
    expect(stdout).not.toContain('fault');
    expect(exitStatus).toBe(0);
  });

  test('says what is wrong and how to mend it, with exit status 1', async () => {
    const { stdout, exitStatus } = await Desk.with({ 'app.json': '{' }).paas('doctor', '--json');
    const faults = (JSON.parse(stdout) as Finding[]).filter(({ verdict }) => verdict === 'fault');
    expect(faults.map(({ name }) => name)).toEqual(['Procfile', 'app.json']);
    expect(exitStatus).toBe(1);
  });

  const WEB = { Procfile: 'web: true\n' };
  test.each<[what: string, name: string, files: Files, verdict: string, text: RegExp]>([
    [
      'a start script in the place of a Procfile',
      'Procfile',
      { 'package.json': '{"scripts":{"start":"node x.js"}}' },
      'good',
      /`npm start` \(node x\.js\) is web/,
    ],
    [
      'a bad line of the Procfile',
      'Procfile',
      { Procfile: 'web: x\nworker y\n' },
      'fault',
      /^Procfile:2: "worker y" has no colon\./,
    ],
    [
      'a Procfile without web',
      'Procfile',
      { Procfile: 'worker: x\n' },
      'hint',
      /^worker; there is no web/,
    ],
    [
      'an open quote in .env',
      '.env',
      { ...WEB, '.env': 'A=1\nB="x\n' },
      'fault',
      /^\.env:2: .*Close the quote/,
    ],
    [
      'what app.json requires and nothing sets',
      'app.json',
      { ...WEB, '.env': 'A=1\n', 'app.json': '{"env":{"A":{"required":true},"B_KEY":{}}}' },
      'hint',
      /^It requires B_KEY, .*paas config:set B_KEY=\.\.\./,
    ],
    [
      'a formation that cannot be',
      'app.json',
      { ...WEB, 'app.json': '{"formation":{"web":{"quantity":-1}}}' },
      'fault',
      /formation\.web needs a whole "quantity"/,
    ],
    [
      'a broken package.json',
      'package.json',
      { ...WEB, 'package.json': '{' },
      'fault',
      /^It is not JSON: /,
    ],
  ])('%s', async (_, name, files, verdict, text) => {
    expect(await finding(name, files)).toEqual({
      name,
      verdict,
      text: expect.stringMatching(text),
    });
  });

  test('records of apps that have died are removed, and that is said', async () => {
    const desk = Desk.with(WEB);
    const registry = desk.environment['PAAS_RUNTIME_DIR'] ?? '';
    writeFileSync(join(registry, 'x.json'), JSON.stringify({ pid: 2 ** 30, socket: '/nowhere' }));
    const { stdout } = await desk.paas('doctor');
    expect(stdout).toMatch(/^good +Apps +none runs; 1 record of apps that had died removed/m);
    expect(readdirSync(registry)).toEqual([]);
  });

  test('a taken port of the router is a hint', async () => {
    const server = createServer().on('error', () => undefined);
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => {
      server.once('error', () => resolve()).listen(5006, 'localhost', resolve);
    });
    expect(await finding('Port', WEB)).toMatchObject({ verdict: 'hint' });
  });

  test.each([
    ['20.18.3', 'fault'],
    ['20.19.0', 'good'],
    ['18.20.0', 'fault'],
    ['26.0.0', 'good'],
  ])('Node %s is %s', (version, verdict) => expect(nodeVersion(version).verdict).toBe(verdict));
});
