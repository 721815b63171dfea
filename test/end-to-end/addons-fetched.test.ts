/** A Postgres that this machine does not have: fetched from the npm registry into an empty cache. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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
    const sql = ['pg:psql', '-c'];
    const confirm = ['--confirm', (await desk.json<{ name: string }[]>('apps'))[0]?.name ?? ''];
    await desk.json(...sql, 'create table t as select 1 as n');
    // These packages bring no pg_dump.
    expect((await desk.paas('pg:backups:capture')).stdout.trim()).toBe('b001');
    await desk.json(...sql, 'drop table t');
    const restored = await desk.paas('pg:backups:restore', 'b001', ...confirm);
    expect(restored.stderr).toMatch(/Restoring b001 to .* done/);
    expect(await desk.json(...sql, 'select n from t')).toMatchObject([{ rows: [{ n: '1' }] }]);
    await desk.paas('pg:backups:download', '-o', 'half.dump');
    const half = join(desk.folder, 'half.dump');
    writeFileSync(half, readFileSync(half).subarray(0, -1000));
    const failed = await desk.paas('pg:backups:restore', './half.dump', ...confirm);
    expect(failed.exitStatus).toBe(1);
    expect(await desk.json(...sql, 'select n from t')).toMatchObject([{ rows: [{ n: '1' }] }]);
    await platform.running.end();
    const again = await desk.start();
    expect(await version()).toBeDefined();
    expect(again.running.stdout).not.toContain('Fetching');
  },
  120_000, // the network's time is in it
);
