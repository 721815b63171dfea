/** An app for the benchmark, whose only dyno says READY when it has what it needs. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Contender } from '../start/timing.js';

const PG = resolve('node_modules/pg');
const PROGRAM = `
const url = process.env.DATABASE_URL;
const ready = () => { console.log('READY'); setInterval(() => {}, 1e6); };
if (!url) ready();
else {
  const client = new (require(${JSON.stringify(PG)}).Client)(url);
  client.on('error', () => process.exit(0));
  client.connect().then(() => client.query('select 1')).then(ready);
}
`;

export class Shop {
  private constructor(
    private readonly paas: string,
    private readonly folder: string,
  ) {}

  /** @param paas path of the program */
  static without(paas: string): Shop {
    const folder = mkdtempSync(join(tmpdir(), 'paas-bench-addons-'));
    writeFileSync(join(folder, 'Procfile'), 'worker: exec node worker.js\n');
    writeFileSync(join(folder, 'worker.js'), PROGRAM);
    return new Shop(paas, folder);
  }

  contender(title: string): Contender {
    const words = [this.paas, 'local', 'start', '-p', '0'];
    return { title, words, folder: this.folder, environment: this.environment };
  }

  /** Creates add-ons; they are there at every later start. */
  async add(...services: string[]): Promise<void> {
    await this.whileRunning(async () => {
      for (const service of services) this.command('addons:create', service);
    });
  }

  /** @param work is given DATABASE_URL, empty where there is none */
  async whileRunning<T>(work: (databaseUrl: string) => Promise<T>): Promise<T> {
    const platform = spawn(process.execPath, [this.paas, 'local', 'start', '-p', '0'], {
      cwd: this.folder,
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(platform, 'exit');
    try {
      let said = '';
      for await (const chunk of platform.stdout.iterator({ destroyOnReturn: false })) {
        said += String(chunk);
        if (said.includes('Listening at')) break;
      }
      platform.stdout.resume();
      this.command('wait');
      return await work(this.command('config:get', 'DATABASE_URL').trim());
    } finally {
      platform.kill('SIGINT');
      await ended;
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private command(...words: string[]): string {
    return execFileSync(process.execPath, [this.paas, ...words], {
      cwd: this.folder,
      env: { ...process.env, ...this.environment },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  private get environment(): Record<string, string> {
    return {
      PAAS_RUNTIME_DIR: join(this.folder, 'registry'),
      PAAS_DATA_DIR: join(this.folder, 'data'),
      NO_COLOR: '1',
    };
  }
}
