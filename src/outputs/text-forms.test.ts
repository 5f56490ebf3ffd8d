// Lines of text that outputs write, read by readers written from the pages that define them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MetricDescription } from '../metrics/metric.ts';
import type { Series } from '../metrics/series-table.ts';
import { describePoint, PointTimes } from './influxdb/line-protocol.ts';
import { describeTags, formatPoint } from './json-point.ts';
import { createIntervalSink, formatTags } from './statsd/statsd-interval.ts';
import { TIME_FORMATS, TimeText } from './time-text.ts';
import { escapeCopy, TimestampText } from './timescaledb/copy-rows.ts';

const PIECES = [
  'a',
  'B',
  ' ',
  ',',
  '=',
  '\\',
  '"',
  '\n',
  '\r',
  '\t',
  'é',
  '😀',
  '|',
  ':',
  '#',
  '@',
  '\0',
  '&',
  '\u2028',
];
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
const textOf = (random: (below: number) => number, most = 6): string =>
  Array.from({ length: 1 + random(most) }, () => PIECES[random(PIECES.length)]).join('');
const seriesOf = (tags: Series['tags'], type: MetricDescription['type'] = 'counter'): Series =>
  ({ metric: { name: 'my metric', type, contains: 'default' }, tags }) as unknown as Series;

/** Line protocol: a backslash takes a comma, an equals sign or a blank literally, and stands for itself otherwise. */
function readLine(line: string): { measurement: string; tags: [string, string][]; fields: string } {
  const parts: string[] = [''];
  const ends: string[] = [];
  let at = 0;
  for (; at < line.length; at++) {
    const char = line[at]!;
    if (char === '\\' && ', ='.includes(line[at + 1] ?? 'x')) parts[parts.length - 1] += line[++at]!;
    else if (char === ' ') break;
    else if (char === ',' || (char === '=' && ends.length > 0)) {
      ends.push(char);
      parts.push('');
    } else parts[parts.length - 1] += char;
  }
  const [measurement = '', ...rest] = parts;
  assert.equal(rest.length % 2, 0, line);
  const tags = rest.flatMap((key, i): [string, string][] => (i % 2 === 0 ? [[key, rest[i + 1]!]] : []));
  assert.deepEqual(
    ends,
    tags.flatMap(() => [',', '=']),
    line,
  );
  return { measurement, tags, fields: line.slice(at + 1) };
}

describe('line protocol', () => {
  test('gives every tag back, but for what it cannot hold', () => {
    const random = createRandom(1);
    const held = (text: string): string => text.replace(/[\r\n]+/g, ' ').replace(/\\+$/, '');
    for (let round = 0; round < 3000; round++) {
      const tags: Series['tags'] = Array.from({ length: random(4) }, (_, i) => [
        `${i}${textOf(random)}`,
        textOf(random),
      ]);
      const line = describePoint(seriesOf(tags), {});
      const read = readLine(`${line}1 2`);
      assert.deepEqual(
        [read.measurement, read.tags, read.fields],
        [
          'my metric',
          tags
            .map(([key, value]): [string, string] => [held(key), held(value)])
            .filter(([key, value]) => key !== '' && value !== ''),
          'value=1 2',
        ],
        JSON.stringify(tags),
      );
    }
  });

  test('has fields of the type of their column, or leaves them out', () => {
    const fieldsOf = (value: string, type: 'string' | 'int' | 'float' | 'bool'): string =>
      describePoint(seriesOf([['f', value]]), { f: type }).slice('my\\ metric '.length, -'value='.length);
    for (const [value, type, field] of [
      ['7', 'int', 'f=7i,'],
      ['-007', 'int', 'f=-7i,'],
      ['+7', 'int', 'f=7i,'],
      ['7.5', 'int', ''],
      ['9'.repeat(19), 'int', ''],
      ['0x10', 'int', ''],
      ['1e-7', 'float', 'f=0.0000001,'],
      ['1e21', 'float', 'f=1000000000000000000000,'],
      ['Infinity', 'float', ''],
      [' ', 'float', ''],
      ['1,5', 'float', ''],
      ['T', 'bool', 'f=true,'],
      ['0', 'bool', 'f=false,'],
      ['yes', 'bool', ''],
      ['say "a\\b"\nnow', 'string', 'f="say \\"a\\\\b\\" now",'],
    ] as const)
      assert.equal(fieldsOf(value, type), field, `${value} as ${type}`);
    // What every object has is no column.
    assert.equal(readLine(`${describePoint(seriesOf([['constructor', 'x']]), {})}1`).tags.length, 1);
  });

  test('has a time of its own for each of many points of the same moment, in its millisecond or just behind', () => {
    const times = new PointTimes('ns');
    const moment = 1_700_000_000_123;
    const seen = new Set<string>();
    for (let n = 0; n < 239; n++) {
      const text = times.format(moment);
      assert.match(text, /^1700000000123000\d{3}$/);
      seen.add(text);
    }
    assert.equal(seen.size, 239);
    const late = Array.from({ length: 239 }, () => BigInt(times.format(moment + 0.9999999)));
    for (const time of late)
      assert.ok(time >= 1_700_000_000_123_999_000n && time < 1_700_000_000_125_000_000n, `${time}`);
    assert.deepEqual(
      [new PointTimes('s').format(1999.9), new PointTimes('ms').format(1999.9), new PointTimes('us').format(1.2345)],
      ['1', '1999', '1234'],
    );
  });
});

