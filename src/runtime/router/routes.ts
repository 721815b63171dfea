/** Which app answers for a host. */

/** What the router has to know of an app. */
export interface RoutedApp {
  readonly id: string;
  readonly name: string;
  /** Names it answers for beside `<name>.localhost`; `*.example.com` covers one label and more. */
  readonly hosts: readonly string[];
  readonly directory?: string;
  readonly maintenance: boolean;
  readonly features: Readonly<Record<string, boolean>>;
  /** How many web dynos are wished for. */
  readonly webQuantity: number;
  /** Nothing was ever deployed. */
  readonly blank: boolean;
  readonly errorPageUrl?: string;
  readonly maintenancePageUrl?: string;
  /** It answers for hosts that are nobody's: `localhost`, addresses, a tunnel's name. */
  readonly onlyApp: boolean;
}

/** Another app of this machine, served by a router of its own. */
export interface Neighbour {
  readonly name: string;
  readonly hosts: readonly string[];
  /** Where its router listens, on 127.0.0.1. */
  readonly port: number;
}

/** A host without its port and final dot, in lower case: what hosts are compared by. */
export function hostName(host: string): string {
  const colon = host.lastIndexOf(':');
  const name = colon > host.lastIndexOf(']') ? host.slice(0, colon) : host;
  const lower = name.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/** True for `*.localhost`, where an unknown name is a mistake and not somebody's tunnel. */
export function isLocalName(name: string): boolean {
  return name.endsWith('.localhost');
}

export class Routes {
  private readonly apps = new Map<string, RoutedApp>();
  private exact = new Map<string, RoutedApp>();
  private wildcards: { suffix: string; app: RoutedApp }[] = [];
  private fallback: RoutedApp | undefined;
  /** Host fields as they were sent; emptied at each change, and when it grows. */
  private readonly found = new Map<string, RoutedApp | undefined>();

  /** Adds an app, or replaces what was known of it. */
  set(app: RoutedApp): void {
    this.apps.set(app.id, app);
    this.index();
  }

  remove(id: string): void {
    this.apps.delete(id);
    this.index();
  }

  /** The app with that id. */
  get(id: string): RoutedApp | undefined {
    return this.apps.get(id);
  }

  all(): IterableIterator<RoutedApp> {
    return this.apps.values();
  }

  /** The app for a Host field. Its own names only: not those that it answers for as the only app. */
  lookup(host: string): RoutedApp | undefined {
    if (this.found.has(host)) return this.found.get(host);
    const app = this.search(hostName(host));
    if (this.found.size > 1000) this.found.clear();
    this.found.set(host, app);
    return app;
  }

  /** The app for a host that nobody on this machine has; undefined for an unknown `*.localhost`. */
  lookupUnmatched(host: string): RoutedApp | undefined {
    return isLocalName(hostName(host)) ? undefined : this.fallback;
  }

  private search(name: string): RoutedApp | undefined {
    return this.exact.get(name) ?? this.wildcards.find(({ suffix }) => name.endsWith(suffix))?.app;
  }

  private index(): void {
    this.found.clear();
    this.exact = new Map();
    this.wildcards = [];
    this.fallback = undefined;
    for (const app of this.apps.values()) {
      for (const host of [`${app.name}.localhost`, ...app.hosts].map(hostName)) {
        if (host.startsWith('*.')) this.wildcards.push({ suffix: host.slice(1), app });
        else this.exact.set(host, app);
      }
      if (app.onlyApp) this.fallback = app;
    }
    this.wildcards.sort((one, other) => other.suffix.length - one.suffix.length);
  }
}
