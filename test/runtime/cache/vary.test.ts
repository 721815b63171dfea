import { describe, expect, it } from 'vitest';
import { preferredLanguage, variantOf, varyFields } from '../../../src/runtime/cache/vary.js';
import { raw } from './values.js';

type Fields = Record<string, string | string[]>;
const variant = (fields: Fields, ...vary: string[]) => variantOf(vary, raw(fields), '');

describe('Vary', () => {
  it.each([
    [
      ['Foo, bar', 'FOO'],
      ['bar', 'foo'],
    ],
    [[''], []],
    [['*'], undefined],
    [['Foo, *'], undefined],
    [['', ', *'], undefined],
  ])('reads %j', (lines, expected) => {
    expect(varyFields(raw({ Vary: lines }))).toEqual(expected);
  });

  it.each<[string, Fields, Fields]>([
    ['a list split over lines', { Foo: ['1', '2'] }, { Foo: '1, 2' }],
    ['white space around', { Foo: ' 1 ,  2 ' }, { Foo: '1,2' }],
    ['languages in another order', { 'Accept-Language': 'en, de' }, { 'Accept-Language': 'DE,eN' }],
    ['equal qualities', { 'Accept-Language': 'en;q=1.0' }, { 'Accept-Language': 'en; q=1' }],
    ['fields that are not named', { Foo: '1', Other: '2' }, { Foo: '1', Other: '3' }],
  ])('takes as one variant: %s', (_, one, other) => {
    const named = ['accept-language', 'foo'];
    expect(variant(one, ...named)).toBe(variant(other, ...named));
  });

  it.each<[string, Fields, Fields]>([
    ['another value', { Foo: '1' }, { Foo: '2' }],
    ['absent and empty', {}, { Foo: '' }],
    ['another order of a list that is not ranked', { Foo: '1, 2' }, { Foo: '2, 1' }],
    ['a comma inside quotes', { Foo: '"1,2"' }, { Foo: '"1, 2"' }],
    ['other qualities', { 'Accept-Language': 'en;q=0.5,de' }, { 'Accept-Language': 'en,de' }],
    ['the values of two fields changed over', { Foo: '1', Bar: '2' }, { Foo: '2', Bar: '1' }],
    ['a value that looks like the next field', { Bar: 'x', Foo: '1' }, { Bar: 'x\nfoo:1' }],
  ])('keeps apart: %s', (_, one, other) => {
    const named = ['accept-language', 'bar', 'foo'];
    expect(variant(one, ...named)).not.toBe(variant(other, ...named));
  });

  it('knows which language is wanted above all', () => {
    const wanted = (value: string) => preferredLanguage(raw({ 'Accept-Language': value }));
    expect(wanted('fr;q=0.5, DE;q=1.0')).toBe('de');
    expect(wanted('en, de')).toBeUndefined();
    expect(wanted('*')).toBeUndefined();
    expect(preferredLanguage([])).toBeUndefined();
  });
});
