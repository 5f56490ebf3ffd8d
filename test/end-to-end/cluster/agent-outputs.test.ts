// Outputs to servers over several agents: each agent sends its own samples and spans, and together they are what the summary says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import {
  NO_INFLUXDB,
  NO_PROMETHEUS,
  type RestartableServer,
  spawnInfluxdb,
  spawnPrometheus,
} from '../../servers/spawn-outputs.ts';
import { OtlpReceiver } from '../outputs/otlp-receiver.ts';
import { assertSameSum } from '../outputs/output-lab.ts';
import { until } from '../until.ts';
import { ClusterLab, numberedScript } from './cluster-lab.ts';

const AGENTS = ['--agents', '2', '--agents-wait', '40s'];
const ITERATIONS = 300;
const skip = NO_NATS || NO_INFLUXDB || NO_PROMETHEUS;
let lab: ClusterLab;
let influx: RestartableServer;
let prometheus: RestartableServer;
const traces = new OtlpReceiver('traces', 'grpc');

before(async () => {
  if (skip) return;
  [lab, influx, prometheus] = await Promise.all([
    ClusterLab.open(),
    spawnInfluxdb(),
    spawnPrometheus(),
    traces.start(),
  ]);
  await lab.startAgents(2);
});

after(() => Promise.all([lab?.close(), influx?.remove(), prometheus?.remove(), traces.stop()]));

/** Rows of InfluxDB's answer, with the tag that they are grouped by. */
async function askInflux(query: string): Promise<{ tag: string; values: (number | string)[] }[]> {
  const answer = await fetch(`${influx.url}/query?${new URLSearchParams({ db: 'k6', q: query })}`);
  const { results } = (await answer.json()) as {
    results: { series?: { tags?: Record<string, string>; values: (number | string)[][] }[] }[];
  };
  return (results[0]?.series ?? []).map(({ tags, values }) => ({
    tag: Object.values(tags ?? {})[0] ?? '',
    values: values[0]!,
  }));
}

async function askPrometheus(query: string): Promise<number[]> {
  const answer = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query })}`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result.map(({ value }) => Number(value[1]));
}

/** What the run ends with, beside standard output. */
function summaryOf(name: string): Record<string, Record<string, number>> {
  return JSON.parse(readFileSync(`${lab.scratch.folder}/${name}`, 'utf8')).metrics;
}

const spansOf = (receiver: OtlpReceiver) =>
  (
    receiver.requests as unknown as {
      resourceSpans: { scopeSpans: { spans: { name: string; traceId: string; parentSpanId?: string }[] }[] }[];
    }[]
  ).flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));

test('servers get every sample and span of all agents, told apart by the tag "agent"', { skip }, async () => {
  const outputs = [
    ['--out', `influxdb=${influx.url}/k6`],
    ['--out', 'experimental-prometheus-rw', '--tag', 'testid=agents'],
    ['--traces-output', `otel=http://${traces.address}`],
  ].flat();
  const script = numberedScript('sent', { iterations: ITERATIONS, vus: 6, pause: 0.05 });
  const flags = [...AGENTS, ...outputs, '--summary-export', 'sent.json'];
  const file = lab.scratch.write('sent.js', script);
  const run = lab.command(['run', '--nats', lab.nats.url, '-e', `TARGET=${lab.target.url}`, ...flags, file], {
    K6_PROMETHEUS_RW_SERVER_URL: `${prometheus.url}/api/v1/write`,
    K6_PROMETHEUS_RW_PUSH_INTERVAL: '200ms',
    K6_PROMETHEUS_RW_TREND_STATS: 'count,sum',
    K6_INFLUXDB_PUSH_INTERVAL: '200ms',
  });
  const { exit, stdout, stderr } = await run.ended;
  assert.equal(exit, 0, stderr);
  assert.match(stdout, /output: influxdb \(.*\), Prometheus remote write \(.*\), traces \(/);
  assert.doesNotMatch(`${stdout}${stderr}`, /did not get there|is lost|were left out|is not complete/);
  const metrics = summaryOf('sent.json');
  const requests = metrics['http_reqs']!['count']!;

  const parts = await askInflux('SELECT COUNT(value), SUM(value) FROM http_reqs GROUP BY agent');
  assert.deepEqual(parts.map(({ tag }) => tag).sort(), ['agent-1', 'agent-2']);
  for (const [name, sum] of [
    ['http_reqs', requests],
    ['iterations', ITERATIONS],
    ['data_received', metrics['data_received']!['count']!],
    ['numbers', (ITERATIONS * (ITERATIONS - 1)) / 2],
  ] as const) {
    const [all] = await askInflux(`SELECT SUM(value) FROM ${name}`);
    assertSameSum(Number(all?.values[1]), sum, name);
  }
  const [numbers] = await askInflux('SELECT COUNT(value), MIN(value), MAX(value) FROM numbers');
  assert.deepEqual(numbers!.values.slice(1), [ITERATIONS, 0, ITERATIONS - 1]);
  // What is measured where the test is led is no agent's.
  const [users] = await askInflux('SELECT MAX(value) FROM vus_max GROUP BY agent');
  assert.deepEqual([users!.tag, users!.values[1]], ['', 6]);

  const [total] = await askPrometheus('sum(k6_http_reqs_total{testid="agents"})');
  assert.equal(total, requests);
  assert.equal((await askPrometheus('sum by (agent) (k6_iterations_total{testid="agents"})')).length, 2);
  assert.deepEqual(await askPrometheus('sum(k6_numbers_count{testid="agents"})'), [ITERATIONS]);

  const spans = spansOf(traces);
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
  // Those of setup and teardown have a trace of their own.
  assert.equal(roots.length, ITERATIONS + 2);
  assert.equal(spans.length - roots.length, requests);
  assert.equal(new Set(roots.map(({ traceId }) => traceId)).size, roots.length);
});

test('what a server does not get is said, with the agent, and who may write there is not', { skip }, async () => {
  const script = numberedScript('unsent', { iterations: 20, vus: 2, pause: 0.05 });
  const run = lab.run(script, [...AGENTS, '--out', 'influxdb=http://me:hush-hush@127.0.0.1:1/k6', '--strict']);
  const { exit, stdout, stderr } = await run.ended;
  assert.equal(exit, 120, stderr);
  assert.match(stderr, /agent-1: influxdb \(http:\/\/127\.0\.0\.1:1\/k6\): \d+ samples did not get there/);
  assert.match(stderr, /agent-2: influxdb/);
  const told = `${stdout}${stderr}${lab.agents.map((agent) => `${agent.stdout}${agent.stderr}`).join('')}`;
  assert.doesNotMatch(told, /hush-hush/);
});

test('an output that can never work on an agent ends the test before any load', { skip }, async () => {
  const { exit, stderr } = await lab.run(numberedScript('never'), [...AGENTS, '--out', 'xk6-kafka']).ended;
  assert.equal(exit, 255, stderr);
  assert.match(stderr, /needs brokers and a topic/);
  assert.equal(lab.asked('/never/').size, 0);
  await until(async () => {
    const { stdout } = await lab.command(['cluster', 'agents', '--nats', lab.nats.url]).ended;
    return !/busy|run /.test(stdout);
  }, 'agents are free again');
});
