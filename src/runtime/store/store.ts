/** What the platform keeps of an app between two runs. Facts (what runs) are never kept. */
import type { App, ProcessTypes, Release } from '../model.js';

/** The wish for an app, whole: one file, written beside and renamed, so never half. */
export interface StoredApp {
  readonly app: App;
  /** Oldest first. The last one that succeeded is current. */
  readonly releases: readonly Release[];
  /** The Procfile as it was last read: an edit of it is a deploy, a rollback's older types are not. */
  readonly procfile: ProcessTypes;
}

/** Keeps apps. */
export interface Store {
  /** The app as it was last saved, or undefined before its first save. @throws PlatformError when what is there cannot be read */
  load(): Promise<StoredApp | undefined>;
  /** Saves durably: after it resolves a kill -9 loses nothing, and no reader ever sees half of it. @throws PlatformError when it cannot be written (read-only, full), with the mend */
  save(stored: StoredApp): Promise<void>;
}
