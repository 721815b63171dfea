import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineAssembler, LONGEST_LINE } from '../../../../src/runtime/engine/local/output.js';

/** All lines that come out when these bytes go in, cut into reads at these places. */
function linesOf(bytes: Buffer, cuts: readonly number[] = []): string[] {
  const assembler = new LineAssembler();
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  const blocks: (string | undefined)[] = [];
  let start = 0;
  for (const place of places) {
    if (place > start) blocks.push(assembler.push(bytes.subarray(start, place)));
    start = Math.max(start, place);
  }
  blocks.push(assembler.end());
  return blocks.flatMap((block) => (block === undefined ? [] : block.split('\n')));
}

describe('lines of a stream', () => {
  const table: [string, string, string[]][] = [
    ['one line', 'a\n', ['a']],
    ['a last line without a newline', 'a\nb', ['a', 'b']],
    ['empty lines', '\n\na\n\n', ['', '', 'a', '']],
    ['nothing', '', []],
    ['CRLF', 'a\r\nb\r\n', ['a', 'b']],
    ['a carriage return within a line', '10%\r20%\r\n', ['10%\r20%']],
    ['NUL bytes and escapes', 'a\0b\x1b[31mc\x1b[0m\n', ['a\0b\x1b[31mc\x1b[0m']],
    ['characters of four bytes', '😀é漢\n', ['😀é漢']],
  ];
  it.each(table)('keeps %s', (_name, text, lines) => {
    expect(linesOf(Buffer.from(text))).toEqual(lines);
  });

  it('gives several lines of one read as one block', () => {
    expect(new LineAssembler().push(Buffer.from('a\nb\nc'))).toBe('a\nb');
  });

  it('takes a line of exactly the longest length, with either ending', () => {
    const line = 'x'.repeat(LONGEST_LINE);
    expect(linesOf(Buffer.from(`${line}\n`))).toEqual([line]);
    expect(linesOf(Buffer.from(`${line}\r\n`))).toEqual([line]);
  });

  it('splits a longer line between characters', () => {
    const lines = linesOf(Buffer.from(`x${'é'.repeat(10_000)}\nnext\n`));
    expect(lines.join('')).toBe(`x${'é'.repeat(10_000)}next`);
    expect(lines.at(-1)).toBe('next');
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LONGEST_LINE);
  });

  it('gives the pieces of a line of 10 MB while it arrives', () => {
    const assembler = new LineAssembler();
    const read = Buffer.alloc(64 * 1024, 'x');
    let given = 0;
    for (let reads = 1; reads <= 160; reads += 1) {
      given += (assembler.push(read) ?? '').replaceAll('\n', '').length;
      expect(reads * read.length - given).toBeLessThanOrEqual(LONGEST_LINE + 1);
    }
  });

  it('gives the same lines however the bytes were cut into reads', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.constantFrom('\n', '\r\n', '\r', '😀').map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc
        .tuple(fc.constantFrom('x', 'é', '😀'), fc.integer({ min: 4_900, max: 21_000 }))
        .map(([character, count]) => Buffer.from(character.repeat(count))),
      fc.integer({ min: 3_000, max: 11_000 }).map((length) => Buffer.alloc(length, 0xff)),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.array(fc.nat(200_000), { maxLength: 20 }),
        (pieces, cuts) => {
          const bytes = Buffer.concat(pieces);
          const lines = linesOf(bytes, cuts);
          expect(lines).toEqual(linesOf(bytes));
          for (const line of lines) {
            expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LONGEST_LINE);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('loses nothing of a text of short lines', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replace(/[\r\n]/g, ''))),
        fc.array(fc.nat(1_000), { maxLength: 20 }),
        (lines, cuts) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          expect(linesOf(bytes, cuts)).toEqual(lines.map((line) => Buffer.from(line).toString()));
        },
      ),
    );
  });
});
