// PostgreSQL of Debian, in the tables of k6's extension for TimescaleDB: a row per sample, also over a restart of the server.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import { type DatabaseServer, NO_POSTGRES, spawnPostgres } from '../../servers/spawn-databases.ts';
import { assertNothingLost, assertSameSum, restarting, runWithOutput, sentMetrics } from './output-lab.ts';

let server: DatabaseServer | null = null;
after(() => server?.stop());

interface Row {
  readonly metric: string;
  readonly count: number;
  readonly sum: number;
  readonly least: number;
  readonly greatest: number;
  readonly last: number;
}

test('a table has every sample of the summary, although the server was stopped and started in the middle', {
  skip: NO_POSTGRES,
}, async () => {
  server = await spawnPostgres();
  const url = `postgresql://ann:s3cret@127.0.0.1:${server.port}/load`;
  const totals = await runWithOutput({
    out: `timescaledb=${url}`,
    env: { K6_TIMESCALEDB_PUSH_INTERVAL: '200ms' },
    disturb: restarting({ stop: () => server!.halt(), start: () => server!.resume() }),
  });
  assertNothingLost(totals);
  assert.doesNotMatch(`${totals.stdout}${totals.stderr}`, /s3cret/);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Row>(
      `SELECT metric, count(*)::int AS count, sum(value) AS sum, min(value) AS least, max(value) AS greatest,
         (array_agg(value ORDER BY ts DESC))[1] AS last FROM samples GROUP BY metric`,
    );
    const byName = new Map(rows.map((row) => [row.metric, row]));
    const sent = sentMetrics(totals);
    assert.deepEqual([...byName.keys()].sort(), sent.map(([name]) => name).sort());
    for (const [name, metric, kind] of sent) {
      const { count, sum, least, greatest, last } = byName.get(name)!;
      switch (kind) {
        case 'counter':
          assertSameSum(sum, metric['count']!, name);
          break;
        case 'rate':
          assert.deepEqual([sum, count - sum], [metric['passes'], metric['fails']], name);
          break;
        case 'trend':
          assert.deepEqual([count, least, greatest], [metric['count'], metric['min'], metric['max']], name);
          assertSameSum(sum / count, metric['avg']!, name);
          break;
        case 'gauge':
          assert.deepEqual([least, greatest], [metric['min'], metric['max']], name);
          if (name !== 'oven') assert.equal(last, metric['value'], name);
          break;
      }
    }
    const tags = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM samples WHERE metric = 'http_reqs' AND tags->>'top ping' = $1`,
      ['a, b="c" \\ d'],
    );
    assert.equal(tags.rows[0]!.n, totals.metrics['http_reqs']!['count']);
    const thresholds = await client.query(
      'SELECT metric, threshold, last_failed AS failed FROM thresholds ORDER BY metric',
    );
    assert.deepEqual(thresholds.rows, [
      { metric: 'pizzas', threshold: 'count>0', failed: false },
      { metric: 'tasty', threshold: 'rate>2', failed: true },
    ]);
  } finally {
    await client.end();
  }
});
