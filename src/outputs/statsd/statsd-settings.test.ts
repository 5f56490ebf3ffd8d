// Where samples go over UDP, as `--out output-statsd=…`, `--out datadog=…` and their variables say it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutputError } from '../output-error.ts';
import { describeStatsd, readStatsdSettings } from './statsd-settings.ts';

const STATSD = { output: 'output-statsd', prefix: 'K6_STATSD_', tags: false };
const DATADOG = { output: 'datadog', prefix: 'K6_DATADOG_', tags: true };
const read = (argument: string, env: Record<string, string> = {}, kind = STATSD) =>
  readStatsdSettings(argument, { env }, kind);

test('an agent on this machine, twenty lines a datagram, once a second, unless something else is said', () => {
  const { host, port, namespace, pushIntervalMs, bufferSize, enableTags, tagBlocklist } = read('');
  assert.deepEqual([host, port, namespace, pushIntervalMs, bufferSize], ['localhost', 8125, 'k6.', 1000, 20]);
  assert.deepEqual([enableTags, tagBlocklist], [false, ['vu', 'iter', 'url']]);
  assert.equal(read('', {}, DATADOG).enableTags, true);
});

test('an address is a host with or without a port, IPv6 in brackets', () => {
  for (const [argument, host, port] of [
    ['agent.test', 'agent.test', 8125],
    ['agent.test:9', 'agent.test', 9],
    ['10.1.2.3:8126', '10.1.2.3', 8126],
    ['[::1]:8126', '::1', 8126],
    ['[2001:db8::1]', '2001:db8::1', 8125],
  ] as const) {
    const settings = read(argument);
    assert.deepEqual([settings.host, settings.port], [host, port], argument);
  }
  assert.equal(describeStatsd(read('[::1]:8126')), 'output-statsd ([::1]:8126)');
  assert.equal(describeStatsd(read('agent.test')), 'output-statsd (agent.test:8125)');
});

test('what is no host and port is refused, and a socket of the file system with a word on it', () => {
  for (const argument of [
    'agent.test:port',
    'agent.test:70000',
    'http://agent.test',
    'agent.test/x',
    ':8125',
    'a b',
    '::1',
    'me@agent.test',
  ])
    assert.throws(() => read(argument), OutputError, argument);
  assert.throws(() => read('unix:///var/run/agent.sock'), /speaks UDP alone/);
});

test('variables are those of the kind of output', () => {
  const env = {
    K6_STATSD_ADDR: 'statsd.test:1',
    K6_DATADOG_ADDR: 'datadog.test:2',
    K6_STATSD_NAMESPACE: 'load.',
    K6_STATSD_BUFFER_SIZE: '5',
    K6_STATSD_PUSH_INTERVAL: '250ms',
    K6_STATSD_ENABLE_TAGS: 'true',
    K6_STATSD_TAG_BLOCKLIST: 'name, group ,',
  };
  const settings = read('', env);
  assert.deepEqual([settings.host, settings.port, settings.namespace], ['statsd.test', 1, 'load.']);
  assert.deepEqual([settings.bufferSize, settings.pushIntervalMs, settings.enableTags], [5, 250, true]);
  assert.deepEqual(settings.tagBlocklist, ['name', 'group']);
  assert.equal(read('', env, DATADOG).host, 'datadog.test');
  assert.equal(read('argument.test', env).host, 'argument.test');
});
