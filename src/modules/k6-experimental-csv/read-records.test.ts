import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseRecords, readCsvOptions } from './csv-options.ts';
import { CsvError, readRecords } from './read-records.ts';

const read = (text: string, delimiter = ','): string[][] => [...readRecords(text, delimiter)];

test('quotes hold delimiters, quotes and line ends; line ends are of either kind; empty lines are none', () => {
  assert.deepEqual(read('a,b\r\n"x,1","say ""hi"""\n\n"two\r\nlines",\n,'), [
    ['a', 'b'],
    ['x,1', 'say "hi"'],
    ['two\nlines', ''],
    ['', ''],
  ]);
  assert.deepEqual(read('\ufeffa;b\n1;2', ';'), [
    ['a', 'b'],
    ['1', '2'],
  ]);
  assert.deepEqual(read(''), []);
  assert.deepEqual(read('""'), [['']]);
});

test('what cannot be read is placed by its line', () => {
  assert.throws(() => read('a\n"b\nc'), { constructor: CsvError, message: /line 2: a quoted field has no end/ });
  assert.throws(() => read('a\n"b"c'), /line 2: "c" stands behind the end of a quoted field/);
  assert.throws(() => read('a"b'), /line 1: a quote stands in a field that is not quoted/);
});

test('options choose lines, and make objects by the names of the first', () => {
  const text = 'a,b\n1,2\n3,4\n5';
  const choose = (options: object): unknown[] => [...chooseRecords(text, readCsvOptions(options))];
  assert.deepEqual(choose({ fromLine: 1, toLine: 2 }), [
    ['1', '2'],
    ['3', '4'],
  ]);
  assert.deepEqual(choose({ asObjects: true, toLine: 1 }), [{ a: '1', b: '2' }]);
  assert.deepEqual(choose({ asObjects: true }).at(-1), { a: '5' });
  assert.deepEqual(
    [...chooseRecords('__proto__\nx', readCsvOptions({ asObjects: true }))].map((o) => Object.keys(o)),
    [['__proto__']],
  );
  assert.throws(() => [...chooseRecords('a\n1,2', readCsvOptions({ asObjects: true }))], /record 2 has 2 fields/);
});

test('options that cannot be used are named', () => {
  for (const [options, message] of [
    [{ delimiter: '' }, /delimiter must be one character/],
    [{ delimiter: ';;' }, /delimiter must be one character/],
    [{ fromLine: -1 }, /fromLine must be a whole number/],
    [{ fromLine: 3, toLine: 2 }, /fromLine must not be greater than toLine/],
    [{ asObjects: true, skipFirstLine: true }, /exclude each other/],
    [{ asObjects: true, fromLine: 1 }, /exclude each other/],
  ] as const) {
    assert.throws(() => readCsvOptions(options), message);
  }
});

test('what is written as RFC 4180 has it is read as it was, with any delimiter', () => {
  const alphabet = ['a', 'é', '😀', '"', ',', ';', '\t', '\n', ' ', '', '|'];
  let seed = 11;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (const delimiter of [',', ';', '\t', '|', 'é', '😀'])
    for (const lineEnd of ['\n', '\r\n'])
      for (let round = 0; round < 60; round++) {
        const records = Array.from({ length: 1 + random(4) }, () =>
          Array.from({ length: 1 + random(4) }, () =>
            Array.from({ length: random(5) }, () => alphabet[random(alphabet.length)]).join(''),
          ),
        )
          // A record of one empty field is an empty line, and that is none.
          .filter((record) => record.length > 1 || record[0] !== '');
        const write = (field: string): string =>
          /["\n]/.test(field) || field.includes(delimiter) || random(3) === 0
            ? `"${field.replaceAll('"', '""')}"`
            : field;
        const text = records
          .map((record) => record.map(write).join(delimiter) + lineEnd)
          .join(random(3) === 0 ? lineEnd : '');
        assert.deepEqual(read(text, delimiter), records, JSON.stringify(text));
        if (records.length > 0)
          assert.deepEqual(read(text.slice(0, -lineEnd.length), delimiter), records, 'without the last line end');
      }
});

test('carriage returns are part of a line end or of a field', () => {
  assert.deepEqual(read('a\rb,c\r\nd\r'), [['a\rb', 'c'], ['d']]);
  assert.deepEqual(read('"a\rb"\r\n"c\r\nd"'), [['a\rb'], ['c\nd']]);
  assert.deepEqual(read('\r\n\r\na'), [['a']]);
});

test('lines are counted over quoted ones and empty ones', () => {
  assert.throws(() => read('"a\nb"\n\n\r\nc,"d\n\n"x'), /line 7: "x" stands behind/);
  assert.throws(() => read('a\r\n"b\r\nc",d"'), /line 3: a quote stands in a field/);
});

test('a delimiter that would end a line or a field is refused', () => {
  for (const delimiter of ['"', '\n', '\r', '', 'ab', 7, null])
    assert.throws(() => readCsvOptions({ delimiter }), /delimiter must be one character/, JSON.stringify(delimiter));
});
