// What is written is read by protobufjs, with the definitions of those who receive it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import protobuf from 'protobufjs';
import type { MetricDescription } from '../metrics/metric.ts';
import type { Series } from '../metrics/series-table.ts';
import { ExponentialHistogram } from './exponential-histogram.ts';
import { writeHistogram } from './prometheus/native-histogram.ts';
import { WriteRequest } from './prometheus/write-request.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { SeriesSinks } from './series-sinks.ts';

const root = protobuf.parse(`syntax = "proto3";
  message All {
    string text = 1; uint64 integer = 2; sint64 signed = 3; double number = 4; fixed64 fixed = 5; bytes octets = 6; All child = 7;
    repeated fixed64 fixeds = 8; repeated double numbers = 9; repeated uint64 integers = 10; repeated sint64 signeds = 11;
    repeated string many = 200000;
  }
  message WriteRequest { repeated TimeSeries timeseries = 1; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; repeated Histogram histograms = 4; }
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }
  message BucketSpan { sint32 offset = 1; uint32 length = 2; }
  message Histogram {
    uint64 count_int = 1; double sum = 3; sint32 schema = 4; double zero_threshold = 5; uint64 zero_count_int = 6;
    repeated BucketSpan negative_spans = 8; repeated sint64 negative_deltas = 9;
    repeated BucketSpan positive_spans = 11; repeated sint64 positive_deltas = 12;
    int64 timestamp = 15;
  }`).root;
const decode = (type: string, bytes: Uint8Array): Record<string, never> => {
  const Type = root.lookupType(type);
  return Type.toObject(Type.decode(bytes), { longs: Number, defaults: true, bytes: Buffer }) as Record<string, never>;
};

const INTEGERS = [
  0,
  1,
  127,
  128,
  16_383,
  16_384,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 35,
  2 ** 49,
  Number.MAX_SAFE_INTEGER,
];

describe('fields', () => {
  test('of numbers are read as they were written, at all borders', () => {
    const writer = new ProtobufWriter();
    for (const value of INTEGERS) {
      writer.integer(2, value);
      assert.equal(decode('All', writer.finish())['integer'], value);
    }
    for (const value of INTEGERS.flatMap((one) => [one, -one]).filter((one) => Math.abs(one) <= 2 ** 50)) {
      writer.signed(3, value);
      assert.equal(decode('All', writer.finish())['signed'], value === 0 ? 0 : value, `${value}`);
    }
    for (const value of [0, -0, 0.1, -1e300, 5e-324, Number.POSITIVE_INFINITY]) {
      writer.double(4, value);
      assert.ok(Object.is(decode('All', writer.finish())['number'], value), `${value}`);
    }
    writer.packedIntegers(10, INTEGERS);
    writer.packedSigned(11, [0, -1, 1, -(2 ** 40), 2 ** 40]);
    writer.packedDouble(9, [0.5, -0.5]);
    writer.packedFixed64(8, [0, 1, 2 ** 40]);
    writer.fixed64(5, 2n ** 40n);
    const all = decode('All', writer.finish());
    assert.deepEqual(
      [all['integers'], all['signeds'], all['numbers'], all['fixeds'], all['fixed']],
      [INTEGERS, [0, -1, 1, -(2 ** 40), 2 ** 40], [0.5, -0.5], [0, 1, 2 ** 40], 2 ** 40],
    );
  });

  test('of text and octets are read as they were written, over each growth of the buffer and each size of a length', () => {
    const writer = new ProtobufWriter();
    for (const length of [0, 1, 42, 43, 127, 128, 5461, 5462, 16_383, 16_384, 65_535, 65_536, 300_000]) {
      for (const char of ['a', 'é', '€', '😀']) {
        const text = char.repeat(Math.floor(length / char.length));
        writer.text(1, text);
        writer.bytes(6, Buffer.from(text));
        writer.text(200_000, text);
        const {
          text: read,
          octets,
          many,
        } = decode('All', writer.finish()) as unknown as { text: string; octets: Buffer; many: string[] };
        assert.ok(read === text && octets.equals(Buffer.from(text)) && many[0] === text, `${length} of ${char}`);
      }
    }
    writer.text(1, 'half \ud83d');
    assert.equal(decode('All', writer.finish())['text'], 'half \ufffd');
  });

  test('within messages within messages keep their places', () => {
    const writer = new ProtobufWriter();
    const nest = (depth: number): void => {
      writer.text(1, 'x'.repeat(depth * 40));
      if (depth > 0) writer.message(7, () => nest(depth - 1));
      writer.integer(2, depth);
    };
    nest(60);
    let at = decode('All', writer.finish()) as unknown as { text: string; integer: number; child?: never };
    for (let depth = 60; depth >= 0; depth--) {
      assert.deepEqual([at.text.length, at.integer], [depth * 40, depth]);
      if (depth > 0) at = at.child!;
    }
    writer.message(7, () => {});
    assert.notEqual(decode('All', writer.finish())['child'], null);
    assert.equal(writer.finish().length, 0);
  });

  test('that were written before go in as they are', () => {
    const [inner, outer] = [new ProtobufWriter(), new ProtobufWriter()];
    inner.text(1, 'inner');
    const bytes = inner.finish();
    inner.text(1, 'overwritten');
    outer.raw(bytes);
    assert.equal(outer.length, bytes.length);
    assert.equal(decode('All', outer.finish())['text'], 'inner');
  });
});

