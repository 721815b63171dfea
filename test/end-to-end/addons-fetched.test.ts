/** A Postgres that this machine does not have: fetched from the npm registry into an empty cache. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installations } from '../../src/runtime/addons/postgres/installation.js';
import { fetchableVersions } from '../../src/runtime/addons/postgres/packages.js';
import { dataFolder, deskWithAddons } from '../support/addons.js';

const here = (await installations(process.env)).map(({ major }) => major);
const [missing] = fetchableVersions().filter((major) => !here.includes(major));

test.skipIf(missing === undefined)(
  'a version that is not installed is fetched once, and is a Postgres like another',
  async () => {
    const desk = deskWithAddons({ Procfile: 'worker: sleep 1000\n' });
    const platform = await desk.start();
    const created = await desk.paas('addons:create', 'postgres', '--version', String(missing));
    expect(created.stderr).toContain(`Fetching Postgres ${missing}.`);
    expect(created.stderr).toContain(`Using Postgres ${missing}.`);
    expect(created.exitStatus).toBe(0);
    expect(existsSync(join(dataFolder(desk), 'cache', 'packages'))).toBe(true);
    await platform.running.says(/Fetching Postgres \d+\.\d+ for it\./);
    const version = async () =>
      (await desk.json<{ rows: unknown[] }[]>('pg:psql', '-c', 'show server_version'))[0]?.rows[0];
    expect(await version()).toEqual({
      server_version: expect.stringMatching(`^${missing}\\.`),
    });
    await platform.running.end();
    const again = await desk.start();
    expect(await version()).toBeDefined();
    expect(again.running.stdout).not.toContain('Fetching');
  },
  120_000, // the network's time is in it
);
