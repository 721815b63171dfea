/** `paas certs` and `paas certs:trust`, with programs that only note how they were called. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Authority } from '../../src/runtime/router/authority.js';
import { Desk } from '../support/paas.js';

/** @param programs name → exit status */
function deskWith(programs: Readonly<Record<string, number>> = {}): Desk {
  const desk = Desk.with({ 'home/.pki/nssdb/cert9.db': '' });
  const folder = join(desk.folder, 'programs');
  mkdirSync(folder);
  for (const [name, exitStatus] of Object.entries(programs)) {
    const text = `#!/bin/sh\necho "${name} $*" >> ${desk.folder}/calls\nexit ${exitStatus}\n`;
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
  Object.assign(desk.environment, {
    PATH: folder,
    HOME: join(desk.folder, 'home'),
    PAAS_DATA_DIR: join(desk.folder, 'data'),
  });
  return desk;
}

async function withAuthority(programs?: Readonly<Record<string, number>>): Promise<Desk> {
  const desk = deskWith(programs);
  await Authority.open(join(desk.folder, 'data'));
  return desk;
}

test('before the first --https there is no authority, and it is said how to get one', async () => {
  const desk = deskWith();
  expect(await desk.paas('certs')).toMatchObject({
    stdout: '',
    stderr: expect.stringContaining('There is no local authority yet.'),
    exitStatus: 0,
  });
  const { stderr, exitStatus } = await desk.paas('certs:trust');
  expect(stderr).toContain('Start an app with `paas local start --https`, which makes it.');
  expect(exitStatus).toBe(1);
});

test('certs shows the authority', async () => {
  const desk = await withAuthority();
  const { stdout } = await desk.paas('certs');
  expect(stdout).toMatch(/^Authority: +CN=paas local authority, O=paas$/m);
  expect(stdout).toMatch(/^SHA-256: +([0-9A-F]{2} ){31}[0-9A-F]{2}$/m);
  expect(await desk.json('certs')).toMatchObject({ file: join(desk.folder, 'data/root.crt') });
});

describe.runIf(process.platform === 'linux')('certs:trust', () => {
  const PROGRAMS = { sudo: 0, cp: 0, 'update-ca-certificates': 0, certutil: 0 };

  test('shows the commands and does nothing', async () => {
    const desk = await withAuthority(PROGRAMS);
    const { stdout } = await desk.paas('certs:trust');
    expect(stdout).toMatch(/^Debian, Ubuntu\n.*cp .*root\.crt \/usr\/local\/share/m);
    expect(stdout).toMatch(/^Chrome, Chromium\n {2}certutil -d sql:/m);
    expect(stdout).toContain('NODE_EXTRA_CA_CERTS=');
    expect(() => readFileSync(join(desk.folder, 'calls'))).toThrow();
    expect((await desk.paas('certs:trust', '--system', 'macos')).stdout).toContain('security add');
  });

  test('--yes runs them', async () => {
    const desk = await withAuthority(PROGRAMS);
    const { stderr, exitStatus } = await desk.paas('certs:trust', '--yes');
    expect(stderr).toContain('Trusting it: Debian, Ubuntu... done');
    expect(stderr).toContain('Trusting it: Chrome, Chromium... done');
    expect(exitStatus).toBe(0);
    const calls = readFileSync(join(desk.folder, 'calls'), 'utf8').replaceAll('sudo ', '');
    expect(calls).toMatch(/^cp .*\nupdate-ca-certificates *\ncertutil -d sql:.*\n$/);
  });

  test('what cannot be done is named, and the rest is done', async () => {
    const { certutil: _, ...others } = PROGRAMS;
    const desk = await withAuthority(others);
    const { stderr, exitStatus } = await desk.paas('certs:trust', '--yes');
    expect(stderr).toContain('Debian, Ubuntu... done');
    expect(stderr).toContain('there is no certutil: sudo apt install libnss3-tools');
    expect(stderr).toMatch(/^Error: Not trusted by: Chrome, Chromium\./m);
    expect(exitStatus).toBe(1);
    const broken = await withAuthority({ ...PROGRAMS, cp: 3, sudo: 3 });
    expect((await broken.paas('certs:trust', '-y')).stderr).toMatch(
      /Debian, Ubuntu\.\.\. \w+ ended with 3/,
    );
  });
});