/** The counts of buckets by their numbers, as whoever receives a native histogram reads it. */
function readBuckets(
  spans: readonly { offset: number; length: number }[],
  deltas: readonly number[],
): Map<number, number> {
  const buckets = new Map<number, number>();
  let [bucket, count, at] = [0, 0, 0];
  for (const { offset, length } of spans) {
    bucket += offset;
    for (let place = 0; place < length; place++, bucket++) {
      count += deltas[at++]!;
      assert.ok(count >= 0);
      if (count > 0) buckets.set(bucket, count);
    }
  }
  assert.equal(at, deltas.length);
  return buckets;
}

describe('native histograms', () => {
  let seed = 9;
  const random = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  for (const [what, draw] of [
    ['of values close together', () => 100 + random()],
    ['of values far apart', () => 2 ** (random() * 200 - 100)],
    ['of both signs and zero', () => Math.round(random() * 20 - 10)],
    [
      'of infinite values and the least there are',
      () =>
        [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, Number.MAX_VALUE, 1][Math.floor(random() * 5)]!,
    ],
    ['of nothing', null],
  ] as const)
    test(`${what} say of each value in which bucket it lies`, () => {
      const histogram = new ExponentialHistogram();
      const positive = new Map<number, number>();
      const negative = new Map<number, number>();
      let zeros = 0;
      for (let round = 0; draw !== null && round < 300; round++) {
        const value = draw();
        histogram.add(value);
        if (value === 0) zeros++;
        else {
          const magnitude = Math.min(Math.abs(value), Number.MAX_VALUE);
          // Bucket i of schema 3 is (2^((i-1)/8), 2^(i/8)].
          let bucket = Math.ceil(Math.log2(magnitude) * 8);
          while (2 ** (bucket / 8) < magnitude) bucket++;
          while (bucket > -8592 && 2 ** ((bucket - 1) / 8) >= magnitude) bucket--;
          const buckets = value > 0 ? positive : negative;
          buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
        }
      }
      const writer = new ProtobufWriter();
      writeHistogram(writer, histogram, 1_700_000_000_123, false);
      const read = decode('Histogram', writer.finish()) as unknown as Record<string, never[]> & Record<string, number>;
      assert.deepEqual(
        [read['countInt'], read['zeroCountInt'], read['schema'], read['timestamp']],
        [draw === null ? 0 : 300, zeros, 3, 1_700_000_000_123],
      );
      const sorted = (buckets: Map<number, number>): [number, number][] => [...buckets].sort(([a], [b]) => a - b);
      if (!what.includes('least'))
        assert.deepEqual(sorted(readBuckets(read['positiveSpans']!, read['positiveDeltas']!)), sorted(positive));
      // The least numbers there are lie so close that where they lie cannot be told: their count can.
      const total = [...readBuckets(read['positiveSpans']!, read['positiveDeltas']!).values()].reduce(
        (sum, count) => sum + count,
        0,
      );
      assert.equal(
        total,
        [...positive.values()].reduce((sum, count) => sum + count, 0),
      );
      assert.deepEqual(sorted(readBuckets(read['negativeSpans']!, read['negativeDeltas']!)), sorted(negative));
    });

  test('end with a marker', () => {
    const writer = new ProtobufWriter();
    const histogram = new ExponentialHistogram();
    histogram.add(5);
    writeHistogram(writer, histogram, 7, true);
    const bytes = writer.finish();
    const read = decode('Histogram', bytes) as unknown as Record<string, unknown>;
    assert.deepEqual([read['countInt'], read['positiveSpans'], read['timestamp'], read['sum']], [0, [], 7, Number.NaN]);
    assert.ok(bytes.includes(Buffer.from('020000000000f07f', 'hex')), 'the NaN that Prometheus knows as stale');
  });
});

