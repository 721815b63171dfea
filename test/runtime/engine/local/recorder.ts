/** A listener that keeps everything, engines that are closed after each test, and manifests. */
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import type {
  EngineListener,
  Manifest,
  ProcessWish,
} from '../../../../src/runtime/engine/engine.js';
import { LocalEngine } from '../../../../src/runtime/engine/local/local-engine.js';
import type { LocalEngineOptions } from '../../../../src/runtime/engine/local/options.js';
import type { Dyno, LogMessage } from '../../../../src/runtime/model.js';

export const PROGRAMS = fileURLToPath(new URL('../../../fixtures/programs', import.meta.url));

/** `node server.mjs`, with the Node that runs the tests. */
export const SERVER = `exec '${process.execPath}' server.mjs`;

export class Recorder implements EngineListener {
  /** `heroku[web.1]: State changed from starting to up`. */
  readonly lines: string[] = [];
  readonly messages: LogMessage[] = [];
  /** Each change of each dyno, oldest first. */
  readonly changes: Dyno[] = [];
  #waiting: Array<() => void> = [];

  dynoChanged(dyno: Dyno): void {
    this.changes.push(dyno);
    this.#look();
  }

  log(message: LogMessage): void {
    this.messages.push(message);
    for (const line of message.text.split('\n')) {
      this.lines.push(`${message.source}[${message.process}]: ${line}`);
    }
    this.#look();
  }

  /** Resolves when the condition holds; it is asked after each change and each line. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (condition()) resolve();
        else this.#waiting.push(look);
      };
      look();
    });
  }

  /** Resolves when a line with this text was written so many times. */
  untilLine(text: string, times = 1): Promise<void> {
    return this.until(() => this.lines.filter((line) => line.includes(text)).length >= times);
  }

  /** The platform's lines about one dyno. That some other program has a port is no news of it. */
  about(name: string): string[] {
    const start = `heroku[${name}]: `;
    return this.lines
      .filter((line) => line.startsWith(start))
      .map((line) => line.slice(start.length))
      .filter((text) => !/^Ports? \d.* taken by another program/.test(text));
  }

  #look(): void {
    for (const look of this.#waiting.splice(0)) look();
  }
}

const open: LocalEngine[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close(AbortSignal.abort())));
});

/** An engine on ports that are free now, closed after the test. */
export async function startEngine(options: Partial<LocalEngineOptions> = {}) {
  const recorder = new Recorder();
  const engine = new LocalEngine(recorder, {
    environment: process.env,
    basePort: await freePort(),
    grace: 2_000,
    ...options,
  });
  open.push(engine);
  return { engine, recorder };
}

/** Type → command, or more of a wish. */
export function manifest(
  types: Record<string, string | Partial<ProcessWish>>,
  more: Partial<Omit<Manifest, 'release'>> & { readonly version?: number } = {},
): Manifest {
  const { version = 1, ...rest } = more;
  const processes = Object.entries(types).map(([type, wish], index): ProcessWish => {
    const given = typeof wish === 'string' ? { command: wish } : wish;
    return { type, command: '', quantity: 1, size: 'Standard-1X', index, ...given };
  });
  return {
    app: { id: 'app', name: 'app' },
    release: { version, createdAt: 0 },
    slug: { kind: 'directory', directory: PROGRAMS },
    config: {},
    preboot: false,
    ...rest,
    processes,
  };
}

/** `web.1 up`, sorted. */
export function states(dynos: readonly Dyno[]): string[] {
  return dynos.map((dyno) => `${dyno.name} ${dyno.status.state}`).sort();
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
