// A receiver of OTLP on the official .proto files: its totals are the summary's, also over a restart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OtlpAttribute, OtlpReceiver } from './otlp-receiver.ts';
import {
  assertNothingLost,
  assertSameSum,
  type RunTotals,
  restarting,
  runWithOutput,
  sentMetrics,
} from './output-lab.ts';

interface Point {
  readonly attributes?: readonly OtlpAttribute[];
  readonly asDouble?: number;
  readonly asInt?: string;
  readonly count?: string;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
  readonly zeroCount?: string;
  readonly positive?: { readonly bucketCounts?: readonly string[] };
}
interface Points {
  readonly dataPoints: readonly Point[];
  readonly aggregationTemporality?: string;
  readonly isMonotonic?: boolean;
}
interface Metric {
  readonly name: string;
  readonly unit?: string;
  readonly sum?: Points;
  readonly gauge?: Points;
  readonly histogram?: Points;
  readonly exponentialHistogram?: Points;
}
interface MetricsRequest {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
}

const total = (points: readonly Point[], read: (point: Point) => number): number =>
  points.reduce((sum, point) => sum + read(point), 0);
const attribute = (point: Point, key: string) => point.attributes?.find((one) => one.key === key)?.value.stringValue;

/** Compares the last request, which carries the totals of the run, with the summary. */
function compare(totals: RunTotals, receiver: OtlpReceiver): Map<string, Metric> {
  assertNothingLost(totals);
  const [{ resource, scopeMetrics }] = (receiver.requests.at(-1) as unknown as MetricsRequest).resourceMetrics;
  assert.equal(resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue, 'k6');
  const metrics = new Map(scopeMetrics[0]!.metrics.map((metric) => [metric.name, metric]));
  for (const [name, metric, kind] of sentMetrics(totals)) {
    const sent = metrics.get(kind === 'rate' ? `${name}.total` : name);
    assert.ok(sent !== undefined, name);
    switch (kind) {
      case 'counter':
        assert.deepEqual(
          [sent.sum?.aggregationTemporality, sent.sum?.isMonotonic],
          ['AGGREGATION_TEMPORALITY_CUMULATIVE', true],
        );
        assertSameSum(
          total(sent.sum!.dataPoints, ({ asDouble = 0 }) => asDouble),
          metric['count']!,
          name,
        );
        break;
      case 'gauge':
        assert.equal(sent.gauge?.dataPoints[0]?.asDouble, metric['value'], name);
        break;
      case 'rate': {
        const count = (condition: string) =>
          total(
            sent.sum!.dataPoints.filter((point) => attribute(point, 'condition') === condition),
            ({ asInt }) => Number(asInt),
          );
        assert.deepEqual([count('nonzero'), count('zero')], [metric['passes'], metric['fails']], name);
        break;
      }
      case 'trend': {
        const points = (sent.histogram ?? sent.exponentialHistogram)!.dataPoints;
        const count = total(points, (point) => Number(point.count));
        assert.equal(count, metric['count'], name);
        assertSameSum(total(points, ({ sum = 0 }) => sum) / count, metric['avg']!, name);
        assert.deepEqual(
          [Math.min(...points.map(({ min = 0 }) => min)), Math.max(...points.map(({ max = 0 }) => max))],
          [metric['min'], metric['max']],
          name,
        );
        const buckets = total(points, ({ bucketCounts = [], positive, zeroCount = '0' }) =>
          [...bucketCounts, ...(positive?.bucketCounts ?? []), zeroCount].reduce((sum, text) => sum + Number(text), 0),
        );
        assert.equal(buckets, count, name);
        break;
      }
    }
  }
  return metrics;
}

test('a collector has the totals of the summary over gRPC, although it was stopped and started in the middle', async () => {
  const receiver = new OtlpReceiver('metrics', 'grpc');
  await receiver.start();
  const totals = await runWithOutput({
    out: 'opentelemetry',
    env: {
      K6_OTEL_GRPC_EXPORTER_INSECURE: 'true',
      K6_OTEL_GRPC_EXPORTER_ENDPOINT: receiver.address,
      K6_OTEL_EXPORT_INTERVAL: '200ms',
      K6_OTEL_HEADERS: 'x-tenant=blue',
    },
    disturb: restarting(receiver),
  });
  await receiver.stop();
  assert.equal(receiver.headers['x-tenant'], 'blue');
  const metrics = compare(totals, receiver);
  assert.equal(metrics.get('http_req_duration')?.unit, 'ms');
  assert.equal(metrics.get('data_sent')?.unit, 'By');
  assert.equal(attribute(metrics.get('http_reqs')!.sum!.dataPoints[0]!, 'top ping'), 'a, b="c" \\ d');
});

test('over HTTP, with exponential histograms', async () => {
  const receiver = new OtlpReceiver('metrics', 'http');
  await receiver.start();
  const totals = await runWithOutput({
    out: 'opentelemetry',
    env: {
      K6_OTEL_EXPORTER_PROTOCOL: 'http/protobuf',
      K6_OTEL_HTTP_EXPORTER_INSECURE: 'true',
      K6_OTEL_HTTP_EXPORTER_ENDPOINT: receiver.address,
      K6_OTEL_EXPORT_INTERVAL: '200ms',
      K6_OTEL_EXPONENTIAL_HISTOGRAMS: 'true',
    },
    disturb: restarting(receiver),
  });
  await receiver.stop();
  assert.equal(receiver.headers[':path'], '/v1/metrics');
  assert.ok(compare(totals, receiver).get('weight')?.exponentialHistogram);
});
