import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUILT_IN, registerBuiltIns } from './built-in.ts';
import { MetricDefinitionError, MetricRegistry } from './metric-registry.ts';

test('a metric is defined once, and asked for as often as wanted', () => {
  const registry = new MetricRegistry();
  const metric = registry.define('orders', 'counter');
  assert.equal(registry.define('orders', 'counter'), metric);
  assert.equal(registry.get('orders'), metric);
  assert.equal(registry.all()[metric.id], metric);
});

test('a name stands for one kind of metric', () => {
  const registry = new MetricRegistry();
  registry.define('took', 'trend', 'time');
  assert.throws(
    () => registry.define('took', 'counter'),
    /metric 'took' already exists but with type trend, instead of counter/,
  );
  assert.throws(
    () => registry.define('took', 'trend'),
    /already exists but with a value type time, instead of default/,
  );
});

test('names are letters, digits and underscores', () => {
  const registry = new MetricRegistry();
  for (const name of ['', 'a', 'two words', 'with-dash', 'with.dot', '9lives', 'naïve', 'a/b', 'x'.repeat(200)]) {
    assert.throws(() => registry.define(name, 'counter'), MetricDefinitionError, name);
  }
  for (const name of ['Mixed_Case_9', '_private', 'y'.repeat(128)])
    assert.equal(registry.define(name, 'gauge').name, name);
});

test('the built-in metrics are there by name', () => {
  const registry = new MetricRegistry();
  const metrics = registerBuiltIns(registry);
  assert.equal(registry.all().length, Object.keys(BUILT_IN).length);
  assert.equal(metrics.http_req_duration, registry.get('http_req_duration'));
  assert.equal(metrics.data_sent.contains, 'data');
});
