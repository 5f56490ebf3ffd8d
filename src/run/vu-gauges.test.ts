import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunCounters } from '../execution/run-counters.ts';
import { registerBuiltIns } from '../metrics/built-in.ts';
import { MetricRegistry } from '../metrics/metric-registry.ts';
import { MetricsEngine } from '../metrics/metrics-engine.ts';
import { measureVus } from './vu-gauges.ts';

test('the gauges come once a second from the first second on, with the tags of the run, until they are ended', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const registry = new MetricRegistry();
  registerBuiltIns(registry);
  const engine = new MetricsEngine({
    registry,
    thresholds: { 'vus{team:a}': [{ threshold: 'value==2', abortOnFail: false, delayAbortEvalMs: 0 }] },
    systemTags: [],
    sections: false,
    onWarning: () => {},
  });
  const counters = new RunCounters();
  for (let i = 0; i < 5; i++) counters.initialiseVu();
  let batches = 0;
  const stop = measureVus(counters, { team: 'a' }, (batch) => {
    batches++;
    engine.ingest(batch, 0);
  });
  t.mock.timers.tick(999);
  assert.equal(batches, 0);
  counters.changeActive(2);
  t.mock.timers.tick(1);
  assert.equal(batches, 1);
  assert.deepEqual(engine.evaluate(1000, true).crossed, []);
  t.mock.timers.tick(2000);
  assert.equal(batches, 3);
  stop();
  t.mock.timers.tick(5000);
  assert.equal(batches, 3);
});
