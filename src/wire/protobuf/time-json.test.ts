import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { create, fromJson, toJson } from '@bufbuild/protobuf';
import { DurationSchema, FieldMaskSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import {
  explainTime,
  formatFieldMask,
  formatTimestamp,
  parseFieldMask,
  parseJsonDuration,
  parseTimestamp,
  toDurationJson,
} from './time-json.ts';

const NANOS = [0, 1, 10, 999, 1000, 100_000, 1_000_000, 120_000_000, 999_999_999];

function theirs<T>(make: () => T): T | null {
  try {
    return make();
  } catch {
    return null;
  }
}

describe('timestamps', () => {
  const seconds = [
    -62_135_596_801n,
    -62_135_596_800n,
    -1n,
    0n,
    1n,
    951_782_399n,
    951_782_400n,
    253_402_300_799n,
    253_402_300_800n,
  ];

  test('are written as protobuf-es writes them, and read again', () => {
    for (const second of seconds)
      for (const nanos of [-1, ...NANOS, 1_000_000_000]) {
        const text = formatTimestamp({ seconds: second, nanos });
        const isFine = second >= -62_135_596_800n && second <= 253_402_300_799n && nanos >= 0 && nanos < 1e9;
        assert.equal(text !== undefined, isFine, `${second} ${nanos}`);
        if (text === undefined) {
          assert.match(explainTime({ seconds: second, nanos }, 'Timestamp'), /out of range -?\d+$/);
          continue;
        }
        assert.equal(text, toJson(TimestampSchema, create(TimestampSchema, { seconds: second, nanos })));
        assert.deepEqual(parseTimestamp(text), { seconds: second, nanos });
      }
  });

  test('are read as protobuf-es reads them', () => {
    for (const text of [
      '1970-01-01T00:00:00Z',
      '1970-01-01T00:00:00.5Z',
      '1970-01-01T00:00:00.123456789Z',
      '2000-02-29T23:59:59+14:00',
      '2000-02-29T23:59:59-12:34',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999999999Z',
      '0099-06-01T00:00:00Z',
    ]) {
      const expected = fromJson(TimestampSchema, text);
      assert.deepEqual(parseTimestamp(text), { seconds: expected.seconds, nanos: expected.nanos }, text);
    }
  });

  test('that are none are told from those out of range', () => {
    for (const text of [
      '',
      '1970-01-01',
      '1970-01-01T00:00:00',
      '1970-01-01 00:00:00Z',
      '1970-01-01t00:00:00z',
      '1970-1-1T00:00:00Z',
      '1970-13-01T00:00:00Z',
      '1970-00-01T00:00:00Z',
      '1970-02-30T00:00:00Z',
      '1900-02-29T00:00:00Z',
      '1970-01-00T00:00:00Z',
      '1970-01-01T24:00:00Z',
      '1970-01-01T00:60:00Z',
      '1970-01-01T00:00:60Z',
      '1970-01-01T00:00:00.1234567890Z',
      '1970-01-01T00:00:00.Z',
      '1970-01-01T00:00:00+1:00',
      '1970-01-01T00:00:00+24:00',
      '1970-01-01T00:00:00+00:60',
      ' 1970-01-01T00:00:00Z',
      '10000-01-01T00:00:00Z',
    ])
      assert.equal(parseTimestamp(text), 'invalid', text);
    for (const text of ['0000-12-31T23:59:59Z', '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01'])
      assert.equal(parseTimestamp(text), 'out of range', text);
  });
});

describe('durations', () => {
  test('are written as protobuf-es writes them, and read again', () => {
    for (const seconds of [-315_576_000_000n, -60n, -1n, 0n, 1n, 315_576_000_000n])
      for (const size of NANOS)
        for (const nanos of [size, -size]) {
          const value = { seconds, nanos: nanos === 0 ? 0 : nanos };
          const expected = theirs(() => toJson(DurationSchema, create(DurationSchema, value)));
          const text = toDurationJson(value);
          if ((seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0)) {
            assert.equal(text, undefined);
            assert.match(explainTime(value, 'Duration'), /signs/);
            continue;
          }
          assert.equal(text, expected, `${seconds} ${nanos}`);
          assert.deepEqual(parseJsonDuration(text!), value, text);
        }
    assert.equal(toDurationJson({ seconds: 315_576_000_001n, nanos: 0 }), undefined);
    assert.match(explainTime({ seconds: 315_576_000_001n, nanos: 0 }, 'Duration'), /seconds out of range 315576000001/);
    assert.match(explainTime({ seconds: 0n, nanos: 1_000_000_000 }, 'Duration'), /nanos out of range 1000000000/);
  });

  test('are read with a sign, without a whole part or without a fraction, and not otherwise', () => {
    assert.deepEqual(parseJsonDuration('+1.5s'), { seconds: 1n, nanos: 500_000_000 });
    assert.deepEqual(parseJsonDuration('.5s'), { seconds: 0n, nanos: 500_000_000 });
    assert.deepEqual(parseJsonDuration('-.5s'), { seconds: 0n, nanos: -500_000_000 });
    assert.deepEqual(parseJsonDuration('5.s'), { seconds: 5n, nanos: 0 });
    for (const text of [
      '',
      's',
      '.s',
      '-s',
      '1',
      '1m',
      '1e3s',
      '01s',
      '1.0000000000s',
      ' 1s',
      '1 s',
      '--1s',
      '1s ',
      'Infinitys',
      '1.-5s',
    ])
      assert.equal(parseJsonDuration(text), 'invalid', text);
    assert.equal(parseJsonDuration('315576000001s'), 'out of range');
    assert.equal(parseJsonDuration('-99999999999999999999s'), 'out of range');
  });
});

describe('field masks', () => {
  test('go from one form to the other as in protobuf-es', () => {
    for (const paths of [[], ['a'], ['a_b', 'c.d_e'], ['a.b.c'], ['a1_b2'], ['x_y_z']]) {
      const text = formatFieldMask(paths);
      assert.equal(text, toJson(FieldMaskSchema, create(FieldMaskSchema, { paths })));
      assert.deepEqual(parseFieldMask(text as string), fromJson(FieldMaskSchema, text as string).paths);
      assert.deepEqual(parseFieldMask(text as string), paths);
    }
  });

  test('name the path that has no other form', () => {
    for (const bad of ['aB', 'a__b', 'a_1', '_a'.replace('_a', 'a_'), 'a_B'])
      assert.deepEqual(formatFieldMask(['fine', bad]), { bad, problem: 'contains irreversible value' }, bad);
    for (const bad of ['', 'a.', '.a', 'a b', '1a', 'a..b', 'ä'])
      assert.deepEqual(formatFieldMask(['fine', bad]), { bad, problem: 'contains invalid path' }, bad);
    for (const bad of ['a_b', '', ' a', 'a.', '1']) assert.deepEqual(parseFieldMask(`fine,${bad}`), { bad }, bad);
    assert.deepEqual(parseFieldMask('  '), []);
  });
});
