// Prometheus of Debian: its totals are the summary's, also over a restart of the server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_PROMETHEUS, type RestartableServer, spawnPrometheus } from '../../servers/spawn-outputs.ts';
import { until } from '../until.ts';
import { NATIVE_PANELS, type Panel, STAT_PANELS } from './grafana-queries.ts';
import {
  assertNothingLost,
  assertSameSum,
  type LabRun,
  type RunTotals,
  restarting,
  runWithOutput,
  sentMetrics,
} from './output-lab.ts';

let server: RestartableServer | null = null;
after(() => server?.remove());

/** The values that a query finds, by the text of a label. */
async function ask(query: string, label = 'scenario'): Promise<Map<string, number>> {
  const answer = await fetch(`${server!.url}/api/v1/query?${new URLSearchParams({ query })}`);
  const { data } = (await answer.json()) as {
    data: { result: readonly { metric: Record<string, string>; value: [number, string] }[] };
  };
  return new Map(data.result.map(({ metric, value }) => [metric[label] ?? '', Number(value[1])]));
}

async function askOne(query: string): Promise<number> {
  const [value] = (await ask(query)).values();
  assert.notEqual(value, undefined, query);
  return value!;
}

/** @param testid null: what the program makes of it */
function run(testid: string | null, env: Record<string, string>, disturb: LabRun['disturb']): Promise<RunTotals> {
  return runWithOutput({
    out: 'experimental-prometheus-rw',
    env: {
      K6_PROMETHEUS_RW_SERVER_URL: `${server!.url}/api/v1/write`,
      K6_PROMETHEUS_RW_PUSH_INTERVAL: '200ms',
      ...env,
    },
    words: [
      ...(testid === null ? [] : ['--tag', `testid=${testid}`]),
      '--summary-trend-stats',
      'count,min,max,avg,p(95)',
    ],
    ...(disturb && { disturb }),
  });
}

/**
 * Runs until virtual users have been counted, once a second, and a rate can be worked out: of several points of one series.
 * @param testid as a regular expression
 */
const longer =
  (testid: string): LabRun['disturb'] =>
  async ({ shop }) => {
    await shop.serves(200);
    const points = `max(count_over_time(k6_http_reqs_total{testid=~"${testid}"}[10m]))`;
    await until(async () => Math.max(0, ...(await ask(points)).values()) >= 3, 'several points of a series');
  };

/** What the program makes of it where nobody gives one. */
const OWN_TESTID = '[0-9]{8}-[0-9]{6}-[0-9a-f]{6}';

/** Asks what the panels of a dashboard ask, as Grafana fills in its variables. */
async function lookAt(panels: readonly Panel[], testid: string, { metrics }: RunTotals): Promise<void> {
  const fill = (text: string, stat: string) =>
    text.replaceAll('$testid', testid).replaceAll('$quantile_stat', stat).replaceAll('$__rate_interval', '10m');
  for (const { panel, query, expects } of panels) {
    const filled = fill(query, 'p95');
    switch (expects.kind) {
      case 'positive':
        assert.ok((await askOne(filled)) > 0, panel);
        break;
      case 'labels':
        assert.deepEqual([...(await ask(filled, expects.label)).keys()].sort(), expects.values, panel);
        break;
      case 'summary': {
        const wanted = metrics[expects.metric]![fill(expects.value, 'p(95)')]! / expects.scale;
        const found = await askOne(filled);
        assert.ok(Math.abs(found - wanted) <= Math.abs(wanted) * expects.within, `${panel}: ${found}, not ${wanted}`);
      }
    }
  }
}

describe('Prometheus', { skip: NO_PROMETHEUS }, () => {
  before(async () => {
    server = await spawnPrometheus();
  });

  test('has the totals of the summary, although it was stopped and started in the middle', async () => {
    const totals = await run('stats', { K6_PROMETHEUS_RW_TREND_STATS: 'count,sum,min,max' }, restarting(server!));
    assertNothingLost(totals);
    for (const [name, metric, kind] of sentMetrics(totals)) {
      const seconds = /^(?:http_req_|iteration_duration|baking|group_)/.test(name) ? 1000 : 1;
      const stat = (suffix: string, fold = 'sum') => askOne(`${fold}(k6_${name}_${suffix}{testid="stats"})`);
      switch (kind) {
        case 'counter':
          assertSameSum(await stat('total'), metric['count']!, name);
          break;
        case 'gauge':
          assert.equal(await askOne(`k6_${name}{testid="stats"}`), metric['value'], name);
          break;
        case 'trend': {
          const count = await stat('count');
          assert.equal(count, metric['count'], name);
          assertSameSum((await stat('sum')) / count, metric['avg']! / seconds, name);
          assertSameSum(await stat('min', 'min'), metric['min']! / seconds, name);
          assertSameSum(await stat('max', 'max'), metric['max']! / seconds, name);
          break;
        }
        case 'rate':
          if (name === 'checks') break;
          assertSameSum(await stat('rate', 'avg'), metric['passes']! / (metric['passes']! + metric['fails']!), name);
          break;
      }
    }
    const rates = await ask('k6_checks_rate{testid="stats"}', 'check');
    const expected = Object.entries(totals.checks).map(([name, { passes, fails }]) => [
      name,
      passes / (passes + fails),
    ]);
    assert.deepEqual([...rates].sort(), expected.sort());
  });

  test('has what k6’s published dashboards ask for, also where nobody gave the run a testid', async () => {
    const totals = await run(null, { K6_PROMETHEUS_RW_TREND_STATS: 'p(95),p(99),min,max' }, longer(OWN_TESTID));
    const known = [...(await ask('sum by (testid) (k6_http_reqs_total)', 'testid')).keys()];
    const [testid] = known.filter((id) => new RegExp(`^${OWN_TESTID}$`).test(id));
    assert.ok(testid !== undefined, known.join());
    await lookAt(STAT_PANELS, testid, totals);
  });

  test('has native histograms with the count and sum of the summary', async () => {
    const totals = await run('native', { K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: 'true' }, longer('native'));
    await lookAt(NATIVE_PANELS, 'native', totals);
    for (const [name, metric, kind] of sentMetrics(totals)) {
      if (kind !== 'trend') continue;
      const isTime = name !== 'weight';
      const series = `k6_${name}${isTime ? '_seconds' : ''}{testid="native"}`;
      const count = await askOne(`histogram_count(sum(${series}))`);
      assert.equal(count, metric['count'], name);
      assertSameSum(
        (await askOne(`histogram_sum(sum(${series}))`)) / count,
        metric['avg']! / (isTime ? 1000 : 1),
        name,
      );
    }
    // Half of the values are 0.25 to 5.25, as many as above: the middle is there, within the width of a bucket.
    const middle = await askOne('histogram_quantile(0.5, sum(k6_weight{testid="native"}))');
    assert.ok(Math.abs(middle / 5.25 - 1) < 0.2, `the middle of the weights is ${middle}`);
  });
});
