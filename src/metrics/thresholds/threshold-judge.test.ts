import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricType } from '../metric.ts';
import { MetricRegistry } from '../metric-registry.ts';
import { createSink, type Sink } from '../sinks/sink.ts';
import { doubtfulSelectors, parseThresholds, type ThresholdDefinition } from './parse-thresholds.ts';
import { ThresholdJudge } from './threshold-judge.ts';

type Given = Readonly<Record<string, readonly (string | Partial<ThresholdDefinition>)[]>>;

function createJudge(given: Given): { judge: ThresholdJudge; sinks: Record<string, Sink> } {
  const registry = new MetricRegistry();
  for (const type of ['counter', 'gauge', 'rate', 'trend'] satisfies MetricType[]) registry.define(`a_${type}`, type);
  const options = Object.fromEntries(
    Object.entries(given).map(([key, list]) => [
      key,
      list.map((one) => ({
        threshold: 'count>=0',
        abortOnFail: false,
        delayAbortEvalMs: 0,
        ...(typeof one === 'string' ? { threshold: one } : one),
      })),
    ]),
  );
  const parsed = parseThresholds(options, registry);
  const sinks = Object.fromEntries(parsed.map(({ key, metric }) => [key, createSink(metric.type)]));
  return { judge: new ThresholdJudge(parsed, (key) => sinks[key]), sinks };
}

test('without thresholds nothing is crossed, nor with an empty list of them', () => {
  const { judge } = createJudge({});
  assert.ok(judge.isEmpty);
  assert.deepEqual(judge.evaluate(0, true), { crossed: [], abort: false });
  const { judge: none } = createJudge({ a_trend: [] });
  assert.deepEqual(none.evaluate(5, true), { crossed: [], abort: false });
  assert.deepEqual(none.verdicts().get('a_trend'), []);
});

test('a threshold aborts from the very millisecond on at which its delay is over', () => {
  const { judge, sinks } = createJudge({
    a_counter: [{ threshold: 'count<1', abortOnFail: true, delayAbortEvalMs: 5000 }],
  });
  sinks['a_counter'].add(1, 0);
  for (const [elapsedMs, abort] of [
    [0, false],
    [4999.999, false],
    [5000, true],
    [5001, true],
    // A run does not go backwards, and if its clock does nothing aborts too early.
    [4999, false],
  ] as const)
    assert.deepEqual(judge.evaluate(elapsedMs, false), { crossed: ['a_counter'], abort }, `${elapsedMs} ms`);
});

test('only a threshold that is crossed itself aborts, not its neighbour of the same metric', () => {
  const { judge, sinks } = createJudge({
    a_trend: ['avg<10', { threshold: 'max<100', abortOnFail: true }],
    a_counter: [{ threshold: 'count<9', abortOnFail: true }],
  });
  sinks['a_trend'].add(50, 0);
  sinks['a_counter'].add(1, 0);
  assert.deepEqual(judge.evaluate(1000, false), { crossed: ['a_trend'], abort: false });
  sinks['a_trend'].add(500, 0);
  assert.deepEqual(judge.evaluate(1000, false), { crossed: ['a_trend'], abort: true });
});

test('a metric is named once however many of its thresholds are crossed, and a verdict may turn back', () => {
  const { judge, sinks } = createJudge({ a_gauge: ['value<5', 'value<6', 'value<100'] });
  sinks['a_gauge'].add(10, 1);
  assert.deepEqual(judge.evaluate(1, false).crossed, ['a_gauge']);
  assert.deepEqual(
    judge
      .verdicts()
      .get('a_gauge')!
      .map(({ ok, value }) => [ok, value]),
    [
      [false, 10],
      [false, 10],
      [true, 10],
    ],
  );
  sinks['a_gauge'].add(1, 2);
  assert.deepEqual(judge.evaluate(2, false).crossed, []);
  assert.ok(
    judge
      .verdicts()
      .get('a_gauge')!
      .every(({ ok }) => ok),
  );
});

test('what has no samples: at the end a counter, gauge and trend are 0, a rate passes whatever is demanded', () => {
  const given: Given = {
    a_counter: ['count>0', 'rate>0'],
    a_gauge: ['value!=0'],
    a_rate: ['rate>0.9', 'rate<0', 'rate==7'],
    a_trend: ['p(95)>0', 'min<0'],
  };
  const { judge } = createJudge(given);
  assert.deepEqual(judge.evaluate(1000, false).crossed, []);
  assert.deepEqual(judge.evaluate(1000, true).crossed, ['a_counter', 'a_gauge', 'a_trend']);
  assert.deepEqual(
    judge
      .verdicts()
      .get('a_rate')!
      .map(({ ok, value }) => [ok, value]),
    [
      [true, 0],
      [true, 0],
      [true, 0],
    ],
  );
});

test('the rate of a counter in a run that lasted no time is not judged', () => {
  const { judge, sinks } = createJudge({ a_counter: ['rate>1000'] });
  sinks['a_counter'].add(1, 0);
  assert.deepEqual(judge.evaluate(0, true).crossed, []);
  assert.deepEqual(
    judge
      .verdicts()
      .get('a_counter')!
      .map(({ ok, value }) => [ok, value]),
    [[true, undefined]],
  );
  assert.deepEqual(judge.evaluate(0.5, true).crossed, []);
  assert.deepEqual(judge.evaluate(2, true).crossed, ['a_counter']);
});

test('what the options hold is read back as it was written, by its key alone', () => {
  const { judge } = createJudge({
    ' a_trend ': [{ threshold: ' p( 95 )<1 ', abortOnFail: true, delayAbortEvalMs: 9 }],
  });
  const definition = { threshold: ' p( 95 )<1 ', abortOnFail: true, delayAbortEvalMs: 9 };
  assert.deepEqual(judge.definitions(' a_trend '), [definition]);
  assert.deepEqual(judge.definitions('a_trend'), []);
  assert.equal(judge.verdicts().get(' a_trend ')![0].aggregation, 'p(95)');
});

test('each selector by metadata is warned about, by its own tag', () => {
  const registry = new MetricRegistry();
  registry.define('m1', 'counter');
  const key = 'm1{vu:1,zone:eu,iter:0}';
  const warnings = doubtfulSelectors(parseThresholds({ [key]: [], 'm1{vus:1}': [] }, registry));
  assert.equal(warnings.length, 2);
  assert.match(warnings[0], /"m1\{vu:1,zone:eu,iter:0\}" selects by "vu"/);
  assert.match(warnings[1], /selects by "iter"/);
});
