import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine, type EngineFixture } from '../metrics/engine.fixture.ts';
import { META, thresholds } from './summary.fixture.ts';
import { buildSummary } from './summary.ts';
import { renderTextSummary } from './text-summary.ts';

/** The run of the conformance case cli/summary-text. */
function createRun(): EngineFixture {
  const fixture = createEngine(
    { thresholds: thresholds({ amount: ['count>=4'], took: ['p(95)<10'], 'took{kind:a}': ['max<100'] }) },
    (registry) => {
      registry.define('amount', 'counter');
      registry.define('took', 'trend');
    },
  );
  const { engine, metrics, feed } = fixture;
  feed(engine.registry.get('amount')!, [1, 1, 1, 1]);
  feed(engine.registry.get('took')!, [10, 20, 30, 40]);
  feed(metrics.checks, [1, 1, 1, 1], { check: 'always', group: '' });
  feed(metrics.checks, [1, 1, 1, 0], { check: 'not the last', group: '' });
  feed(metrics.iterations, [1, 1, 1, 1]);
  feed(metrics.iteration_duration, [1.25, 1.5, 1.75, 2]);
  feed(metrics.data_sent, [1000, 500]);
  feed(metrics.vus, [1]);
  engine.evaluate(META.durationMs, true);
  return fixture;
}

function render({ engine }: EngineFixture, mode: 'compact' | 'full' = 'compact', meta = {}): string {
  return renderTextSummary(buildSummary(engine, { ...META, ...meta }), { mode, colour: false });
}

test('thresholds, checks and metrics are told in the layout of k6', () => {
  const text = render(createRun());
  assert.equal(
    text.replace(/ +$/gm, ''),
    `
  █ THRESHOLDS

    amount
    ✓ 'count>=4' count=4

    took
    ✗ 'p(95)<10' p(95)=38.5

      {kind:a}
      ✓ 'max<100' max=0


  █ TOTAL RESULTS

    checks_total.......: 8      4/s
    checks_succeeded...: 87.50% 7 out of 8
    checks_failed......: 12.50% 1 out of 8

    ✓ always
    ✗ not the last
      ↳  75% — ✓ 3 / ✗ 1

    CUSTOM
    amount...............: 4      2/s
    took.................: avg=25     min=10     med=25     max=40  p(90)=37     p(95)=38.5
      { kind:a }.........: avg=0      min=0      med=0      max=0   p(90)=0      p(95)=0

    EXECUTION
    iteration_duration...: avg=1.62ms min=1.25ms med=1.62ms max=2ms p(90)=1.92ms p(95)=1.96ms
    iterations...........: 4      2/s
    vus..................: 1      min=1   max=1

    NETWORK
    data_sent............: 1.5 kB 750 B/s

`,
  );
});

test('it matches what the conformance case asks for', () => {
  const text = render(createRun());
  for (const pattern of [
    /checks_total\.*: 8 /,
    /checks_succeeded\.*: 87\.50% 7 out of 8/,
    /checks_failed\.*: 12\.50% 1 out of 8/,
    /✓ always/,
    /✗ not the last/,
    /✓ 3 . ✗ 1/,
    /✓ 'count>=4' count=4/,
    /✗ 'p\(95\)<10' p\(95\)=/,
    /amount\.*: 4 /,
    /took\.*: avg=25 +min=10 +med=25 +max=40 /,
    /iterations\.*: 4 /,
  ])
    assert.match(text, pattern);
});

