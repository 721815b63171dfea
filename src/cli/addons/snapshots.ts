/** Snapshots of a database, as its commands see them. */
import { Args } from '../command.js';

/** One snapshot. */
export interface Snapshot {
  readonly name: string;
  /** ISO 8601. */
  readonly created_at: string;
  /** Bytes. */
  readonly size: number;
}

/** The arguments of commands about one snapshot, which comes first, as a backup does. */
export const DATABASE_BEHIND = Args.string({
  description: 'Add-on, attachment or config var; default: DATABASE',
});
