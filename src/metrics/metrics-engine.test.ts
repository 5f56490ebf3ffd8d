import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from './engine.fixture.ts';
import { MetricDefinitionError } from './metric-registry.ts';

const ALWAYS = [{ threshold: 'count>=0', abortOnFail: false, delayAbortEvalMs: 0 }];

test('a submetric takes the samples that have all of its tags', () => {
  const { engine, metrics, feed } = createEngine({
    thresholds: {
      'http_reqs{status:200}': ALWAYS,
      'http_reqs{status:200,zone:"eu"}': ALWAYS,
      'http_reqs{status:500}': ALWAYS,
    },
  });
  feed(metrics.http_reqs, [1, 1], { status: '200', zone: 'eu' });
  feed(metrics.http_reqs, [1], { zone: 'us', status: '200' });
  feed(metrics.http_reqs, [1], { status: '404' });
  const counts = engine.observed().map(({ key, sink }) => [key, sink.type === 'counter' && sink.count]);
  assert.deepEqual(counts, [
    ['http_reqs', 4],
    ['http_reqs{status:200,zone:"eu"}', 2],
    ['http_reqs{status:200}', 3],
    ['http_reqs{status:500}', 0],
  ]);
});

test('thresholds on a submetric alone show the whole metric too, without samples', () => {
  const { engine } = createEngine({ thresholds: { 'http_reqs{status:500}': ALWAYS } });
  assert.deepEqual(
    engine.observed().map(({ key, thresholds }) => [key, thresholds.length]),
    [
      ['http_reqs', 0],
      ['http_reqs{status:500}', 1],
    ],
  );
});

test('durations of expected responses are a metric of their own while the system tag is on', () => {
  for (const [systemTags, keys] of [
    [['expected_response'], ['http_req_duration', 'http_req_duration{expected_response:true}']],
    [[], ['http_req_duration']],
  ]) {
    const { engine, metrics, feed } = createEngine({ systemTags });
    assert.deepEqual(engine.observed(), []);
    feed(metrics.http_req_duration, [10], { expected_response: 'true' });
    feed(metrics.http_req_duration, [20], { expected_response: 'false' });
    assert.deepEqual(
      engine.observed().map(({ key }) => key),
      keys,
    );
  }
});

test('checks are counted in the tree of their groups, and by name', () => {
  const { engine, metrics, feed } = createEngine();
  feed(metrics.checks, [1, 0], { check: 'top', group: '' });
  feed(metrics.checks, [1], { check: 'deep', group: '::a::b' });
  feed(metrics.checks, [0], { check: 'top', group: '::a' });
  feed(metrics.group_duration, [5], { group: '::empty' });
  feed(metrics.http_reqs, [1], { group: '::setup' });
  const { rootGroup } = engine;
  assert.deepEqual([...rootGroup.groups.keys()], ['a', 'empty']);
  assert.deepEqual([...rootGroup.checks.values()], [{ name: 'top', passes: 1, fails: 1 }]);
  assert.equal(rootGroup.groups.get('a')?.groups.get('b')?.path, '::a::b');
  assert.deepEqual(engine.checks(), [
    { name: 'top', passes: 1, fails: 2 },
    { name: 'deep', passes: 1, fails: 0 },
  ]);
});

test('failures are counted by code, the most frequent first, with where they happened', () => {
  const { engine, metrics, feed } = createEngine();
  feed(metrics.http_reqs, [1, 1, 1, 1], { name: 'fine', status: '200' });
  feed(metrics.http_reqs, [1], { name: 'a', status: '0', error_code: '1212', error: 'dial: refused' });
  feed(metrics.http_reqs, [1, 1], { name: 'b', status: '0', error_code: '1212', error: 'dial: refused' });
  feed(metrics.http_reqs, [1], { name: 'b', status: '404', error_code: '1404' });
  feed(metrics.http_req_duration, [1], { name: 'b', status: '404', error_code: '1404' });
  feed(metrics.grpc_req_duration, [1], { name: '/s/m', status: '14' });
  feed(metrics.grpc_req_duration, [1], { name: '/s/m', status: '0' });
  feed(metrics.grpc_reqs, [1], { name: '/s/m', status: '14' });
  feed(metrics.grpc_reqs, [1], { name: '/s/m', status: '0' });
  assert.deepEqual(engine.failures(), [
    {
      protocol: 'http',
      code: 1212,
      count: 3,
      total: 8,
      message: 'dial: refused',
      stack: '',
      samples: [],
      names: [
        { name: 'b', count: 2 },
        { name: 'a', count: 1 },
      ],
    },
    {
      protocol: 'http',
      code: 1404,
      count: 1,
      total: 8,
      message: '',
      stack: '',
      samples: [],
      names: [{ name: 'b', count: 1 }],
    },
    {
      protocol: 'grpc',
      code: 1814,
      count: 1,
      total: 2,
      message: '',
      stack: '',
      samples: [],
      names: [{ name: '/s/m', count: 1 }],
    },
  ]);
});