test('details of requests are for the full summary, and so are groups and scenarios', () => {
  const fixture = createEngine({ sections: true });
  const { metrics, feed } = fixture;
  for (const [scenario, group] of [
    ['default', '::a'],
    ['default', '::a::b'],
    ['other', '::a'],
    ['default', '::setup'],
  ]) {
    feed(metrics.http_req_waiting, [5], { scenario, group });
    feed(metrics.http_req_duration, [6], { scenario, group });
    feed(metrics.checks, [1], { scenario, group, check: `fine in ${group}` });
  }
  const compact = render(fixture);
  assert.doesNotMatch(compact, /http_req_waiting|GROUP|SCENARIO/);
  assert.match(compact, /HTTP\n {4}http_req_duration\.+: avg=6ms/);
  const full = render(fixture, 'full');
  const titles = full
    .split('\n')
    .filter((line) => /[█↳] [A-Z]/.test(line))
    .map((line) => line.trimEnd());
  assert.deepEqual(titles, [
    '  █ TOTAL RESULTS',
    '  █ GROUP: a',
    '    ↳ GROUP: b',
    '  █ SCENARIO: other',
    '    █ GROUP: a',
  ]);
  assert.match(full, /http_req_waiting/);
  const other = full.slice(full.indexOf('SCENARIO: other'));
  assert.match(other, /fine in ::a\n/);
  assert.doesNotMatch(other, /fine in ::a::b/);
});

test('a metric of the script is custom whatever its name begins with', () => {
  const fixture = createEngine({}, (registry) => registry.define('http_req_waiting_room', 'counter'));
  fixture.feed(fixture.engine.registry.get('http_req_waiting_room')!, [1]);
  assert.match(render(fixture), /CUSTOM\n {4}http_req_waiting_room/);
});

test('failures stand below, by code, with what they mean and where to look', () => {
  const fixture = createEngine();
  const { metrics, feed } = fixture;
  feed(metrics.http_reqs, [1, 1, 1], { name: 'http://a/', status: '200' });
  feed(metrics.http_reqs, [1], {
    name: 'http://b/',
    status: '0',
    error_code: '1212',
    error: 'dial: connection refused',
  });
  const text = render(fixture);
  assert.match(text, /█ FAILURES/);
  assert.match(text, /1212 connection_refused: 1 \(25\.00% of HTTP requests\)\n/);
  assert.match(text, /look: \S/);
  assert.match(text, /message: dial: connection refused\n {6}most: http:\/\/b\/ \(1\)/);
  for (let code = 1400; code < 1420; code++)
    feed(metrics.http_reqs, [1, 1], { name: 'http://c/', error_code: String(code) });
  assert.match(render(fixture), /and 21 more with 11 other codes/);
});

test('what is to be said of the generator stands at the end', () => {
  const fixture = createEngine();
  assert.match(
    render(fixture, 'compact', { generatorNote: 'the generator was busy' }),
    /\n {2}! the generator was busy\n\n$/,
  );
  assert.doesNotMatch(render(fixture, 'compact', { generatorNote: '' }), /!/);
  const summary = buildSummary(fixture.engine, { ...META, generatorNote: 'the generator was busy with itself' });
  const narrow = renderTextSummary(summary, { mode: 'compact', colour: false, columns: 28 });
  assert.match(narrow, /\n {2}! the generator was busy\n {4}with itself\n\n$/);
});

test('colours are there only where they are wanted', () => {
  const { engine } = createRun();
  const summary = buildSummary(engine, META);
  assert.doesNotMatch(renderTextSummary(summary, { mode: 'compact', colour: false }), /\x1b/);
  assert.match(renderTextSummary(summary, { mode: 'compact', colour: true }), /\x1b\[32m✓ always\x1b\[0m/);
});

test('a run without any sample has a summary too', () => {
  assert.match(render(createEngine()), /█ TOTAL RESULTS/);
});

test('what must be known first stands first: wrapped in a terminal, in one line elsewhere', () => {
  const text = `the option ${'x'.repeat(30)} has no effect since there is no such setting (did you mean another one?)`;
  const concerns = [{ kind: 'setting-without-effect', text, isGrave: true }] as const;
  const summary = buildSummary(createRun().engine, { ...META, concerns });
  const narrow = renderTextSummary(summary, { mode: 'compact', colour: false, columns: 60 }).split('\n');
  assert.deepEqual(narrow.slice(0, 5), [
    '',
    '  ! the option xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx has no effect',
    '    since there is no such setting (did you mean another',
    '    one?)',
    '',
  ]);
  assert.equal(renderTextSummary(summary, { mode: 'compact', colour: false }).split('\n')[1], `  ! ${text}`);
});
