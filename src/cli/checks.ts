/** What `paas doctor` looks at: this machine and this folder. Each check says how to mend what it finds. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isSystemError, PlatformError } from '../runtime/errors.js';
import { listRecords } from '../runtime/registry.js';
import { DEFAULT_PORT, ensurePrivateFolder, runtimeFolder } from '../runtime/settings.js';

/** `hint` costs nothing but a feature; `fault` keeps apps from running as they should. */
export interface Finding {
  readonly name: string;
  readonly verdict: 'good' | 'hint' | 'fault';
  /** What was found and, unless it is good, what to do. */
  readonly text: string;
}

/** Oldest Node that runs it, as package.json has it. */
const OLDEST_NODE = [20, 19] as const;

/** @param directory the app's folder */
export async function examine(directory: string): Promise<Finding[]> {
  return [
    nodeVersion(process.versions.node),
    shell(),
    registryFolder(),
    await runningApps(),
    await routerPort(),
    procfile(directory),
    jsonFile(directory, 'app.json'),
    jsonFile(directory, 'package.json'),
    stateFolder(directory),
  ].filter((finding) => finding !== undefined);
}

/** Pure. @param version `20.19.0` */
export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldest, oldestMinor] = OLDEST_NODE;
  const old = major < oldest || (major === oldest && minor < oldestMinor);
  return old
    ? fault('Node', `${version} is too old. Install ${oldest}.${oldestMinor} or later.`)
    : good('Node', version);
}

function shell(): Finding | undefined {
  if (process.platform === 'win32') return undefined;
  const { status } = spawnSync('/bin/sh', ['-c', 'exit 7']);
  return status === 7
    ? good('Shell', '/bin/sh')
    : fault('Shell', "/bin/sh doesn't run commands. Dynos are started with it: install one.");
}

function registryFolder(): Finding {
  const folder = runtimeFolder(process.env);
  try {
    ensurePrivateFolder(folder);
    return good('Registry', folder);
  } catch (error) {
    if (error instanceof PlatformError) return fault('Registry', error.message);
    throw error;
  }
}

/** Looking sweeps the records of processes that are gone. */
async function runningApps(): Promise<Finding> {
  const records = await listRecords(runtimeFolder(process.env));
  return good(
    'Apps',
    records.map(({ name, url }) => `${name} at ${url}`).join(', ') || 'none runs',
  );
}

async function routerPort(): Promise<Finding> {
  const server = createServer();
  const error = await new Promise<unknown>((resolve) => {
    server.once('error', resolve).listen(DEFAULT_PORT, 'localhost', () => resolve(undefined));
  });
  server.close();
  if (error === undefined) return good('Port', `${DEFAULT_PORT} is free`);
  const why = isSystemError(error, 'EADDRINUSE') ? 'is taken' : "can't be used";
  return {
    name: 'Port',
    verdict: 'hint',
    text: `${DEFAULT_PORT} ${why}: the next free one is used, or the one of -p.`,
  };
}

function procfile(directory: string): Finding {
  if (existsSync(join(directory, 'Procfile'))) return good('Procfile', 'is there');
  const script = startScript(directory);
  return script
    ? good('Procfile', `none; \`npm start\` (${script}) is web`)
    : fault('Procfile', `There is none in ${directory}. Write one: \`web: node server.js\`.`);
}

function startScript(directory: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))?.scripts?.start;
  } catch {
    return undefined; // missing or broken, which is another check's finding
  }
}

function jsonFile(directory: string, name: string): Finding | undefined {
  const file = join(directory, name);
  if (!existsSync(file)) return undefined;
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return good(name, 'is JSON');
  } catch (error) {
    return fault(name, `${(error as Error).message}. Mend ${file}.`);
  }
}

function stateFolder(directory: string): Finding {
  try {
    accessSync(directory, constants.W_OK);
    return good('Folder', directory);
  } catch {
    return fault(
      'Folder',
      `${directory} can't be written: what is scaled and released is not kept.`,
    );
  }
}

function good(name: string, text: string): Finding {
  return { name, verdict: 'good', text };
}

function fault(name: string, text: string): Finding {
  return { name, verdict: 'fault', text };
}
