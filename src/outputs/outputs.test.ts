import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createEngine, tagSet } from '../metrics/engine.fixture.ts';
import type { MetricRegistry } from '../metrics/metric-registry.ts';
import { SampleWriter } from '../metrics/sample-writer.ts';
import type { TagSet } from '../metrics/tag-set.ts';
import { createOutput } from './create-outputs.ts';
import { readCsvSettings } from './csv-output.ts';
import type { OutputContext } from './output.ts';
import { OutputError } from './output-error.ts';
import { TimeText } from './time-text.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'sixfold-outputs-'));
after(() => rmSync(folder, { recursive: true }));

type Sample = [metric: string, tags: TagSet, value: number, time: number];

const TIME = Date.UTC(2026, 4, 6, 7, 8, 9);

function define(registry: MetricRegistry): void {
  registry.define('amount', 'counter');
  registry.define('took', 'trend', 'time');
}

/** Runs samples through an output. @returns what it wrote to standard output */
async function write(
  specification: string,
  batches: Sample[][],
  context: Partial<OutputContext> = {},
): Promise<string> {
  const threshold = { threshold: 'count>0', abortOnFail: false, delayAbortEvalMs: 0 };
  const { engine } = createEngine({ thresholds: { amount: [threshold] } }, define);
  let stdout = '';
  const output = createOutput(specification, {
    env: {},
    systemTags: ['status', 'group', 'vu'],
    engine,
    writeStdout: (text) => {
      stdout += text;
    },
    ...context,
  });
  await output.start();
  const writer = new SampleWriter((batch) => {
    engine.ingest(batch, 3);
    output.addBatch(batch, engine.series.of(3));
  });
  for (const batch of batches) {
    for (const [name, tags, value, time] of batch) writer.add(engine.registry.get(name)!, tags, value, time);
    writer.flush();
  }
  await output.stop();
  return stdout;
}

test('json: a line per metric when it is first seen and a line per sample', async () => {
  const text = await write('json', [
    [
      ['amount', tagSet({ kind: '"x"', group: '' }), 2, TIME + 0.25],
      ['took', tagSet({}), 1.25, TIME],
    ],
    [['amount', tagSet({ kind: '"x"', group: '' }).withMetadata('vu', '1'), 3, TIME + 500]],
  ]);
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const times = lines.flatMap(({ data }) => (data.time ? [data.time] : []));
  assert.deepEqual(
    times.map((time) => Date.parse(time)),
    [TIME, TIME, TIME + 500],
  );
  assert.match(times[0], /^\d{4}-\d\d-\d\dT\d\d:\d\d:09\.00025(Z|[+-]\d\d:\d\d)$/);
  for (const { data } of lines) delete data.time;
  assert.deepEqual(lines, [
    {
      type: 'Metric',
      data: { name: 'amount', type: 'counter', contains: 'default', thresholds: ['count>0'], submetrics: null },
      metric: 'amount',
    },
    { metric: 'amount', type: 'Point', data: { value: 2, tags: { group: '', kind: '"x"' } } },
    {
      type: 'Metric',
      data: { name: 'took', type: 'trend', contains: 'time', thresholds: [], submetrics: null },
      metric: 'took',
    },
    { metric: 'took', type: 'Point', data: { value: 1.25, tags: {} } },
    { metric: 'amount', type: 'Point', data: { value: 3, tags: { group: '', kind: '"x"' }, metadata: { vu: '1' } } },
  ]);
});

test('json goes to a file, compressed where its name says so', async () => {
  const samples: Sample[] = Array.from({ length: 5000 }, (_, index) => [
    'amount',
    tagSet({ n: String(index % 7) }),
    index,
    TIME + index,
  ]);
  const plain = path.join(folder, 'a.json');
  const packed = path.join(folder, 'a.json.gz');
  assert.equal(await write(`json=${plain}`, [samples, samples]), '');
  await write(`json=${packed}`, [samples, samples]);
  const text = readFileSync(plain, 'utf8');
  assert.equal(text.trim().split('\n').length, 10_001);
  assert.equal(gunzipSync(readFileSync(packed)).toString(), text);
});

test('csv: a header and a row per sample, with columns for the system tags that are on', async () => {
  const text = await write('csv=-', [
    [
      ['amount', tagSet({ status: '200', run: 'one', kind: 'a,"b"' }), 1.5, TIME + 900],
      ['took', tagSet({ group: '::a, b' }).withMetadata('vu', '1').withMetadata('iter', '2'), 3, TIME],
    ],
  ]);
  assert.deepEqual(text.split('\n'), [
    'metric_name,timestamp,metric_value,group,status,extra_tags,metadata',
    `amount,${TIME / 1000},1.500000,,200,"kind=a,""b""&run=one",`,
    `took,${TIME / 1000},3.000000,"::a, b",,,vu=1&iter=2`,
    '',
  ]);
});

