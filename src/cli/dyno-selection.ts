/** Which dynos `restart` and `stop` mean. Pure. */

/** All dynos of an app, those of one process type, or one by its name. */
export type DynoSelection =
  | { readonly kind: 'all' }
  | { readonly kind: 'type'; readonly type: string }
  | { readonly kind: 'dyno'; readonly name: string };

/** `web.1` and `run.4821` are dynos, `web` is a type; nothing means all. */
export function selectDynos(words: readonly string[]): DynoSelection[] {
  if (words.length === 0) return [{ kind: 'all' }];
  return words.map((word) =>
    /\.\d+$/.test(word) ? { kind: 'dyno', name: word } : { kind: 'type', type: word },
  );
}

/** The process type that a selection is of; undefined: all of them. */
export function typeOf(selection: DynoSelection): string | undefined {
  if (selection.kind === 'all') return undefined;
  return selection.kind === 'type' ? selection.type : selection.name.replace(/\.\d+$/, '');
}

/** In words: `all dynos`, `all web dynos`, `dyno web.1`. */
export function inWords(selection: DynoSelection): string {
  if (selection.kind === 'all') return 'all dynos';
  return selection.kind === 'type' ? `all ${selection.type} dynos` : `dyno ${selection.name}`;
}

/** Where the API has it, behind `/apps/shop`. Types are under `formations`, in the plural. */
export function pathOf(selection: DynoSelection): string {
  if (selection.kind === 'all') return '/dynos';
  return selection.kind === 'type'
    ? `/formations/${encodeURIComponent(selection.type)}`
    : `/dynos/${encodeURIComponent(selection.name)}`;
}