test('for the full summary metrics are also kept by scenario and group', () => {
  const { engine, metrics, feed } = createEngine({ sections: true });
  feed(metrics.http_reqs, [1, 1], { scenario: 'default', group: '::a' });
  feed(metrics.http_reqs, [1], { scenario: 'other' });
  const sections = engine.sections().map(({ scenario, group, metrics }) => [scenario, group, [...metrics.keys()]]);
  assert.deepEqual(sections, [
    ['default', '', ['http_reqs']],
    ['default', '::a', ['http_reqs']],
    ['other', '', ['http_reqs']],
  ]);
  assert.deepEqual(createEngine().engine.sections(), []);
});

test('failed iterations are a share of all, per submetric and section, and silent while there is none and nobody asks', () => {
  const rate = [{ threshold: 'rate<0.5', abortOnFail: false, delayAbortEvalMs: 0 }];
  const build = (thresholds: Readonly<Record<string, typeof rate>>): ReturnType<typeof createEngine> =>
    createEngine({ thresholds, sections: true }, () => {});
  const shares = ({ engine }: ReturnType<typeof createEngine>): unknown =>
    engine
      .observed()
      .filter(({ metric }) => metric.name === 'iterations_failed')
      .map(({ key, sink, thresholds }) => [key, sink.type === 'rate' && [sink.passes, sink.total], thresholds[0]?.ok]);

  const asked = build({ 'iterations_failed{scenario:a}': rate });
  asked.feed(asked.metrics.iterations, [1, 1, 1, 1], { scenario: 'b' });
  asked.feed(asked.metrics.iterations, [1], { scenario: 'a' });
  assert.deepEqual(shares(asked), [
    ['iterations_failed', [0, 5], undefined],
    ['iterations_failed{scenario:a}', [0, 1], true],
  ]);
  asked.feed(asked.failedIterations, [1], { scenario: 'a' });
  asked.engine.evaluate(1000, true);
  assert.deepEqual(shares(asked), [
    ['iterations_failed', [1, 5], undefined],
    ['iterations_failed{scenario:a}', [1, 1], false],
  ]);
  const sections = asked.engine.sections().map(({ scenario, metrics }) => [scenario, [...metrics.keys()]]);
  assert.deepEqual(sections, [
    ['b', ['iterations']],
    ['a', ['iterations', 'iterations_failed']],
  ]);

  const unasked = build({});
  unasked.feed(unasked.metrics.iterations, [1, 1, 1]);
  assert.deepEqual(shares(unasked), []);
  unasked.feed(unasked.failedIterations, [1, 1]);
  assert.deepEqual(shares(unasked), [['iterations_failed', [2, 3], undefined]]);
});

test('samples of a metric that another thread has made of another kind count nowhere, and those of all others do', () => {
  const conflicts: string[] = [];
  const { engine, metrics, batches, feed } = createEngine({
    onConflict: (error) => {
      assert.ok(error instanceof MetricDefinitionError);
      conflicts.push(error.message);
    },
  });
  const other = { id: 900, name: 'iterations', type: 'trend', contains: 'default' } as const;
  feed(other, [5, 5], { zone: 'eu' });
  feed(metrics.iterations, [1], { zone: 'eu' });
  feed(other, [5], { zone: 'us' });
  feed(other, [7], { zone: 'eu' });
  assert.equal(batches.length, 4);
  assert.deepEqual(
    engine.observed().map(({ key, sink }) => [key, sink.type === 'counter' && sink.count]),
    [['iterations', 1]],
  );
  assert.equal(conflicts.length, 2, 'once per series');
  assert.match(conflicts[0], /metric 'iterations' already exists but with type counter, instead of trend/);
  assert.throws(() => createEngine().feed(other, [5]), MetricDefinitionError);
});
