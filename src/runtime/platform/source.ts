/** An app's folder as the platform reads it: Procfile, env files, app.json, package.json, commit. */
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isSystemError, PlatformError } from '../errors.js';
import type { ConfigVars, ProcessTypes } from '../model.js';
import { appNameFrom } from '../settings.js';
import { type AppJson, parseAppJson } from './app-json.js';
import { type Checkout, readCheckout } from './checkout.js';
import { parseEnvFile, valuesOf } from './env-file.js';
import { parseProcfile } from './procfile.js';

/** Where to look. Paths of files are as the user gave them; the error names them so. */
export interface SourceLocation {
  /** The app's folder, absolute. */
  readonly directory: string;
  /** `-f`; `Procfile` in the folder when it is not given. */
  readonly procfile?: string;
  /** `-e`; `.env` in the folder, which may be missing, when none is given. */
  readonly envFiles?: readonly string[];
}

/** What was found. */
export interface Source {
  readonly location: SourceLocation;
  readonly name: string;
  readonly processTypes: ProcessTypes;
  readonly config: ConfigVars;
  /** What the env files say, which is on top of everything else in `config`. */
  readonly written: ConfigVars;
  /** Those keys of `config` whose values are of add-ons. */
  readonly attached: readonly string[];
  readonly appJson: AppJson;
  /** What git has checked out there, where the folder is a work tree. */
  readonly checkout?: Checkout;
}

/** One place that gives a config var a value. */
export interface ConfigOrigin {
  readonly key: string;
  readonly value: string;
  readonly source: string;
  /** In an env file, counted from 1. */
  readonly line?: number;
}

/**
 * Reads an app's folder.
 * @throws PlatformError with file, line and mend for what cannot be read or understood
 */
export function readSource(location: SourceLocation): Source {
  const appJson = readAppJson(location);
  const written: Record<string, string> = Object.create(null);
  for (const file of envFilesOf(location)) {
    Object.assign(written, valuesOf(parseEnvFile(readEnv(location, file), file)));
  }
  const checkout = readCheckout(location.directory);
  return {
    location,
    name: nameOf(location, appJson, checkout),
    processTypes: readProcessTypes(location),
    config: layers(appJson.env, written),
    written,
    attached: [],
    appJson,
    ...(checkout ? { checkout } : {}),
  };
}

/** The source with what add-ons give: above the values of app.json, below those of the env files. */
export function withAttached(source: Source, vars: ConfigVars): Source {
  return {
    ...source,
    config: layers(source.appJson.env, vars, source.written),
    attached: Object.keys(vars).filter((key) => !Object.hasOwn(source.written, key)),
  };
}

/** Later ones win. Without a prototype: any name may be a key. */
function layers(...vars: ConfigVars[]): ConfigVars {
  return Object.assign(Object.create(null), ...vars);
}

/**
 * The host that a git work tree answers for beside its own name: `branch.shop.localhost`.
 * @returns undefined for the main work tree, or where there is no git
 */
export function worktreeHost({ appJson, checkout }: Source): string | undefined {
  if (!checkout?.worktreeOf || !checkout.branch) return undefined;
  const app = appNameFrom(appJson.name ?? checkout.worktreeOf);
  return `${appNameFrom(checkout.branch)}.${app}.localhost`;
}

/** Two work trees of one app are two apps: `shop`, and `shop-branch`. */
function nameOf({ directory }: SourceLocation, appJson: AppJson, checkout?: Checkout): string {
  const name = appJson.name ?? checkout?.worktreeOf ?? basename(directory);
  return checkout?.worktreeOf ? `${name}-${checkout.branch ?? basename(directory)}` : name;
}

/** The files that a change of would change the source; to be watched. */
export function watchedFiles(location: SourceLocation): string[] {
  const files = [location.procfile ?? 'Procfile', ...envFilesOf(location), 'app.json'];
  return files.map((file) => resolve(location.directory, file));
}

/**
 * Every place that gives a key a value, the one that counts last.
 * @param attached the add-on that gives it one, where one does
 */
export function configOrigins(
  location: SourceLocation,
  key: string,
  attached?: ConfigOrigin,
): ConfigOrigin[] {
  const fromAppJson = readAppJson(location).env[key];
  const origins: ConfigOrigin[] =
    fromAppJson === undefined ? [] : [{ key, value: fromAppJson, source: 'app.json' }];
  if (attached) origins.push(attached);
  for (const file of envFilesOf(location)) {
    for (const entry of parseEnvFile(readEnv(location, file), file)) {
      if (entry.key === key)
        origins.push({ key, value: entry.value, source: file, line: entry.line });
    }
  }
  return origins;
}

/** Names of the env files, as they were given. */
export function envFilesOf(location: SourceLocation): readonly string[] {
  return location.envFiles ?? ['.env'];
}

/**
 * The text of an env file. Only the `.env` that nobody asked for by name may be missing.
 * @throws PlatformError not_found, unavailable
 */
export function readEnv(location: SourceLocation, file: string): string {
  const text = readText(resolve(location.directory, file), file);
  if (text === undefined && location.envFiles) {
    throw new PlatformError(
      'not_found',
      `There is no env file ${file}. Make it, or leave out -e ${file}.`,
    );
  }
  return text ?? '';
}

function readProcessTypes({ directory, procfile = 'Procfile' }: SourceLocation): ProcessTypes {
  const text = readText(resolve(directory, procfile), procfile);
  if (text === undefined) return fallbackTypes(directory, procfile);
  const types = parseProcfile(text, procfile);
  if (Object.keys(types).length === 0) {
    throw new PlatformError(
      'failed',
      `${procfile} declares no process type. Add a line such as "web: npm start".`,
    );
  }
  return types;
}

/** Node's buildpack runs `npm start` as web where there is no Procfile. */
function fallbackTypes(directory: string, procfile: string): ProcessTypes {
  const json = readText(join(directory, 'package.json'), 'package.json');
  if (procfile === 'Procfile' && json !== undefined && hasStartScript(json))
    return { web: 'npm start' };
  const other = readText(join(directory, 'Procfile.dev'), 'Procfile.dev');
  const hint =
    procfile === 'Procfile' && other !== undefined
      ? 'There is a Procfile.dev: run it with -f Procfile.dev.'
      : 'Write one with a line such as "web: node server.js", or name another with -f.';
  throw new PlatformError('not_found', `There is no ${procfile} in ${directory}. ${hint}`);
}

function hasStartScript(json: string): boolean {
  try {
    return typeof JSON.parse(json)?.scripts?.start === 'string';
  } catch {
    return false;
  }
}

function readAppJson({ directory }: SourceLocation): AppJson {
  return parseAppJson(readText(join(directory, 'app.json'), 'app.json') ?? '{}', 'app.json');
}

function readText(path: string, name: string): string | undefined {
  try {
    return decoded(readFileSync(path), name);
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return undefined;
    if (!isSystemError(error)) throw error;
    throw new PlatformError(
      'unavailable',
      `Can't read ${name} (${error.code}). Check what it is and who may read it.`,
    );
  }
}

/** What PowerShell's `echo > .env` writes has no line that could be read. */
function decoded(bytes: Buffer, name: string): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark !== 'fffe' && mark !== 'feff') return bytes.toString('utf8');
  throw new PlatformError('failed', `${name} is UTF-16. Save it as UTF-8.`);
}
