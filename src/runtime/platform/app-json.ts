/** app.json, as far as it matters here (https://devcenter.heroku.com/articles/app-json-schema). */
import { PlatformError } from '../errors.js';
import type { Formation } from '../model.js';
import { DEFAULT_SIZE } from './formation.js';

/** An add-on that an app.json asks for. */
export interface AskedAddon {
  /** `service` or `service:plan`. */
  readonly plan: string;
  readonly as?: string;
  /** Major version of the server. */
  readonly version?: string;
}

/** What an app.json says. */
export interface AppJson {
  readonly name?: string;
  readonly formation: Formation;
  /** Values that apply where no env file sets the key. */
  readonly env: Readonly<Record<string, string>>;
  /** Keys that the app cannot do without and that have no value here. */
  readonly required: readonly string[];
  /** In order. */
  readonly addons: readonly AskedAddon[];
  /** Ours: modules that bring further services, as in an import. */
  readonly addonProviders: readonly string[];
  /** Path that must answer before a web dyno is up (Dokku's `healthchecks`, the nearest convention). */
  readonly readinessPath?: string;
}

type Json = Record<string, unknown>;

/**
 * Reads the text of an app.json.
 * @param file its name, for the error
 * @throws PlatformError failed when it is not JSON, or a key that we read has another form
 */
export function parseAppJson(text: string, file: string): AppJson {
  const json = parseObject(text, file);
  const env = Object.entries(objectAt(json, 'env', file));
  const values = env.flatMap(([key, value]): [string, string][] => {
    const given = typeof value === 'object' && value !== null ? (value as Json)['value'] : value;
    return typeof given === 'string' ? [[key, given]] : [];
  });
  const name = json['name'];
  const readinessPath = readinessPathOf(json);
  return {
    ...(typeof name === 'string' ? { name } : {}),
    formation: formationOf(json, file),
    env: Object.fromEntries(values),
    required: env.filter(([, value]) => isRequired(value)).map(([key]) => key),
    addons: addonsOf(json),
    addonProviders: [json['addon_providers'] ?? []]
      .flat()
      .filter((name) => typeof name === 'string'),
    ...(readinessPath === undefined ? {} : { readinessPath }),
  };
}

function parseObject(text: string, file: string): Json {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw bad(file, `it is not JSON: ${(error as Error).message}. Mend it or remove the file.`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw bad(file, 'it must be a JSON object, such as {"formation": {"web": {"quantity": 1}}}.');
  }
  return json as Json;
}

function objectAt(json: Json, key: string, file: string): Json {
  const value = json[key] ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw bad(file, `"${key}" must be an object.`);
  }
  return value as Json;
}

function formationOf(json: Json, file: string): Formation {
  return Object.fromEntries(
    Object.entries(objectAt(json, 'formation', file)).map(([type, entry]) => {
      const { quantity = 1, size = DEFAULT_SIZE } = (entry ?? {}) as Json;
      if (!Number.isInteger(quantity) || (quantity as number) < 0 || typeof size !== 'string') {
        throw bad(file, `formation.${type} needs a whole "quantity" of 0 or more.`);
      }
      return [type, { quantity: quantity as number, size }];
    }),
  );
}

/** A key is required unless it says otherwise, has a value, or is generated. */
function isRequired(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { value: given, required, generator } = value as Json;
  return given === undefined && required !== false && generator === undefined;
}

function addonsOf(json: Json): AskedAddon[] {
  const addons = json['addons'];
  if (!Array.isArray(addons)) return [];
  return addons.flatMap((addon) => {
    const { plan, as, options } = (typeof addon === 'string' ? { plan: addon } : addon) ?? {};
    if (typeof plan !== 'string') return [];
    const version = options?.version;
    return [
      {
        plan,
        ...(typeof as === 'string' ? { as } : {}),
        ...(version === undefined ? {} : { version: String(version) }),
      },
    ];
  });
}

function readinessPathOf(json: Json): string | undefined {
  const checks = (json['healthchecks'] as Json | undefined)?.['web'];
  if (!Array.isArray(checks)) return undefined;
  const paths = checks
    .filter((check: Json) => check?.['type'] === 'startup' || check?.['type'] === 'readiness')
    .map((check: Json) => check['path']);
  return paths.find((path): path is string => typeof path === 'string' && path.startsWith('/'));
}

function bad(file: string, sentence: string): PlatformError {
  return new PlatformError('failed', `${file}: ${sentence}`);
}