describe('a write request', () => {
  const add = (metric: MetricDescription, tags: Series['tags'], ...values: number[]) => {
    const sinks = new SeriesSinks<ExponentialHistogram>(() => new ExponentialHistogram(), false);
    for (const receiver of sinks.receiversFor(metric, tags)) for (const value of values) receiver.add(value, 0);
    return sinks;
  };
  const request = new WriteRequest({ trendStats: [] });
  const read = (sinks: SeriesSinks<ExponentialHistogram>, ends = false) => {
    const bytes = request.encode(sinks.all(), 1234, ends);
    assert.ok(bytes !== null);
    const { timeseries } = decode('WriteRequest', bytes) as unknown as {
      timeseries: {
        labels: { name: string; value: string }[];
        samples: { value: number; timestamp: number }[];
        histograms: unknown[];
      }[];
    };
    return timeseries.map(({ labels, samples, histograms }) => [
      Object.fromEntries(labels.map(({ name, value }) => [name, value])),
      samples,
      histograms.length,
    ]);
  };

  test('has names and labels that Prometheus takes, sorted, each once, and none that is empty', () => {
    const tags: Series['tags'] = [
      ['zeta', 'z'],
      ['a-b', 'first'],
      ['a_b', 'second'],
      ['1st', 'digit'],
      ['empty', ''],
      ['__name__', 'never'],
      ['ünï', 'ö\n"'],
    ];
    const [[labels, samples]] = read(add({ name: 'amount', type: 'counter', contains: 'default' }, tags, 1, 2)) as [
      [Record<string, string>, unknown],
    ];
    assert.deepEqual(labels, { _1st: 'digit', __name__: 'k6_amount_total', _n_: 'ö\n"', a_b: 'first', zeta: 'z' });
    assert.deepEqual(Object.keys(labels), Object.keys(labels).sort());
    assert.deepEqual(samples, [{ value: 3, timestamp: 1234 }]);
  });

  test('has times in seconds, rates as shares, and a histogram for a trend', () => {
    assert.deepEqual(read(add({ name: 'g', type: 'gauge', contains: 'time' }, [], 1500)), [
      [{ __name__: 'k6_g' }, [{ value: 1.5, timestamp: 1234 }], 0],
    ]);
    assert.deepEqual(read(add({ name: 'r', type: 'rate', contains: 'default' }, [], 1, 0, 1, 1)), [
      [{ __name__: 'k6_r_rate' }, [{ value: 0.75, timestamp: 1234 }], 0],
    ]);
    assert.deepEqual(read(add({ name: 't', type: 'trend', contains: 'time' }, [], 5)), [
      [{ __name__: 'k6_t_seconds' }, [], 1],
    ]);
    assert.equal(request.encode([], 1), null);
  });
});
