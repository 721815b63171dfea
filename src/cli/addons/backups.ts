/** Backups as a table. Pure. */
import { columns } from '../table.js';
import { since } from '../time.js';

/** A backup as the platform describes it. */
export interface Backup {
  readonly name: string;
  readonly created_at: string;
  /** Bytes. */
  readonly size: number;
  readonly file: string;
}

/** Newest first. @param now ms since the epoch */
export function backupTable(backups: readonly Backup[], now: number, width: number): string {
  const rows = backups
    .toReversed()
    .map(({ name, created_at, size }) => [
      name,
      `Completed ${since(created_at, now)}`,
      bytes(size),
    ]);
  return columns([['ID', 'Status', 'Size'], ...rows], width);
}

/** `12.3 kB` */
export function bytes(size: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, size < 1 ? 0 : Math.floor(Math.log10(size) / 3));
  const number = size / 1000 ** power;
  return `${power === 0 ? number : number.toPrecision(3)} ${units[power]}`;
}
