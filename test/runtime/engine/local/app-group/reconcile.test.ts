import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  reconcile,
  type SlotFact,
  type TypeWish,
} from '../../../../../src/runtime/engine/local/app-group/reconcile.js';

const wish = (type: string, quantity: number, signature = 'a'): TypeWish => {
  return { type, quantity, signature };
};
const fact = (name: string, signature = 'a', state: SlotFact['state'] = 'running'): SlotFact => {
  const [type = '', number] = name.split('.');
  return { type, number: Number(number), signature, state };
};

/** `start web.1`, in order; what is kept is left out. */
function told(
  wishes: TypeWish[],
  facts: SlotFact[],
  before: Record<string, number> = Object.fromEntries(wishes.map((w) => [w.type, w.quantity])),
): string[] {
  return reconcile(wishes, facts, new Map(Object.entries(before)))
    .filter((action) => action.kind !== 'keep')
    .map((action) => `${action.kind} ${action.type}.${action.number}`);
}

describe('reconcile', () => {
  it('starts what is missing, in the order of the Procfile', () => {
    expect(told([wish('web', 2), wish('clock', 1)], [])).toEqual([
      'start web.1',
      'start web.2',
      'start clock.1',
    ]);
  });

  it('stops the highest numbers', () => {
    const facts = ['web.1', 'web.2', 'web.3'].map((name) => fact(name));
    expect(told([wish('web', 1)], facts)).toEqual(['stop web.3', 'stop web.2']);
  });

  it('stops a type that is gone', () => {
    expect(told([wish('web', 1)], [fact('web.1'), fact('old.1')])).toEqual(['stop old.1']);
  });

  it('does nothing when the wish is the fact', () => {
    expect(told([wish('web', 1)], [fact('web.1')])).toEqual([]);
  });

  it('replaces what changed and leaves the rest alone', () => {
    const facts = [fact('web.1', 'old'), fact('worker.1')];
    expect(told([wish('web', 1), wish('worker', 1)], facts)).toEqual(['replace web.1']);
  });

  it('fills a gap', () => {
    expect(told([wish('web', 2)], [fact('web.2')])).toEqual(['start web.1']);
  });

  it('leaves a dyno stopped that was stopped by hand, until its type is scaled or changed', () => {
    const facts = [fact('web.1', 'a', 'held'), fact('web.2')];
    expect(told([wish('web', 2)], facts)).toEqual([]);
    expect(told([wish('web', 3)], facts, { web: 2 })).toEqual(['replace web.1', 'start web.3']);
    expect(told([wish('web', 2, 'b')], facts)).toEqual(['replace web.1', 'replace web.2']);
  });

  it('ends with exactly the wanted slots, whatever there was', () => {
    const types = fc.constantFrom('web', 'worker', 'clock');
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record({ type: types, quantity: fc.nat(5), signature: fc.constant('a') }),
          {
            selector: (one) => one.type,
          },
        ),
        fc.uniqueArray(
          fc.record({
            type: types,
            number: fc.integer({ min: 1, max: 6 }),
            signature: fc.constantFrom('a', 'b'),
            state: fc.constant('running' as const),
          }),
          { selector: (one) => `${one.type}.${one.number}` },
        ),
        (wishes, facts) => {
          const slots = new Set(facts.map((one) => `${one.type}.${one.number}`));
          for (const action of reconcile(wishes, facts, new Map())) {
            const name = `${action.type}.${action.number}`;
            if (action.kind === 'stop') slots.delete(name);
            if (action.kind === 'start') slots.add(name);
          }
          const wanted = wishes.flatMap((one) =>
            Array.from({ length: one.quantity }, (_, i) => `${one.type}.${i + 1}`),
          );
          expect([...slots].sort()).toEqual(wanted.sort());
        },
      ),
    );
  });
});
