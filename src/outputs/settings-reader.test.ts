import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInfluxSettings, readInfluxV2Settings } from './influxdb/influx-settings.ts';
import { readOtelSettings } from './opentelemetry/otel-settings.ts';
import { OutputError } from './output-error.ts';
import { readPrometheusSettings } from './prometheus/prometheus-settings.ts';
import { SettingsReader } from './settings-reader.ts';
import { readStatsdSettings } from './statsd/statsd-settings.ts';
import { readTimescaleSettings } from './timescaledb/timescale-settings.ts';

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly file?: Readonly<Record<string, unknown>>;
  readonly argument?: Readonly<Record<string, string>>;
}

/** A reader of an output "sink", and what it warns of. */
function makeReader({ env = {}, file, argument = {} }: Given) {
  const warnings: string[] = [];
  const reader = new SettingsReader({
    output: 'sink',
    collector: 'sink',
    prefix: 'K6_SINK_',
    context: { env, warn: (message) => warnings.push(message), ...(file && { collectors: { sink: file } }) },
    argument,
  });
  return { reader, warnings };
}

test('the argument goes before variables, these before the config file, that before the default', () => {
  const all: Given = {
    argument: { place: 'argument' },
    env: { SIXFOLD_SINK_PLACE: 'own variable', K6_SINK_PLACE: 'variable' },
    file: { place: 'file' },
  };
  const read = (given: Given): string => makeReader(given).reader.text('place', 'default');
  assert.equal(read(all), 'argument');
  assert.equal(read({ ...all, argument: {} }), 'own variable');
  assert.equal(read({ file: all.file!, env: { K6_SINK_PLACE: 'variable' } }), 'variable');
  assert.equal(read({ file: all.file! }), 'file');
  assert.equal(read({}), 'default');
});

test('what is set to nothing says nothing, in the environment and in the file', () => {
  assert.equal(makeReader({ env: { K6_SINK_PLACE: '' } }).reader.text('place', 'default'), 'default');
  assert.equal(makeReader({ file: { place: null } }).reader.text('place', 'default'), 'default');
});

test('keys of the config file have any case, as k6 reads JSON', () => {
  const { reader, warnings } = makeReader({ file: { PushInterval: '2s' } });
  assert.equal(reader.duration('pushInterval', 1000), 2000);
  reader.refuseUnknown();
  assert.deepEqual(warnings, []);
});

test('a value that cannot be read is an error that names the place where it stands', () => {
  const refused = (given: Given, read: (reader: SettingsReader) => unknown): string => {
    try {
      read(makeReader(given).reader);
    } catch (error) {
      assert.ok(error instanceof OutputError);
      return error.message;
    }
    throw new Error('it was taken');
  };
  const interval = (reader: SettingsReader) => reader.duration('pushInterval', 1);
  assert.match(refused({ argument: { pushInterval: 'soon' } }, interval), /^the output sink: pushInterval: /);
  assert.match(
    refused({ env: { SIXFOLD_SINK_PUSH_INTERVAL: 'soon' } }, interval),
    /the environment variable SIXFOLD_SINK_PUSH_INTERVAL: /,
  );
  assert.match(
    refused({ file: { pushInterval: 'soon' } }, interval),
    /collectors\.sink\.pushInterval in the config file: /,
  );
  for (const none of ['0s', '-1s', '0'])
    assert.match(refused({ argument: { pushInterval: none } }, interval), /not greater than 0/, none);
  assert.match(refused({ argument: { pushInterval: '600h' } }, interval), /"600h" is more than 24 days/);
  const count = (reader: SettingsReader) => reader.count('writes', 4);
  for (const none of ['0', '-1', '1.5', 'x', '1e99', '9007199254740993'])
    assert.match(refused({ argument: { writes: none } }, count), /no whole number from 1 on/, none);
  assert.match(
    refused({ argument: { on: 'maybe' } }, (reader) => reader.boolean('on', false)),
    /sink: on: /,
  );
  assert.match(
    refused({ argument: { way: 'c' } }, (reader) => reader.choice('way', ['a', 'b'], 'a')),
    /"c" is none of a, b/,
  );
  assert.match(
    refused({ argument: { cert: '/no/such.pem' } }, (reader) => reader.file('cert')),
    /cert: ENOENT/,
  );
});

test('an address that cannot be read is not repeated, since it may hold a password', () => {
  for (const text of ['ftp://user:hunter2@host/', 'hunter2', 'http://[hunter2'])
    assert.throws(
      () => makeReader({ argument: { url: text } }).reader.url('url', 'http://localhost'),
      (error: Error) => /http/.test(error.message) && !error.message.includes('hunter2'),
      text,
    );
});

