import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { warnOfUnknownCollectors } from './collector-names.ts';
import { readCsvSettings } from './csv-output.ts';
import { readInfluxSettings, readInfluxV2Settings } from './influxdb/influx-settings.ts';
import { readKafkaSettings } from './kafka/kafka-settings.ts';
import { readOtelSettings } from './opentelemetry/otel-settings.ts';
import { readPrometheusSettings } from './prometheus/prometheus-settings.ts';
import { readStatsdSettings } from './statsd/statsd-settings.ts';
import { readTimescaleSettings } from './timescaledb/timescale-settings.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-collectors-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function warningsOf(collectors: Readonly<Record<string, unknown>>): string[] {
  const warnings: string[] = [];
  warnOfUnknownCollectors(collectors, folder, (message) => warnings.push(message));
  return warnings;
}

test('a name that no output reads is told, with the nearest', () => {
  assert.match(
    warningsOf({ influxdbb: { addr: 'x' } }).join('\n'),
    /^collectors\.influxdbb in the config file has no effect: no output reads it \(did you mean "influxdb"\?\); there are csv, /,
  );
  assert.match(warningsOf({ graphite: {} })[0]!, /no output reads it; there are csv/);
  // No property of objects is one of ours.
  assert.equal(warningsOf({ constructor: {}, toString: {} }).length, 2);
});

test('a type whose settings stand under another name is told which', () => {
  assert.deepEqual(warningsOf({ 'experimental-prometheus-rw': {}, 'xk6-kafka': {}, 'output-statsd': {} }), [
    'collectors.experimental-prometheus-rw in the config file has no effect: the output experimental-prometheus-rw reads collectors.prometheus-rw',
    'collectors.xk6-kafka in the config file has no effect: the output xk6-kafka reads collectors.kafka',
    'collectors.output-statsd in the config file has no effect: the output output-statsd reads collectors.statsd',
  ]);
});

test('every name that an output reads is known, so is that of a package, and the token of the cloud is no mistake', () => {
  const asked = new Set<string>();
  const collectors = new Proxy({}, { get: (_, name) => void asked.add(String(name)) });
  const context = { env: {}, collectors, warn: () => {} } as never;
  readCsvSettings('', context);
  readInfluxSettings('', context);
  readInfluxV2Settings('http://127.0.0.1/b', context);
  readKafkaSettings('brokers=a:1,topic=b', context);
  readOtelSettings('', context);
  readPrometheusSettings('', context);
  readTimescaleSettings('', context);
  readStatsdSettings('', context, { output: 'output-statsd', prefix: 'K6_STATSD_', tags: false });
  readStatsdSettings('', context, { output: 'datadog', prefix: 'K6_DATADOG_', tags: true });
  assert.equal(asked.size, 9);
  const home = path.join(folder, 'node_modules/sixfold-x-sink');
  mkdirSync(home, { recursive: true });
  writeFileSync(
    path.join(home, 'package.json'),
    JSON.stringify({ name: 'sixfold-x-sink', version: '1.0.0', sixfold: { api: 1, outputs: { sink: './output.js' } } }),
  );
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ dependencies: { 'sixfold-x-sink': '*' } }));
  assert.deepEqual(warningsOf(Object.fromEntries([...asked, 'cloud', 'sink'].map((name) => [name, {}]))), []);
});
