// Requests of OTLP, read by protobufjs with the definitions of opentelemetry-proto (metrics/v1/metrics.proto), as far as they are used.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import protobuf from 'protobufjs';
import type { MetricDescription } from '../../metrics/metric.ts';
import type { Series } from '../../metrics/series-table.ts';
import { ExponentialHistogram } from '../exponential-histogram.ts';
import { SeriesSinks } from '../series-sinks.ts';
import { DEFAULT_BOUNDS, ExplicitHistogram } from './explicit-histogram.ts';
import { MetricsRequest, type TrendHistogram } from './metrics-request.ts';
import { readOtelSettings } from './otel-settings.ts';

const { root } = protobuf.parse(`syntax = "proto3";
  message Request { repeated ResourceMetrics resource_metrics = 1; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
  message Scope { string name = 1; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; } }
  message Metric {
    string name = 1; string description = 2; string unit = 3;
    oneof data { Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; ExponentialHistogram exponential_histogram = 10; }
  }
  message Gauge { repeated NumberDataPoint data_points = 1; }
  message Sum { repeated NumberDataPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
  message Histogram { repeated HistogramDataPoint data_points = 1; int32 aggregation_temporality = 2; }
  message ExponentialHistogram { repeated ExponentialHistogramDataPoint data_points = 1; int32 aggregation_temporality = 2; }
  message NumberDataPoint {
    fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; repeated KeyValue attributes = 7;
    oneof value { double as_double = 4; sfixed64 as_int = 6; }
  }
  message HistogramDataPoint {
    fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4; double sum = 5;
    repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7; repeated KeyValue attributes = 9;
    optional double min = 11; optional double max = 12;
  }
  message ExponentialHistogramDataPoint {
    repeated KeyValue attributes = 1; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4;
    double sum = 5; sint32 scale = 6; fixed64 zero_count = 7; Buckets positive = 8; Buckets negative = 9;
    optional double min = 12; optional double max = 13;
    message Buckets { sint32 offset = 1; repeated uint64 bucket_counts = 2; }
  }`);

interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}
type Point = Readonly<Record<string, number>> & {
  readonly attributes?: readonly KeyValue[];
  readonly bucketCounts?: readonly number[];
  readonly explicitBounds?: readonly number[];
  readonly positive?: { readonly offset: number; readonly bucketCounts: readonly number[] };
  readonly negative?: { readonly offset: number; readonly bucketCounts: readonly number[] };
};
interface Data {
  readonly dataPoints: readonly Point[];
  readonly aggregationTemporality?: number;
  readonly isMonotonic?: boolean;
}
interface Metric {
  readonly name: string;
  readonly unit?: string;
  readonly gauge?: Data;
  readonly sum?: Data;
  readonly histogram?: Data;
  readonly exponentialHistogram?: Data;
}

const START = 1_700_000_000_000;
const NOW = START + 1500;

interface Given {
  readonly metric: MetricDescription;
  readonly tags?: Series['tags'];
  readonly values: readonly number[];
}

function encode(given: readonly Given[], env: Record<string, string> = {}): Buffer | null {
  const settings = readOtelSettings('', { env });
  const sinks = new SeriesSinks<TrendHistogram>(
    () => (settings.exponential ? new ExponentialHistogram() : new ExplicitHistogram()),
    false,
  );
  for (const { metric, tags = [], values } of given)
    for (const value of values) for (const receiver of sinks.receiversFor(metric, tags)) receiver.add(value, NOW);
  return new MetricsRequest(settings, START).encode(sinks.all(), NOW);
}

function decode(bytes: Buffer | null) {
  const Request = root.lookupType('Request');
  const message = Request.toObject(Request.decode(bytes!), { longs: Number, defaults: false }) as {
    resourceMetrics: {
      resource: { attributes: KeyValue[] };
      scopeMetrics: { scope: { name: string }; metrics: Metric[] }[];
    }[];
  };
  assert.equal(message.resourceMetrics.length, 1);
  const [{ resource, scopeMetrics }] = message.resourceMetrics as [(typeof message.resourceMetrics)[0]];
  assert.equal(scopeMetrics.length, 1);
  return {
    resource: textsOf(resource.attributes),
    scope: scopeMetrics[0]!.scope.name,
    metrics: scopeMetrics[0]!.metrics,
  };
}
const textsOf = (attributes: readonly KeyValue[] = []) => attributes.map(({ key, value }) => [key, value.stringValue]);
const metricsOf = (given: readonly Given[], env?: Record<string, string>) => decode(encode(given, env)).metrics;
const described = (
  name: string,
  type: MetricDescription['type'],
  contains: MetricDescription['contains'] = 'default',
) => ({
  name,
  type,
  contains,
});

