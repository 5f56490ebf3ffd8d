import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatLine, quoteValue } from './line-text.ts';
import { type LogLine, RepeatedLines } from './repeated-lines.ts';

const line = (message: string, change: Partial<LogLine> = {}, ms = 0): LogLine => ({
  level: 'warning',
  message,
  fields: {},
  time: new Date(ms),
  ...change,
});
/** Messages of the lines that are shown of many. */
function shown(lines: readonly LogLine[], repeated = new RepeatedLines()): string[] {
  return lines.flatMap((one) => repeated.take(one)).map(({ message }) => message);
}
const many = (count: number, make: (i: number) => LogLine): LogLine[] =>
  Array.from({ length: count }, (_, i) => make(i));

describe('lines that say the same', () => {
  test('are shown ten times, and then counted until ten seconds have gone', () => {
    const repeated = new RepeatedLines();
    assert.equal(
      shown(
        many(15, () => line('slow')),
        repeated,
      ).length,
      10,
    );
    assert.deepEqual(shown([line('slow', {}, 9_999)], repeated), []);
    assert.deepEqual(shown([line('slow', {}, 10_000)], repeated), ['slow … and 7 more like it']);
    assert.deepEqual(
      shown(
        many(3, () => line('slow', {}, 10_001)),
        repeated,
      ),
      [],
    );
    assert.deepEqual(
      repeated.settle().map(({ message }) => message),
      ['slow … and 3 more like it'],
    );
    assert.deepEqual(repeated.settle(), []);
  });

  test('are alike though numbers and what stands in quotes differ', () => {
    assert.equal(
      shown(many(100, (i) => line(`Request ${i} to "http://a.test/${i}?q=\\"${i}\\"" failed after ${i} ms`))).length,
      10,
    );
  });

  test('are not alike where words, levels, places or errors differ', () => {
    assert.equal(shown(many(100, (i) => line(`failed${'abcdefghij'[i % 10]}`))).length, 100);
    const kinds: Partial<LogLine>[] = [
      {},
      { level: 'error' },
      { fields: { at: 'a.js:1:1' } },
      { fields: { at: 'a.js:2:1' } },
      { fields: { error: 'refused' } },
      { fields: { error: 'reset' } },
    ];
    assert.equal(shown(kinds.flatMap((kind) => many(20, () => line('failed', kind)))).length, 60);
    assert.equal(shown(many(20, (i) => line(`failed\n\tat f (a.js:${i % 2}:1)`))).length, 20);
  });

  test('of which one alone was left out are told as that one', () => {
    const repeated = new RepeatedLines();
    for (const one of many(11, (i) => line(`number ${i}`))) repeated.take(one);
    assert.deepEqual(
      repeated.settle().map(({ message }) => message),
      ['number 10'],
    );
  });

  test('are told by their first sentence, with the number as people write it', () => {
    const repeated = new RepeatedLines();
    for (const one of many(2345, () => line('failed\n\tat f (a.js:1:1)'))) repeated.take(one);
    assert.deepEqual(
      repeated.settle().map(({ message }) => message),
      ['failed … and 2,335 more like it'],
    );
  });

  test('come back after a pause with what was left out before it', () => {
    const repeated = new RepeatedLines();
    for (const one of many(12, () => line('slow'))) repeated.take(one);
    assert.deepEqual(shown([line('slow', {}, 3_600_000)], repeated), ['slow … and 3 more like it']);
  });

  test('are counted together by their level where there is no end of kinds', () => {
    const word = (i: number): string => `w${[...String(i)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`;
    const repeated = new RepeatedLines();
    assert.equal(
      shown(
        many(1000, (i) => line(word(i))),
        repeated,
      ).length,
      1000,
    );
    assert.equal(
      shown(
        many(500, (i) => line(word(i + 1000))),
        repeated,
      ).length,
      10,
    );
    assert.equal(
      shown(
        many(500, (i) => line(word(i + 2000), { level: 'error' })),
        repeated,
      ).length,
      10,
    );
    // A kind that was there before goes on by itself.
    assert.deepEqual(shown([line(word(0))], repeated), [word(0)]);
    assert.match(repeated.settle()[0]!.message, / … and 490 more like it$/);
  });
});

describe('a line as text', () => {
  const time = new Date('2026-02-03T04:05:06.789Z');

  test('has values in quotes exactly where they would be read as something else', () => {
    for (const plain of ['a', 'a.b-c/d@e^f+g_1']) assert.equal(quoteValue(plain), plain);
    for (const text of ['', ' ', 'a b', 'a=b', '"', 'a\nb', 'ž', '\x1b[31m', 'a,b', 'a:b', "'"])
      assert.equal(JSON.parse(quoteValue(text)), text, JSON.stringify(text));
  });

  test('has one line whatever it says, and its own level and time whatever fields there are', () => {
    const hostile = line('a\nlevel=error msg="x"', { fields: { level: 'error', msg: 'y\r\n' }, time });
    const text = formatLine(hostile, 'text');
    assert.equal(text.trimEnd().split(/[\r\n]/).length, 1);
    assert.match(text, / level=warning msg="a\\nlevel=error /);
    const { level, msg } = JSON.parse(formatLine(hostile, 'json')) as Record<string, string>;
    assert.deepEqual([level, msg], ['warning', 'a\nlevel=error msg="x"']);
  });

  test('tells the time to the second with the distance from UTC', () => {
    const shownTime = (JSON.parse(formatLine(line('a', { time }), 'json')) as { time: string }).time;
    assert.match(shownTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/);
    assert.equal(new Date(shownTime).getTime(), time.getTime() - 789);
  });

  test('links codes at a terminal alone', () => {
    const one = line('a', { fields: { code: '1212', at: 'x' }, time });
    const codeLink = (text: string, code: string): string => `<${text}|${code}>`;
    const look = { started: performance.now() - 65_000, codeLink };
    assert.match(formatLine(one, 'text', look), /\[0065\] a {43} .*at.*=x .*code.*=<1212\|1212>\n$/);
    assert.doesNotMatch(formatLine(one, 'text', { ...look, codeLink: null }), /</);
    for (const format of ['raw', 'json'] as const) assert.doesNotMatch(formatLine(one, format, look), /<|\x1b/);
  });
});
