/** The providers that an app can choose from: ours, and those that its app.json names. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PlatformError } from '../errors.js';
import { PROVIDERS } from './catalogue.js';
import type { AddonProvider, Service } from './provider.js';

/** Where an app's providers are named. */
export interface Named {
  /** The app's folder. */
  readonly directory: string;
  /** Paths that begin with `.` or `/`, and names of packages, as in an import. */
  readonly names: readonly string[];
}

export class Providers {
  private readonly loaded = new Map<string, readonly AddonProvider[]>();
  private readonly tries = new Map<string, number>();

  /** @param named asked each time: app.json may have changed @param tell is told what can't be loaded */
  constructor(
    private readonly named: () => Named,
    private readonly tell: (text: string) => void,
    private readonly ours: readonly AddonProvider[] = PROVIDERS,
  ) {}

  /** All of them; what could not be loaded is told, and tried again the next time. */
  async all(): Promise<readonly AddonProvider[]> {
    const { directory, names } = this.named();
    const all = [...this.ours];
    for (const name of names) {
      try {
        for (const provider of await this.load(name, directory))
          all.push(refuseTwin(all, provider));
      } catch (error) {
        this.tell(`Can't load the add-on provider ${name}: ${(error as Error).message}`);
      }
    }
    return all;
  }

  private async load(name: string, directory: string): Promise<readonly AddonProvider[]> {
    const known = this.loaded.get(name);
    if (known) return known;
    const file = createRequire(join(directory, 'package.json')).resolve(name);
    // Node keeps a module that failed; a mended one needs another address.
    const time = this.tries.get(name) ?? 0;
    this.tries.set(name, time + 1);
    const address = `${pathToFileURL(file).href}${time === 0 ? '' : `?try=${time}`}`;
    const module: { default?: unknown } = await import(address);
    const providers = [module.default].flat().map((each) => checked(each));
    this.loaded.set(name, providers);
    return providers;
  }
}

function refuseTwin(all: readonly AddonProvider[], provider: AddonProvider): AddonProvider {
  const { name } = provider.service;
  if (!all.some(({ service }) => service.name === name)) return provider;
  throw new PlatformError('conflict', `There is a service ${name} already.`);
}

/**
 * What a module exports by default, with what it may leave out.
 * @throws PlatformError with what is missing
 */
function checked(exported: unknown): AddonProvider {
  const provider = (exported ?? {}) as Partial<AddonProvider>;
  const service = (provider.service ?? {}) as Partial<Service>;
  const { name = '', plans } = service;
  const wrong =
    (!/^[a-z][a-z0-9-]+$/.test(name) && 'service.name must be like "my-queue"') ||
    (!Array.isArray(plans) && 'service.plans must be a list') ||
    (plans?.every((plan) => typeof plan?.name === 'string') !== true &&
      'each of service.plans needs a "name"') ||
    (plans?.length === 0 && 'service.plans must have one at least') ||
    (typeof provider.provision !== 'function' && 'there is no function "provision"') ||
    (typeof provider.start !== 'function' && 'there is no function "start"');
  if (wrong) {
    throw new PlatformError('failed', `Its default export is no provider: ${wrong}.`);
  }
  const first = name.toUpperCase().replaceAll('-', '_');
  return {
    provision: (...given) => provider.provision!(...given),
    start: (...given) => provider.start!(...given),
    service: {
      alsoCalled: [],
      title: name,
      prefix: name,
      attachment: { first, further: first },
      perApp: 'many',
      ...service,
      name,
      plans: plans!.map((plan) => ({ ...plan, description: plan.description ?? '' })),
    },
  };
}
