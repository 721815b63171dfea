/**
 * Runs the public suite http-tests/cache-tests against `paas local start` and against the caches of this
 * machine, one after the other, each in front of the suite's own server with the suite's own settings.
 *
 *     node bench/cache/conformance.mjs FOLDER_OF_THE_SUITE [NAME...]
 *
 * Names: paas, heuristic, nginx, varnish, squid, apache; all of them unless given. About a minute each.
 */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { CACHES, freePort, startOrigin } from './contestants.mjs';
import { scorer, scoreText } from './score.mjs';

const [folder, ...asked] = process.argv.slice(2);
const suite = resolve(folder ?? '.');
const names = asked.length > 0 ? asked : Object.keys(CACHES);
const unknown = names.find((name) => CACHES[name] === undefined);
if (folder === undefined || !existsSync(join(suite, 'test-engine/cli.mjs'))) {
  fail('Say where a copy of https://github.com/http-tests/cache-tests is.');
} else if (!existsSync(join(suite, 'node_modules/undici'))) {
  fail(`Run npm install in ${folder} first.`);
} else if (unknown !== undefined) {
  fail(`There is no ${unknown}. Say one of ${Object.keys(CACHES).join(', ')}.`);
}

const work = mkdtempSync(join(tmpdir(), 'paas-conformance-'));
// Where root starts them, the caches work as other users.
chmodSync(work, 0o777);
const score = await scorer(suite);
const originPort = await freePort();
const origin = await startOrigin(suite, work, originPort);
try {
  for (const name of names) await contest(name);
} finally {
  await origin.stop();
  rmSync(work, { recursive: true, force: true });
}

async function contest(name) {
  const port = await freePort();
  const place = mkdtempSync(join(work, `${name}-`));
  chmodSync(place, 0o777);
  const cache = await CACHES[name]({ suite, folder: place, port, originPort });
  if (cache === undefined) {
    process.stdout.write(`${name}: left out, not installed or it did not start\n`);
    return;
  }
  try {
    const results = await run(port);
    process.stdout.write(scoreText(`${name} (${cache.version})`, score(results)));
  } finally {
    await cache.stop();
  }
}

/** The results of the suite's own client. */
async function run(port) {
  const client = promisify(execFile);
  const { stdout } = await client(process.execPath, ['--no-warnings', 'test-engine/cli.mjs'], {
    cwd: suite,
    env: { ...process.env, npm_config_base: `http://localhost:${port}`, npm_package_config_id: '' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout.slice(stdout.indexOf('{')));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
