/** A restart of all web dynos under load, through the real command and the real router. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const DYNOS = 10;
const PER_SECOND = 500;
const TICK = 10;
const PORT = 31_006;

const SERVER = `
const { createServer } = require('node:http');
const server = createServer((request, response) => setTimeout(() => response.end('ok'), 20));
server.listen(process.env.PORT);
process.once('SIGTERM', () => server.close(() => process.exit(0)));
`;

export interface RollingRestart {
  readonly requests: number;
  readonly failed: number;
  /** Seconds from the command until every dyno was a new one. */
  readonly seconds: number;
}

/** @throws Error when the app does not start; run \`npm run build\` before */
export async function measureRollingRestart(): Promise<RollingRestart> {
  const folder = mkdtempSync(join(tmpdir(), 'paas-bench-dynos-'));
  writeFileSync(join(folder, 'server.cjs'), SERVER);
  writeFileSync(join(folder, 'Procfile'), `web: exec '${process.execPath}' server.cjs\n`);
  const platform = spawn(
    process.execPath,
    args('local:start', '-p', String(PORT), '-m', `web=${DYNOS}`),
    {
      cwd: folder,
      stdio: 'ignore',
    },
  );
  const ended = new Promise((done) => platform.once('exit', done));
  try {
    await untilUp(folder, () => true);
    const load = new Load();
    const before = new Set((await dynos(folder)).map((dyno) => dyno.id));
    await pause(500);
    const start = performance.now();
    await paas(folder, 'restart', 'web');
    await untilUp(folder, (dyno) => !before.has(dyno.id));
    const seconds = (performance.now() - start) / 1000;
    await pause(1000);
    return { ...(await load.stop()), seconds };
  } finally {
    platform.kill('SIGTERM');
    // A platform that does not end is a failure, but no reason to wait for ever.
    const late = setTimeout(() => platform.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(late);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface ListedDyno {
  readonly id: string;
  readonly state: string;
}

async function untilUp(folder: string, fits: (dyno: ListedDyno) => boolean): Promise<void> {
  for (let tries = 0; tries < 120; tries += 1) {
    const up = (await dynos(folder)).filter((dyno) => dyno.state === 'up');
    if (up.length === DYNOS && up.every(fits)) return;
    await pause(500);
  }
  throw new Error('The dynos did not come up. Run npm run build, and try again.');
}

async function dynos(folder: string): Promise<ListedDyno[]> {
  const text = await paas(folder, 'ps', '--json');
  return text ? (JSON.parse(text) as ListedDyno[]) : [];
}

function paas(folder: string, ...words: string[]): Promise<string> {
  return new Promise((done) => {
    let text = '';
    const child = spawn(process.execPath, args(...words), {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.once('close', (code) => done(code === 0 ? text : ''));
  });
}

function args(...words: string[]): string[] {
  return [resolve('bin/run.js'), ...words];
}

/** Requests at a steady rate, over kept-alive connections. */
class Load {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #answers: Promise<boolean>[] = [];
  readonly #start = performance.now();
  readonly #timer = setInterval(() => this.#catchUp(), TICK);

  async stop(): Promise<{ requests: number; failed: number }> {
    clearInterval(this.#timer);
    const answers = await Promise.all(this.#answers);
    this.#agent.destroy();
    return { requests: answers.length, failed: answers.filter((good) => !good).length };
  }

  #catchUp(): void {
    const due = ((performance.now() - this.#start) / 1000) * PER_SECOND;
    while (this.#answers.length < due) this.#answers.push(this.#ask());
  }

  #ask(): Promise<boolean> {
    return new Promise((done) => {
      const asked = request({ host: '127.0.0.1', port: PORT, agent: this.#agent }, (response) => {
        response.resume();
        response.once('end', () => done(response.statusCode === 200));
        response.once('error', () => done(false));
      });
      asked.once('error', () => done(false));
      asked.end();
    });
  }
}
