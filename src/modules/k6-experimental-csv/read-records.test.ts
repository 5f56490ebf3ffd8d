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