describe('statsd', () => {
  const texts = (
    type: MetricDescription['type'],
    add: [value: number, time?: number][],
    name = 'm',
    tags: Series['tags'] = [],
  ): string[] => {
    const sink = createIntervalSink({ name, type, contains: 'default' }, 'k6.', tags, '|#t:v');
    for (const [value, time = 0] of add) sink.add(value, time);
    const lines = sink.take().map(({ text }) => text);
    assert.deepEqual(sink.take(), [], 'told once');
    return lines;
  };

  test('has a line per metric and push, by its type', () => {
    assert.deepEqual(texts('counter', [[1], [2.5], [-1]]), ['k6.m:2.5|c|#t:v']);
    assert.deepEqual(
      texts('gauge', [
        [1, 5],
        [2, 3],
        [3, 5],
      ]),
      ['k6.m:3|g|#t:v'],
    );
    assert.deepEqual(texts('gauge', [[-3]]), ['k6.m:0|g|#t:v', 'k6.m:-3|g|#t:v']);
    assert.deepEqual(texts('rate', [[1], [0], [5]]), ['k6.m:2|c|#t:v', 'k6.m.zero:1|c|#t:v']);
    assert.deepEqual(texts('rate', [[0]], 'checks', [['check', 'is 200: yes']]), [
      'k6.check.is 200_ yes.fail:1|c|#t:v',
    ]);
    assert.deepEqual(texts('trend', [[1], [1e-7]]), ['k6.m:1|ms|#t:v', 'k6.m:0.0000001|ms|#t:v']);
    for (const type of ['counter', 'gauge', 'rate', 'trend'] as const) assert.deepEqual(texts(type, []), []);
  });

  test('says of many values a hundred, for how many they stand, and no value that was not there', () => {
    const sink = createIntervalSink({ name: 'm', type: 'trend', contains: 'time' }, '', [], '');
    for (let value = 1; value <= 400; value++) sink.add(value, 0);
    const lines = sink.take();
    assert.equal(lines.length, 100);
    assert.equal(
      lines.reduce((sum, { samples }) => sum + samples, 0),
      400,
    );
    for (const { text } of lines) assert.match(text, /^m:(?:[1-9]\d?|[1-3]\d\d|400)\|ms\|@0\.25$/);
    assert.equal(new Set(lines.map(({ text }) => text)).size, 100);
  });

  test('keeps its marks out of names and tags', () => {
    const random = createRandom(2);
    for (let round = 0; round < 500; round++) {
      const tags: Series['tags'] = [
        [textOf(random), textOf(random)],
        ['off', 'x'],
        ['none', ''],
      ];
      assert.match(formatTags(tags, ['off']), /^\|#[^:|@#,\r\n]+:[^:|@#,\r\n]+$/u);
    }
    assert.equal(formatTags([['off', 'x']], ['off']), '');
  });
});

describe('rows for COPY', () => {
  test('come back as they went, but for what PostgreSQL cannot hold', () => {
    const random = createRandom(3);
    const readBack = (text: string): string =>
      text.replace(/\\(.)/gs, (_, char: string) => ({ t: '\t', n: '\n', r: '\r' })[char] ?? char);
    for (let round = 0; round < 2000; round++) {
      const text = textOf(random, 12);
      const escaped = escapeCopy(text);
      assert.doesNotMatch(escaped, /[\t\n\r\0]/);
      assert.equal(readBack(escaped), text.replaceAll('\0', ''));
    }
    assert.equal(escapeCopy('\\N'), '\\\\N');
    assert.equal(escapeCopy('half \ud83d'), 'half \ufffd');
  });

  test('have times to the microsecond, in whatever order they come', () => {
    const text = new TimestampText();
    for (const time of [
      0, 1700000000123, 1699999999999, 1700000000123.456, 1700000000999.9, 951782400000, 1700000000123,
    ]) {
      const micros = Math.floor(time * 1000);
      assert.equal(
        text.format(time),
        `${new Date(time).toISOString().slice(0, 19)}.${String(micros % 1_000_000).padStart(6, '0')}Z`,
      );
    }
  });
});

describe('times as text', () => {
  test('mean the moment that they are of, in every form', () => {
    const text = new TimeText();
    const random = createRandom(4);
    for (let round = 0; round < 2000; round++) {
      // Around both changes of the clock of most zones, too.
      const time =
        Date.UTC(2026, random(12), 1 + random(28), random(24), random(60), random(60)) + random(1_000_000) / 1000;
      for (const format of TIME_FORMATS) {
        const shown = text.format(time, format);
        const ms = format.startsWith('unix')
          ? Number(shown) / { unix: 1e-3, unix_milli: 1, unix_micro: 1e3, unix_nano: 1e6 }[format as 'unix']
          : Date.parse(shown);
        const within = format === 'unix' || format === 'rfc3339' ? 1000 : 1;
        assert.ok(ms <= time + 0.001 && time - ms < within, `${time} as ${format}: ${shown}`);
      }
    }
    const digits = (time: number): string => /:\d\d(\.\d+)?(?:Z|[+-])/.exec(text.rfc3339Nano(time))?.[1] ?? '';
    assert.deepEqual(
      [0, 100, 120, 123, 0.5, 999.9999].map((ms) => digits(1_700_000_000_000 + ms)),
      ['', '.1', '.12', '.123', '.0005', ''],
    );
  });
});

test('a point of JSON is JSON, whatever is in its tags', () => {
  const random = createRandom(5);
  for (let round = 0; round < 500; round++) {
    const tags: Series['tags'] = [
      [textOf(random), textOf(random)],
      ['__proto__', 'x'],
    ];
    const metadata: [string, string][] = [['m', textOf(random)]];
    const line = formatPoint('name', '2026-01-01T00:00:00Z', 1.5, describeTags({ tags }), metadata);
    assert.equal(line.indexOf('\n'), line.length - 1);
    const { data } = JSON.parse(line) as { data: { value: number; tags: object; metadata: object } };
    assert.deepEqual(
      [data.value, Object.entries(data.tags), Object.entries(data.metadata)],
      [1.5, tags.map((tag) => [...tag]), metadata],
    );
  }
  for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
    assert.equal(
      (JSON.parse(formatPoint('n', 't', value, describeTags({ tags: [] }))) as { data: { value: unknown } }).data.value,
      null,
    );
});
