// InfluxDB 1 of Debian: every sample arrives once, also over a restart of the server.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { NO_INFLUXDB, type RestartableServer, spawnInfluxdb } from '../../servers/spawn-outputs.ts';
import { assertNothingLost, assertSameSum, restarting, runWithOutput, sentMetrics } from './output-lab.ts';

let server: RestartableServer | null = null;
after(() => server?.remove());

interface InfluxResult {
  readonly results: readonly { readonly series?: readonly { values: unknown[][]; columns: string[] }[] }[];
}

async function ask(query: string): Promise<unknown[]> {
  const answer = await fetch(`${server!.url}/query?${new URLSearchParams({ db: 'k6', q: query })}`);
  const { results } = (await answer.json()) as InfluxResult;
  return results[0]?.series?.[0]?.values[0] ?? [];
}

test('InfluxDB has every sample of the summary, although it was stopped and started in the middle', {
  skip: NO_INFLUXDB,
}, async () => {
  server = await spawnInfluxdb();
  const totals = await runWithOutput({
    out: `influxdb=${server.url}/k6`,
    env: { K6_INFLUXDB_PUSH_INTERVAL: '200ms' },
    words: ['--system-tags', 'check,group,name,scenario,status,vu,iter'],
    disturb: restarting(server),
  });
  assertNothingLost(totals);
  for (const [name, metric, kind] of sentMetrics(totals)) {
    const [, count, sum, least, greatest, last] = (await ask(
      `SELECT COUNT(value), SUM(value), MIN(value), MAX(value), LAST(value) FROM "${name}"`,
    )) as number[];
    switch (kind) {
      case 'counter':
        assertSameSum(sum!, metric['count']!, name);
        break;
      case 'rate':
        assert.deepEqual([sum, count! - sum!], [metric['passes'], metric['fails']], name);
        break;
      case 'trend':
        assert.deepEqual([count, least, greatest], [metric['count'], metric['min'], metric['max']], name);
        assertSameSum(sum! / count!, metric['avg']!, name);
        break;
      case 'gauge':
        assert.deepEqual([least, greatest], [metric['min'], metric['max']], name);
        // Two threads set it, which may be at one time.
        if (name !== 'oven') assert.equal(last, metric['value'], name);
        break;
    }
  }
  // Tags, fields and names that need care.
  const [, third] = await ask(`SELECT COUNT(value) FROM checks WHERE "check" = 'is third' AND value = 1`);
  assert.equal(third, totals.checks['is third']!.passes);
  const [, kept] = await ask(`SELECT COUNT(value) FROM http_reqs WHERE "top ping" = 'a, b="c" \\\\ d'`);
  assert.equal(kept, totals.metrics['http_reqs']!['count']);
  const [, euros] = await ask(`SELECT SUM(value) FROM pizzas WHERE "kind" = 'Größe €'`);
  assert.equal(euros, totals.metrics['pizzas']!['count']);
  // As in k6, what is told of an iteration alone (`vu`, `iter`) is not sent, whatever is to become a field.
  assert.deepEqual(await ask('SELECT MAX("vu") FROM http_reqs'), []);
});