test('csv settings come from the config file, the environment and the flag, the last wins', () => {
  const context = {
    env: { K6_CSV_FILENAME: 'env.csv', K6_CSV_SAVE_INTERVAL: '2s' },
    collectors: { csv: { fileName: 'config.csv', timeFormat: 'rfc3339' } },
  };
  assert.deepEqual(readCsvSettings('', context), { fileName: 'env.csv', saveIntervalMs: 2000, timeFormat: 'rfc3339' });
  assert.equal(readCsvSettings('flag.csv', context).fileName, 'flag.csv');
  assert.deepEqual(readCsvSettings('fileName=f.csv,saveInterval=500ms,timeFormat=unix_nano', context), {
    fileName: 'f.csv',
    saveIntervalMs: 500,
    timeFormat: 'unix_nano',
  });
  assert.throws(() => readCsvSettings('saveInterval=soon', context), /"soon" is no duration/);
  assert.throws(() => readCsvSettings('saveInterval=600h', context), /"600h" is more than 24 days/);
  assert.throws(() => readCsvSettings('timeFormat=x', context), /none of unix/);
  assert.throws(() => readCsvSettings('file=x', context), /unknown key "file"/);
});

test('json: a metric tells its thresholds as the options hold them, and its submetrics', async () => {
  const stop = { threshold: 'count<9', abortOnFail: true, delayAbortEvalMs: 90_000 };
  const { engine } = createEngine(
    { thresholds: { amount: [stop], 'amount{a:1}': [{ ...stop, abortOnFail: false }] } },
    define,
  );
  const text = await write('json', [[['amount', tagSet({}), 1, TIME]]], { engine });
  assert.deepEqual(JSON.parse(text.split('\n')[0]).data, {
    name: 'amount',
    type: 'counter',
    contains: 'default',
    thresholds: [{ threshold: 'count<9', abortOnFail: true, delayAbortEval: '1m30s' }],
    submetrics: [{ name: 'amount{a:1}', suffix: 'a:1', tags: { a: '1' } }],
  });
});

test("csv: values have no exponent, and k6's words where they are no number", async () => {
  const values = [1e-7, 1e21, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const text = await write('csv=-', [values.map((value): Sample => ['took', tagSet({}), value, TIME])]);
  const written = text
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split(',')[2]);
  assert.deepEqual(written, ['0.000000', '1000000000000000000000.000000', '+Inf', '-Inf']);
});

test('times have the format that is asked for', () => {
  const times = new TimeText();
  const time = TIME + 123.5;
  assert.equal(times.format(time, 'unix'), String(TIME / 1000));
  assert.equal(times.format(time, 'unix_milli'), String(TIME + 123));
  assert.equal(times.format(time, 'unix_micro'), `${TIME + 123}500`);
  assert.equal(times.format(time, 'unix_nano'), `${TIME + 123}500000`);
  assert.equal(Date.parse(times.format(time, 'rfc3339')), TIME);
  assert.match(times.format(time, 'rfc3339_nano'), /09\.1235/);
  assert.match(times.rfc3339Nano(TIME), /:09(Z|[+-])/);
});

test('what cannot be made or written to says so, and ends the program with 255', async () => {
  const context: OutputContext = { env: {}, systemTags: [], engine: createEngine().engine };
  const cases: [string, RegExp][] = [
    ['nonsense', /invalid output type "nonsense"; available types are: csv, .*influxdb, json/],
    ['jsn=x.json', /invalid output type "jsn" \(did you mean "json"\?\); available/],
    ['statd', /"statd" \(did you mean "statsd"\?\)/],
    [
      'web-dashboard=port=0',
      /invalid output type "web-dashboard": --web serves the live page, --report FILE keeps it;/,
    ],
    ['cloud', /invalid output type "cloud": "sixfold cloud run" runs a test on a server/],
    ['constructor', /invalid output type "constructor"; available/],
    ['kafka=x', /takes KEY=VALUE between commas/],
    ['xk6-kafka=brokers=a', /needs brokers and a topic/],
    ['=x', /needs the type/],
  ];
  for (const [specification, reason] of cases) {
    assert.throws(
      () => createOutput(specification, context),
      (error) => error instanceof OutputError && error.exitCode === 255 && reason.test(error.message),
    );
  }
  await assert.rejects(
    createOutput(`json=${folder}/none/x.json`, context).start(),
    /could not write to .*none\/x\.json/,
  );
  await assert.rejects(createOutput(`json=${folder}/none/x.json.gz`, context).start(), OutputError);
});
