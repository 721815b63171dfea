/** Which dynos a start asks for: `-m web=2,all=1`, types by name, `-x worker`. Pure. */
import { PlatformError } from '../errors.js';
import type { Formation } from '../model.js';
import { MOST_DYNOS, unknownType, withinLimit } from './formation.js';

/** What the command line said. */
export interface Selection {
  /** `web=2,worker=1,all=1`: types that it does not name do not run, as with foreman. */
  readonly formation?: string;
  /** Only these types run. */
  readonly only?: readonly string[];
  /** These do not. */
  readonly except?: readonly string[];
  /** These run on a terminal of their own. */
  readonly tty?: readonly string[];
}

/**
 * The formation of this run. What was kept is not changed by it.
 * @throws PlatformError for a type that there is not, or a formation that cannot be read
 */
export function select(
  formation: Formation,
  { formation: text, only = [], except = [], tty = [] }: Selection,
): Formation {
  const types = Object.keys(formation);
  for (const type of [...only, ...except, ...tty]) {
    if (!types.includes(type)) throw unknownType(type, types);
  }
  const wanted = text === undefined ? undefined : parseFormation(text, types);
  const rows = Object.entries(formation).map(([type, entry]) => {
    const stays = (only.length === 0 || only.includes(type)) && !except.includes(type);
    const quantity = wanted ? (wanted.get(type) ?? wanted.get('all') ?? 0) : entry.quantity;
    // A type that was named on the command line is meant to run, also when it was scaled to 0.
    const asked = only.includes(type) && !wanted ? Math.max(quantity, 1) : quantity;
    return [type, { ...entry, quantity: stays ? asked : 0 }];
  });
  return withinLimit(Object.fromEntries(rows));
}

function parseFormation(text: string, types: readonly string[]): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const [, type = '', quantity = ''] = /^([\w-]+)=(\d{1,3})$/.exec(part) ?? [];
    if (type === '' || Number(quantity) > MOST_DYNOS) {
      throw new PlatformError(
        'invalid_params',
        `Can't read ${JSON.stringify(part)} in the formation. Write it like -m web=2,worker=1,all=1.`,
        { exitStatus: 2 },
      );
    }
    if (type !== 'all' && !types.includes(type)) throw unknownType(type, types);
    wanted.set(type, Number(quantity));
  }
  return wanted;
}
