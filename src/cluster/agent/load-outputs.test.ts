import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import { consolidateOptions } from '../../options/consolidate-options.ts';
import { readInfluxSettings } from '../../outputs/influxdb/influx-settings.ts';
import { LoadOutputs } from './load-outputs.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-outputs-'));
/** Lines of InfluxDB's protocol as they arrive. */
const lines: string[] = [];
const server = http.createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    const text = request.url!.startsWith('/write') ? gunzipSync(Buffer.concat(pieces)).toString('utf8') : '';
    lines.push(...text.split('\n').filter(Boolean));
    response.writeHead(204).end();
  });
});

after(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const { options } = consolidateOptions({
  cli: {},
  env: {},
  configFile: undefined,
  script: undefined,
  noThresholds: false,
});
const METRIC = { name: 'taste', type: 'trend', contains: 'default' } as const;

/** Two samples of series with other tags each. */
function batch(): SampleBatch {
  return {
    series: [
      { id: 0, metric: METRIC, tags: ['kind', 'hot'] },
      { id: 1, metric: METRIC, tags: ['agent', 'smith', 'kind', 'agent'] },
    ],
    ids: Uint32Array.of(0, 1),
    values: Float64Array.of(1.5, 2.5),
    times: Float64Array.of(1_000_000, 1_000_001),
    count: 2,
  };
}

test('a server gets samples as those of the agent, in the time of all; a file gets them as they are', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const file = path.join(folder, '0.gz');
  const outputs = new LoadOutputs({
    files: [{ kind: 'json', path: file }],
    agent: 'eu-1',
    warn: (message) => assert.fail(message),
  });
  const settings = readInfluxSettings(`http://127.0.0.1:${port}/k6`, { env: {} });
  await outputs.open(options, [METRIC], [{ spec: { kind: 'influxdb', settings }, description: 'influxdb' }]);
  const given = batch();
  outputs.add(given, 0, 5000);
  assert.deepEqual(await outputs.drain(), []);
  await outputs.close();
  // Nanoseconds tell points of one time apart.
  assert.deepEqual(lines.map((line) => line.slice(0, -6)).sort(), [
    'taste,agent=eu-1,kind=agent value=2.5 1005001',
    'taste,agent=eu-1,kind=hot value=1.5 1005000',
  ]);
  const points = gunzipSync(readFileSync(file))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; data: { time: string; tags: unknown } })
    .filter(({ type }) => type === 'Point');
  assert.deepEqual(
    points.map(({ data }) => [Date.parse(data.time), data.tags]),
    [
      [1_000_000, { kind: 'hot' }],
      [1_000_001, { agent: 'smith', kind: 'agent' }],
    ],
  );
  assert.deepEqual(given, batch());
});

test('what is lost is said once, with the output, and asking again says the same', async () => {
  const outputs = new LoadOutputs({ files: [], agent: 'eu-1', warn: () => {} });
  const settings = readInfluxSettings('http://127.0.0.1:1/k6', { env: { K6_INFLUXDB_PUSH_INTERVAL: '10ms' } });
  await outputs.open(options, [METRIC], [{ spec: { kind: 'influxdb', settings }, description: 'influxdb (there)' }]);
  outputs.add(batch(), 0, 0);
  const losses = await outputs.drain();
  assert.equal(losses.length, 1);
  assert.match(losses[0]!, /^influxdb \(there\): 2 samples did not get there/);
  assert.deepEqual(await outputs.drain(), losses);
  await outputs.close();
});

test('what is lost is an error of the end where nobody has asked for the rest to be sent', async () => {
  const outputs = new LoadOutputs({ files: [], agent: 'eu-1', warn: () => {} });
  const settings = readInfluxSettings('http://127.0.0.1:1/k6', { env: { K6_INFLUXDB_PUSH_INTERVAL: '10ms' } });
  await outputs.open(options, [METRIC], [{ spec: { kind: 'influxdb', settings }, description: 'influxdb (there)' }]);
  outputs.add(batch(), 0, 0);
  await assert.rejects(outputs.close(), /^OutputError: influxdb \(there\): 2 samples did not get there/);
});

test('without files and servers nothing is made of samples', async () => {
  const outputs = new LoadOutputs({ files: [], agent: 'eu-1', warn: () => {} });
  await outputs.open(options, [METRIC], []);
  outputs.add(batch(), 0, 0);
  assert.deepEqual(await outputs.drain(), []);
  await outputs.close();
});
