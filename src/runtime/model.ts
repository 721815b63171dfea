/**
 * The nouns of the platform. Types only: everything may import this file, and it imports nothing.
 * Words are Heroku's (https://devcenter.heroku.com/articles/platform-api-reference).
 */

/** Process types in the order of the Procfile: `web` → `node server.js`. */
export type ProcessTypes = Readonly<Record<string, string>>;

/** Config vars of a release: names and values, exactly as the dynos get them. */
export type ConfigVars = Readonly<Record<string, string>>;

/** What a release runs: a folder on this machine, or an image (for clusters). */
export type Slug =
  | { readonly kind: 'directory'; readonly directory: string }
  | { readonly kind: 'image'; readonly reference: string };

export type ReleaseStatus = 'pending' | 'succeeded' | 'failed';

/** One version of an app: slug, process types and config, never edited after it was made. */
export interface Release {
  readonly id: string;
  /** 1, 2, 3 …; shown as `v3`. */
  readonly version: number;
  /** `Set FOO config vars`, `Rollback to v3`, … (reference section 6.2). */
  readonly description: string;
  readonly status: ReleaseStatus;
  readonly slug: Slug;
  readonly processTypes: ProcessTypes;
  readonly config: ConfigVars;
  /** Those config vars whose values came from add-ons; a rollback leaves them as they are. */
  readonly attached?: readonly string[];
  /** ms since the epoch. */
  readonly createdAt: number;
}

/** How many dynos of one type, of which size. */
export interface FormationEntry {
  readonly quantity: number;
  /** Heroku's size name in the form the API prints it: `Standard-1X`. */
  readonly size: string;
}

/** The wish for every process type: `web` → two of Standard-1X. */
export type Formation = Readonly<Record<string, FormationEntry>>;

/** A log drain of an app. */
export interface Drain {
  readonly id: string;
  /** With its credentials: never print it unmasked. */
  readonly url: string;
  /** `d.<uuid>`, sent as Logplex-Drain-Token. */
  readonly token: string;
  readonly createdAt: number;
}

/** A custom domain of an app. */
export interface Domain {
  readonly id: string;
  readonly hostname: string;
  readonly createdAt: number;
}

/** A name under which an app sees an add-on: `DATABASE` puts its `URL` into `DATABASE_URL`. */
export interface AddonAttachment {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

/** One instance of a plan of a service: a database, a cache, a schedule. */
export interface Addon {
  readonly id: string;
  /** `postgresql-curly-12345`. */
  readonly name: string;
  /** `heroku-postgresql`. */
  readonly service: string;
  /** `essential-0`. */
  readonly plan: string;
  /** What it gives, by the end of the config var: `URL` → `postgres://…`. Secret. */
  readonly config: ConfigVars;
  /** What its provider keeps of it; nobody else reads it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What its provider said when it was made: which server it is. */
  readonly message?: string;
  readonly attachments: readonly AddonAttachment[];
  readonly createdAt: number;
}

/** What is kept of an app between two runs, except its releases. */
export interface App {
  readonly id: string;
  readonly name: string;
  readonly formation: Formation;
  readonly domains: readonly Domain[];
  readonly drains: readonly Drain[];
  /** Missing in what was kept before there were add-ons. */
  readonly addons?: readonly Addon[];
  /** Features that were switched by hand: `http-session-affinity` → true. */
  readonly features: Readonly<Record<string, boolean>>;
  readonly maintenance: boolean;
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * Where one run of a process stands. The words `starting`, `up`, `crashed`, `down` are those of the
 * API; `stopping` is ours and shown as `up` is on Heroku until the process has ended.
 * `status` is the exit status (128 + signal where a signal ended it).
 */
export type DynoStatus =
  | { readonly state: 'starting' }
  | { readonly state: 'up' }
  | { readonly state: 'stopping' }
  | {
      readonly state: 'crashed';
      readonly reason: 'exit' | 'R10' | 'R15' | 'spawn';
      readonly exitStatus: number;
      /** When the slot starts its next dyno, in ms since the epoch. */
      readonly nextTryAt?: number;
    }
  | { readonly state: 'down'; readonly reason: 'exit' | 'R12'; readonly exitStatus: number };

/** Where a web dyno listens. */
export interface Address {
  /** `127.0.0.1` or `::1`, whichever the dyno bound. */
  readonly host: string;
  readonly port: number;
}

/**
 * One run of one process. A crash or a restart makes a new dyno (a new id) in the same slot, so
 * whoever holds a dyno keys by `id`, never by `name`.
 */
export interface Dyno {
  readonly id: string;
  /** Id of the app. */
  readonly app: string;
  /** Process type: `web`; `run` for one-off dynos, `release` for the release phase. */
  readonly type: string;
  /** 1, 2, …: the number behind the dot; for one-offs the four random digits. */
  readonly slot: number;
  /** `web.1`, `run.4821`. */
  readonly name: string;
  readonly command: string;
  readonly size: string;
  /** Version of the release that it runs. */
  readonly release: number;
  readonly status: DynoStatus;
  /** Known as soon as a web dyno is up. */
  readonly address?: Address;
  /** The `PORT` it was given. */
  readonly port?: number;
  /** Leader of its process group, while it runs. */
  readonly pid?: number;
  /** Crashes in this slot since it was last stable. */
  readonly restarts: number;
  /** ms since the epoch: when the dyno was made, and when its status last changed. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * A log message: one or more whole lines of one process that arrived together.
 * One message per read (not per line) is what makes a flood cheap.
 */
export interface LogMessage {
  /** Id of the app. */
  readonly app: string;
  /** Microseconds since the epoch. */
  readonly time: number;
  /** `app`, `heroku`, or the name of an add-on. */
  readonly source: string;
  /** `web.1`, `router`, `api`, `logplex`. */
  readonly process: string;
  /** Whole lines joined with `\n`, none at the end; each at most 10,000 bytes of UTF-8. */
  readonly text: string;
}