describe('a request of OTLP', () => {
  test('says what service it is of, and there is none where there is nothing to say', () => {
    const given = [{ metric: described('m', 'counter'), values: [1] }];
    const { resource, scope, metrics } = decode(
      encode(given, { K6_OTEL_SERVICE_NAME: 'shop', K6_OTEL_SERVICE_VERSION: '7', K6_OTEL_METRIC_PREFIX: 'load_' }),
    );
    assert.deepEqual(resource, [
      ['service.name', 'shop'],
      ['service.version', '7'],
    ]);
    assert.deepEqual([scope, metrics[0]!.name], ['k6', 'load_m']);
    assert.equal(encode([]), null);
  });

  test('has one metric per name, and in it a point per series, from the beginning of the run to now', () => {
    const metric = described('m', 'counter', 'data');
    const [one, ...rest] = metricsOf([
      { metric, tags: [['a', '1']], values: [1, 2] },
      { metric, tags: [['a', '2']], values: [0.5] },
    ]);
    assert.deepEqual(rest, []);
    assert.equal(one!.unit, 'By');
    const { dataPoints, aggregationTemporality, isMonotonic } = one!.sum!;
    assert.deepEqual([aggregationTemporality, isMonotonic], [2, true]);
    assert.deepEqual(
      dataPoints.map(({ asDouble, attributes }) => [asDouble, textsOf(attributes)]),
      [
        [3, [['a', '1']]],
        [0.5, [['a', '2']]],
      ],
    );
    for (const { startTimeUnixNano, timeUnixNano } of dataPoints)
      assert.deepEqual([startTimeUnixNano, timeUnixNano], [START * 1e6, NOW * 1e6]);
  });

  test('leaves out tags without a name or a value, and keeps those of every character', () => {
    const tags: Series['tags'] = [
      ['', 'nameless'],
      ['empty', ''],
      ['ünï 😀', '"\n\\'],
    ];
    const [one] = metricsOf([{ metric: described('m', 'gauge'), tags, values: [7, -3] }]);
    const [point] = one!.gauge!.dataPoints;
    assert.deepEqual([point!['asDouble'], textsOf(point!.attributes)], [-3, [['ünï 😀', '"\n\\']]]);
  });

  test('says zero where a value is zero: without a value a point would say that there is none', () => {
    const [gauge] = metricsOf([{ metric: described('g', 'gauge'), values: [0] }]);
    assert.equal(gauge!.gauge!.dataPoints[0]!['asDouble'], 0);
    const [trend] = metricsOf([{ metric: described('t', 'trend'), values: [0] }]);
    assert.deepEqual([trend!.histogram!.dataPoints[0]!['min'], trend!.histogram!.dataPoints[0]!['max']], [0, 0]);
  });

  test('counts a rate’s samples by whether they were zero, and says nothing of none', () => {
    const metric = described('r', 'rate');
    const points = (values: number[]) =>
      metricsOf([{ metric, tags: [['a', 'b']], values }])[0]!.sum!.dataPoints.map(({ asInt, attributes }) => [
        asInt,
        textsOf(attributes).at(-1),
      ]);
    assert.equal(metricsOf([{ metric, values: [1] }])[0]!.name, 'r.total');
    assert.deepEqual(points([1, 0, 5, 0, 1]), [
      [3, ['condition', 'nonzero']],
      [2, ['condition', 'zero']],
    ]);
    assert.deepEqual(points([0]), [[1, ['condition', 'zero']]]);
  });

  test('has of a trend every value in one bucket, with count, sum, least and greatest', () => {
    const [one] = metricsOf([{ metric: described('t', 'trend', 'time'), values: [0, 5, 5.1, 20_000] }]);
    assert.equal(one!.unit, 'ms');
    const [point] = one!.histogram!.dataPoints;
    assert.deepEqual(
      [point!['count'], point!['sum'], point!['min'], point!['max'], one!.histogram!.aggregationTemporality],
      [4, 20_010.1, 0, 20_000, 2],
    );
    assert.deepEqual(point!.explicitBounds, DEFAULT_BOUNDS);
    assert.equal(point!.bucketCounts!.length, DEFAULT_BOUNDS.length + 1);
    assert.deepEqual([...point!.bucketCounts!.slice(0, 3), point!.bucketCounts!.at(-1)], [1, 1, 1, 1]);
    assert.equal(
      point!.bucketCounts!.reduce((sum, count) => sum + count, 0),
      4,
    );
  });

  test('has exponential buckets without gaps where they are asked for, of each sign', () => {
    const values = [0, 1, 1.05, 4, -2];
    const [one] = metricsOf([{ metric: described('t', 'trend'), values }], { K6_OTEL_EXPONENTIAL_HISTOGRAMS: 'true' });
    const [point] = one!.exponentialHistogram!.dataPoints;
    const { scale, zeroCount, count, positive, negative } = point! as Point & { positive: object; negative: object };
    assert.deepEqual([scale, zeroCount, count], [3, 1, 5]);
    const base = 2 ** (1 / 8);
    /** The bounds of the buckets that hold something, and how much. */
    const bounds = (buckets: NonNullable<Point['positive']>) =>
      buckets.bucketCounts.flatMap((held, i) =>
        held === 0 ? [] : [[base ** (buckets.offset + i), base ** (buckets.offset + i + 1), held] as const],
      );
    const held = bounds(positive as NonNullable<Point['positive']>);
    assert.equal(held.length, 3);
    for (const [value, [low, high, times]] of [1, 1.05, 4].map((value, i) => [value, held[i]!] as const))
      assert.ok(low < value && value <= high * (1 + 1e-12) && times === 1, `${value} between ${low} and ${high}`);
    const [[low, high]] = bounds(negative as NonNullable<Point['positive']>) as [readonly [number, number, number]];
    assert.ok(low < 2 && 2 <= high * (1 + 1e-12));
  });
});
