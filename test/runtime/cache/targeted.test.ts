import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetedDirectives } from '../../../src/runtime/cache/targeted.js';
import { raw } from './values.js';

const read = (...lines: string[]) => {
  const found = targetedDirectives(raw({ 'CDN-Cache-Control': lines }));
  return found && Object.fromEntries(found);
};

describe('CDN-Cache-Control', () => {
  it.each([
    [['max-age=60, public'], { 'max-age': '60', public: true }],
    [['max-age=60', 'public'], { 'max-age': '60', public: true }],
    [['max-age="60", x=tok'], { x: 'tok' }],
    [['max-age=1.5'], {}],
    [['no-store=?0, max-age=1'], { 'max-age': '1' }],
    [['private="a, b"'], { private: 'a, b' }],
    [['x=(a b), max-age=1'], { 'max-age': '1' }],
  ])('reads %j as a dictionary', (lines, expected) => {
    expect(read(...lines)).toEqual(expected);
  });

  it.each([[''], ['max-age=60, &&&&'], ['MaX-aGe=60'], ['max-age =60'], ['max-age= 60']])(
    'ignores %j as a whole',
    (line) => {
      expect(read(line)).toBeUndefined();
    },
  );

  it('is undefined when the field is absent', () => {
    expect(targetedDirectives([])).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (line) => void read(line)));
  });
});
