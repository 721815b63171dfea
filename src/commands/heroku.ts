/** `paas heroku ps`: Heroku's own command line, on the app that runs here. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findApp } from '../cli/app.js';
import { AppCommand } from '../cli/app-command.js';
import { ExitStatus, UsageError } from '../cli/failure.js';
import { Bridge } from '../cli/heroku/bridge.js';
import { GIT_CONFIG, herokuEnvironment } from '../cli/heroku/environment.js';
import { runChild } from '../cli/one-off/child.js';
import { shellCommand, splitCommand } from '../cli/one-off/command-line.js';
import { PlatformError } from '../runtime/errors.js';

/** What a shell ends with where there is no such program. */
const NOT_FOUND = 127;

export default class Heroku extends AppCommand {
  static override description = `Run Heroku's own command line on this app
For scripts and habits: \`heroku\` talks to the app that runs here, and to nothing else.
It has to be installed; \`heroku run\` is \`paas run\` here.`;
  static override examples = [
    'paas heroku ps',
    'paas heroku config:set A=1',
    'paas heroku logs -t',
  ];
  static override usage = 'heroku [-a APP] COMMAND...';
  static override passThrough = true;
  static override strict = false;

  async run(): Promise<void> {
    const { own, command } = splitCommand(this.argv, new Set(['-a', '--app']));
    const { flags } = await this.parse(Heroku, own);
    if (['run', 'run:inside'].includes(command[0] ?? '')) {
      const rest = shellCommand(command.slice(1));
      throw new UsageError(
        `Heroku's servers connect \`heroku run\`. Here it is \`paas run ${rest}\`.`,
      );
    }
    if (!isOnPath('heroku')) throw notInstalled();
    const { name, socket } = await findApp(flags.app);
    const exitStatus = await withBridge(socket, name, (env) =>
      runChild({ program: ['heroku', ...command], cwd: process.cwd(), env }, new Promise(() => {})),
    );
    if (exitStatus !== 0) throw new ExitStatus(exitStatus);
  }
}

function isOnPath(program: string): boolean {
  const folders = process.env['PATH']?.split(delimiter) ?? [];
  return folders.some((folder) => existsSync(join(folder, program)));
}

function notInstalled(): PlatformError {
  return new PlatformError(
    'not_found',
    'There is no heroku on the PATH. Install it with `npm install --global heroku`.',
    { exitStatus: NOT_FOUND },
  );
}

async function withBridge<T>(
  socket: string,
  app: string,
  use: (environment: Record<string, string>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'paas-heroku-'));
  const bridge = await Bridge.open(socket);
  try {
    const gitConfig = join(folder, 'gitconfig');
    writeFileSync(gitConfig, GIT_CONFIG);
    const told = herokuEnvironment(bridge.url, bridge.token, app, gitConfig);
    return await use({ ...(process.env as Record<string, string>), ...told });
  } finally {
    bridge.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
