// A broker of Kafka's protocol from Debian: each sample is a message, and together they are what the summary says, also over a restart.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { KafkaCluster, NO_KAFKA } from '../../servers/spawn-kafka.ts';
import { runCommand, Scratch } from '../command.ts';
import { until } from '../until.ts';
import {
  assertNothingLost,
  assertSameSum,
  type LabRun,
  type RunTotals,
  runWithOutput,
  sentMetrics,
} from './output-lab.ts';

interface Point {
  readonly type: string;
  readonly metric: string;
  readonly data: { readonly time: string; readonly value: number; readonly tags: Readonly<Record<string, string>> };
}

const clusters: KafkaCluster[] = [];
after(() => Promise.all(clusters.map((cluster) => cluster.remove())));

async function startCluster(topic: string): Promise<KafkaCluster> {
  const cluster = new KafkaCluster(topic);
  clusters.push(cluster);
  await cluster.start();
  return cluster;
}

/** Waits until all has been read – a topic's partitions are read in no order –, and compares sums over messages with the summary. */
async function compareWhenRead(
  cluster: KafkaCluster,
  totals: RunTotals,
  valuesOf: (metric: string) => number[],
): Promise<void> {
  const isRead = (): boolean => {
    try {
      compare(totals, valuesOf);
      return true;
    } catch {
      return false;
    }
  };
  // What does not come in time is named by the comparison.
  await until(isRead, 'all samples').catch(() => {});
  const known = cluster.messages.length;
  await wait(600);
  assert.equal(cluster.messages.length, known, 'nothing comes twice');
  compare(totals, valuesOf);
}

/** @param valuesOf a metric's @throws AssertionError where a sum is another one */
function compare(totals: RunTotals, valuesOf: (metric: string) => number[]): void {
  assertNothingLost(totals);
  for (const [name, metric, kind] of sentMetrics(totals)) {
    const values = valuesOf(name);
    const sum = values.reduce((a, b) => a + b, 0);
    switch (kind) {
      case 'counter':
        assertSameSum(sum, metric['count']!, name);
        break;
      case 'gauge':
        assert.ok(values.includes(metric['value']!), name);
        break;
      case 'rate':
        assert.deepEqual([sum, values.length], [metric['passes'], metric['passes']! + metric['fails']!], name);
        break;
      case 'trend':
        assert.equal(values.length, metric['count'], name);
        assertSameSum(sum / values.length, metric['avg']!, name);
    }
  }
}

describe('Kafka', { skip: NO_KAFKA, concurrency: 3 }, () => {
  test('has every sample as JSON, although its broker was stopped and started in the middle', async () => {
    const cluster = await startCluster('k6');
    const disturb: LabRun['disturb'] = async ({ command, shop }) => {
      // What a broker has taken and its consumer has not read goes with it: nothing comes but gauges, once a second, and the rest is read.
      await shop.hold(3);
      await until(async () => {
        const known = cluster.messages.length;
        await wait(600);
        return known > 0 && cluster.messages.length === known;
      }, 'all has been read');
      await cluster.stop();
      shop.release();
      await command.printed(/; the test goes on/);
      await shop.serves(30);
      await cluster.start();
      await command.printed(/works again/);
    };
    const totals = await runWithOutput({
      out: `xk6-kafka=brokers={${cluster.address}},topic=k6,format=json`,
      env: { K6_KAFKA_PUSH_INTERVAL: '200ms' },
      disturb,
    });
    const points = (): Point[] => cluster.messages.map((text) => JSON.parse(text) as Point);
    await compareWhenRead(cluster, totals, (name) =>
      points()
        .filter(({ metric }) => metric === name)
        .map(({ data }) => data.value),
    );
    const all = points();
    assert.ok(all.every(({ type }) => type === 'Point'));
    assert.match(totals.stdout, /output: xk6-kafka \(127\.0\.0\.1:\d+, topic k6\)/);
    const request = all.find(({ metric }) => metric === 'http_reqs')!;
    assert.deepEqual([request.data.tags['name'], request.data.tags['top ping']], ['menu', 'a, b="c" \\ d']);
  });

  test('has every sample as a point of InfluxDB', async () => {
    const cluster = await startCluster('points');
    const totals = await runWithOutput({
      out: 'kafka',
      env: { K6_KAFKA_BROKERS: cluster.address, K6_KAFKA_TOPIC: 'points', K6_KAFKA_FORMAT: 'influxdb' },
    });
    const valuesOf = (name: string): number[] =>
      cluster.messages
        .filter((line) => line.startsWith(`${name},`) || line.startsWith(`${name} `))
        .map((line) => Number(/value=(\S+) \d{19}$/.exec(line)?.[1]));
    await compareWhenRead(cluster, totals, valuesOf);
  });

  test('nobody there, and what cannot be meant', async () => {
    const scratch = new Scratch();
    try {
      const script = scratch.write('x.js', 'export default () => {};');
      const run = (...words: string[]) => runCommand(['run', ...words, script], { cwd: scratch.folder });
      const lost = await run('--out', 'kafka=brokers=127.0.0.1:1,topic=x');
      assert.equal(lost.exit, 0, lost.stderr);
      assert.match(`${lost.stdout}${lost.stderr}`, /\d+ samples did not get there: .*127\.0\.0\.1:1/);
      for (const [argument, problem] of [
        ['topic=x', /needs brokers and a topic/],
        ['brokers=a,topic=x,secret', /takes KEY=VALUE between commas/],
        ['brokers=a,topic=x,format=avro', /is none of json, influxdb/],
      ] as const) {
        const { exit, stderr } = await run('--out', `xk6-kafka=${argument}`);
        assert.notEqual(exit, 0);
        assert.match(stderr, problem);
        assert.doesNotMatch(stderr, /secret/);
      }
    } finally {
      scratch.remove();
    }
  });
});
