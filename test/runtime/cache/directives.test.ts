import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deltaSeconds,
  isUnqualified,
  namedFields,
  parseDirectives,
  seconds,
} from '../../../src/runtime/cache/directives.js';

const read = (...lines: string[]) => Object.fromEntries(parseDirectives(lines));

describe('Cache-Control', () => {
  it.each([
    [['max-age=60'], { 'max-age': '60' }],
    [['MaX-aGe=60, No-StOrE'], { 'max-age': '60', 'no-store': true }],
    [['public', 'max-age=60'], { public: true, 'max-age': '60' }],
    [['max-age="60"'], { 'max-age': '60' }],
    [['  max-age=60 ,, ,public\t'], { 'max-age': '60', public: true }],
    [['x="a, max-age=60", max-age=1'], { x: 'a, max-age=60', 'max-age': '1' }],
    [['x="say \\"no-store\\"", public'], { x: 'say "no-store"', public: true }],
    [['no-cache="a, b", private=c'], { 'no-cache': 'a, b', private: 'c' }],
    [['max-age=1, max-age=60'], { 'max-age': '1' }],
    [[''], {}],
    [[',,,'], {}],
  ])('reads %j as its grammar has it', (lines, expected) => {
    expect(read(...lines)).toEqual(expected);
  });

  it.each([
    ['max-age =60', 'max-age'],
    ['max-age=60 public', 'max-age'],
    ['max-age= 60', 'max-age'],
    ["max-age='60'", 'max-age'],
    ['max-age=-60', 'max-age'],
    ['max-age=60.5', 'max-age'],
    ['max-age=60s', 'max-age'],
    ['max-age', 'max-age'],
  ])('takes %j as stale', (line, name) => {
    expect(seconds(parseDirectives([line]), name)).toBe(0);
  });

  it.each([
    'x="open, no-store',
    'no-store;x=1',
    'no-store foo',
    '"no-store, no-store',
    'no-store=1',
  ])('finds the no-store in %j, which breaks the grammar', (line) => {
    expect(parseDirectives([line]).has('no-store')).toBe(true);
  });

  it('finds no no-store inside a quoted string', () => {
    expect(parseDirectives(['x="no-store", max-age=1']).has('no-store')).toBe(false);
  });

  it('counts numbers that are too large as the largest', () => {
    expect(deltaSeconds('99999999999')).toBe(2_147_483_648);
    expect(deltaSeconds('9'.repeat(400))).toBe(2_147_483_648);
  });

  it('tells qualified from unqualified', () => {
    const qualified = parseDirectives(['private="X-User, Set-Cookie"']);
    expect(namedFields(qualified, 'private')).toEqual(['x-user', 'set-cookie']);
    expect(isUnqualified(qualified, 'private')).toBe(false);
    expect(isUnqualified(parseDirectives(['private=""']), 'private')).toBe(true);
    expect(isUnqualified(parseDirectives(['private']), 'private')).toBe(true);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (lines) => {
        const directives = parseDirectives(lines);
        for (const name of directives.keys()) seconds(directives, name);
      }),
    );
  });

  it('finds a no-store in any order and company of well-formed directives', () => {
    const other = fc.constantFrom(
      'public',
      'max-age=60',
      'x="a,b\\"c"',
      'private="y"',
      's-maxage=1',
      '',
    );
    fc.assert(
      fc.property(
        fc.array(other),
        fc.array(other),
        fc.constantFrom('no-store', 'NO-STORE'),
        (a, b, word) => {
          expect(parseDirectives([[...a, word, ...b].join(',')]).has('no-store')).toBe(true);
        },
      ),
    );
  });
});
