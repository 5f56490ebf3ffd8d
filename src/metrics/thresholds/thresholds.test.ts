import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../engine.fixture.ts';
import type { MetricRegistry } from '../metric-registry.ts';
import type { ThresholdOptions } from './parse-thresholds.ts';
import { ThresholdError } from './threshold-error.ts';
import { parseExpression } from './threshold-expression.ts';

function define(registry: MetricRegistry): void {
  registry.define('amount', 'counter');
  registry.define('depth', 'gauge');
  registry.define('good', 'rate');
  registry.define('took', 'trend', 'time');
}

function thresholds(given: Record<string, string[]>, details = {}): ThresholdOptions {
  return Object.fromEntries(
    Object.entries(given).map(([key, list]) => [
      key,
      list.map((threshold) => ({ threshold, abortOnFail: false, delayAbortEvalMs: 0, ...details })),
    ]),
  );
}

test('an expression is an aggregation, an operator and a number, with spaces where one likes', () => {
  const cases: [string, string, string, number][] = [
    ['count>1', 'count', '>', 1],
    [' p(75)  <=  32.5 ', 'p(75)', '<=', 32.5],
    ['p( 99.9 )<1e3', 'p(99.9)', '<', 1000],
    ['rate===.5', 'rate', '===', 0.5],
    ['value!=-3', 'value', '!=', -3],
    ['avg==+2.', 'avg', '==', 2],
  ];
  for (const [source, aggregation, operator, limit] of cases) {
    assert.deepEqual(parseExpression(source), { source, aggregation, operator, limit });
  }
});

test('what cannot be read, or does not fit, is refused with its reason', () => {
  const cases: [Record<string, string[]>, RegExp][] = [
    [{ took: ['avg ~ 5'] }, /malformed threshold expression "avg ~ 5" defined on took; reason: .*operators/],
    [{ 'took{a:b}': ['p95<5'] }, /"p95<5" defined on took\{a:b\}; reason: a percentile is written p\(95\)$/],
    [{ took: ['p 99.9 <= 5'] }, /a percentile is written p\(99\.9\)/],
    [{ 'took{a:b}': ['rate<5'] }, /invalid threshold "rate<5" defined on took\{a:b\}; reason: unsupported/],
    [{ took: ['avg<fast'] }, /"fast" is not a number/],
    [{ took: [''] }, /malformed threshold expression ""/],
    [{ took: ['mean<5'] }, /"mean" is not an aggregation method/],
    [{ took: ['p(101)<5'] }, /"p\(101\)" is not a percentile/],
    [{ took: ['avg<5 6'] }, /malformed/],
    [
      { took: ['count<5'] },
      /unsupported aggregation method count for metric of type trend\. .*avg, min, max, med, p\(N\)/,
    ],
    [{ amount: ['p(95)<5'] }, /unsupported aggregation method p\(95\) for metric of type counter\. .*count, rate/],
    [{ nowhere: ['count>1'] }, /no metric name "nowhere" found: .*init code$/],
    [{ http_req_durations: ['avg>1'] }, /"http_req_durations" found: .*\(did you mean "http_req_duration"\?\)$/],
    [{ amuont: ['count>1'] }, /"amuont" found: .*\(did you mean "amount"\?\)$/],
    [{ 'amount{kind}': ['count>1'] }, /invalid threshold defined on amount\{kind\}/],
  ];
  for (const [given, reason] of cases) {
    assert.throws(
      () => createEngine({ thresholds: thresholds(given) }, define),
      (error) => error instanceof ThresholdError && reason.test(error.message),
      JSON.stringify(given),
    );
  }
});

test('each threshold has its own verdict and value', () => {
  const { engine, feed } = createEngine(
    {
      thresholds: thresholds({
        amount: ['count>=12', 'rate<0.0001', 'rate==6'],
        depth: ['value==3', 'value>=4'],
        good: ['rate==0.75', 'rate>0.8'],
        took: ['avg==25', 'med==25', 'p(99.9)>39', 'max<40'],
      }),
    },
    define,
  );
  const { registry } = engine;
  feed(registry.get('amount')!, [3, 9]);
  feed(registry.get('depth')!, [9, 1, 3]);
  feed(registry.get('good')!, [1, 1, 5, 0]);
  feed(registry.get('took')!, [40, 10, 30, 20]);
  assert.deepEqual(engine.evaluate(2000, true), { crossed: ['amount', 'depth', 'good', 'took'], abort: false });
  const verdicts = engine.observed().flatMap(({ thresholds }) => thresholds.map(({ source, ok }) => `${source} ${ok}`));
  assert.deepEqual(verdicts, [
    'count>=12 true',
    'rate<0.0001 false',
    'rate==6 true',
    'value==3 true',
    'value>=4 false',
    'rate==0.75 true',
    'rate>0.8 false',
    'avg==25 true',
    'med==25 true',
    'p(99.9)>39 true',
    'max<40 false',
  ]);
});

test('while the run goes on, metrics without samples are not judged; at its end all but rates count as 0', () => {
  const given = {
    amount: ['count>0'],
    depth: ['value>0'],
    good: ['rate>0'],
    took: ['avg>0'],
    'amount{a:b}': ['count==0'],
  };
  const { engine } = createEngine({ thresholds: thresholds(given, { abortOnFail: true }) }, define);
  assert.deepEqual(engine.evaluate(1000, false), { crossed: [], abort: false });
  assert.deepEqual(engine.evaluate(1000, true).crossed, ['amount', 'depth', 'took']);
});

test('a crossed threshold with abortOnFail ends the run, once its delay is over', () => {
  const { engine, feed } = createEngine(
    { thresholds: thresholds({ amount: ['count<1'] }, { abortOnFail: true, delayAbortEvalMs: 5000 }) },
    define,
  );
  feed(engine.registry.get('amount')!, [1]);
  assert.deepEqual(engine.evaluate(4000, false), { crossed: ['amount'], abort: false });
  assert.deepEqual(engine.evaluate(6000, false), { crossed: ['amount'], abort: true });
});

test('a selector by metadata is warned about', () => {
  const warnings: string[] = [];
  createEngine(
    { thresholds: thresholds({ 'amount{vu:1}': ['count>0'] }), onWarning: (text) => warnings.push(text) },
    define,
  );
  assert.match(warnings.join(), /"vu", which is metadata/);
});