test('lists are words between commas, or an array in the config file', () => {
  const list = (given: Given) => [...makeReader(given).reader.list('tags', ['x'])];
  assert.deepEqual(list({ argument: { tags: ' a, b ,,c' } }), ['a', 'b', 'c']);
  assert.deepEqual(list({ file: { tags: ['a', 'b'] } }), ['a', 'b']);
  assert.deepEqual(list({ env: { K6_SINK_TAGS: ',' } }), []);
  assert.deepEqual(list({}), ['x']);
});

test('variables that go on behind a beginning come in the order of their names, ours first', () => {
  const env = { K6_SINK_HEADER_B: '2', K6_SINK_HEADER_A: '1', SIXFOLD_SINK_HEADER_A: 'own', K6_SINK_HEADERS: 'x' };
  assert.deepEqual(makeReader({ env }).reader.variables('HEADER_'), ['own', '2']);
});

test('a key that there is not is refused in the argument, and warned of in the config file', () => {
  const { reader } = makeReader({ argument: { pushInterva: '1s' } });
  reader.duration('pushInterval', 1);
  assert.throws(
    () => reader.refuseUnknown(),
    /the output sink: there is no setting "pushInterva" \(did you mean "pushInterval"\?\); there are pushInterval/,
  );
  const other = makeReader({ file: { pushInterva: '1s', old: 1 } });
  other.reader.duration('pushInterval', 1);
  other.reader.refuseUnknown('old');
  assert.deepEqual(other.warnings, [
    'collectors.sink.pushInterva in the config file has no effect: the output sink has no such setting (did you mean "pushInterval"?)',
  ]);
});

test('every output of a server tells of keys that it does not know', () => {
  const readers: readonly (readonly [collector: string, read: (context: object) => unknown])[] = [
    ['influxdb', (context) => readInfluxSettings('', context as never)],
    ['xk6-influxdb', (context) => readInfluxV2Settings('http://127.0.0.1/b', context as never)],
    ['opentelemetry', (context) => readOtelSettings('', context as never)],
    ['prometheus-rw', (context) => readPrometheusSettings('', context as never)],
    ['timescaledb', (context) => readTimescaleSettings('', context as never)],
    [
      'statsd',
      (context) =>
        readStatsdSettings('', context as never, { output: 'output-statsd', prefix: 'K6_STATSD_', tags: false }),
    ],
  ];
  for (const [collector, read] of readers) {
    const warnings: string[] = [];
    const warn = (message: string): unknown => warnings.push(message);
    read({ env: {}, collectors: { [collector]: { warpFactor: 9 } }, warn });
    assert.match(
      warnings.join('\n'),
      new RegExp(`^collectors\\.${collector}\\.warpFactor in the config file`),
      collector,
    );
  }
  const quiet = { env: {}, warn: (message: string) => assert.fail(message) };
  readInfluxSettings('http://127.0.0.1/name?payload_size=512&push_interval=2s', quiet);
  readOtelSettings('', {
    ...quiet,
    collectors: { opentelemetry: { httpExporterEndpoint: 'a:1', flushInterval: '1s' } },
  });
  assert.throws(
    () => readInfluxSettings('http://127.0.0.1/name?pushIntervall=2s', quiet),
    /did you mean "pushInterval"/,
  );
});

test('an endpoint of OpenTelemetry with a name and a password is refused, and not shown', () => {
  for (const name of ['GRPC', 'HTTP'])
    assert.throws(
      () =>
        readOtelSettings('', {
          env: {
            K6_OTEL_EXPORTER_PROTOCOL: name === 'HTTP' ? 'http/protobuf' : 'grpc',
            [`K6_OTEL_${name}_EXPORTER_ENDPOINT`]: 'me:secret@collector:4318',
          },
        }),
      (error: Error) =>
        /ExporterEndpoint is a host and a port/.test(error.message) && !error.message.includes('secret'),
    );
});

test('a password without a name is told to Prometheus and OpenTelemetry too', () => {
  const told = `Basic ${Buffer.from(':token').toString('base64')}`;
  assert.equal(readPrometheusSettings('http://:token@host/w', { env: {} }).headers['authorization'], told);
  const env = { K6_OTEL_EXPORTER_PROTOCOL: 'http/protobuf', K6_OTEL_HTTP_EXPORTER_PASSWORD: 'token' };
  assert.deepEqual(readOtelSettings('', { env }).target.headers, [['authorization', told]]);
});
