import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../metrics/engine.fixture.ts';
import type { Metric } from '../metrics/metric.ts';
import type { RunControl } from '../run/run-control.ts';
import { isLoopback, parseApiAddress, showApiAddress } from './api-address.ts';
import { renderPrometheusText } from './prometheus-text.ts';

const expression = (threshold: string) => [{ threshold, abortOnFail: false, delayAbortEvalMs: 0 }];

/** A page of metrics of each type, with submetrics. */
function renderPage(): string[] {
  let custom: readonly Metric[] = [];
  const { engine, feed } = createEngine(
    {
      thresholds: {
        'took{kind:"a"}': expression('p(95)<1'),
        'size{1st:x}': expression('value>0'),
        'hits{name:say "hi"\\ there}': expression('count>0'),
      },
    },
    (registry) => {
      custom = [
        registry.define('took', 'trend', 'time'),
        registry.define('hits', 'counter', 'default'),
        registry.define('size', 'gauge', 'data'),
        registry.define('good', 'rate', 'default'),
      ];
    },
  );
  const [took, hits, size, good] = custom;
  feed(took!, [1, 2, 3], { kind: 'a' });
  feed(took!, [10], { kind: 'b' });
  feed(hits!, [2, 3]);
  feed(hits!, [4], { name: 'say "hi"\\ there' });
  feed(size!, [7, 5], { '1st': 'x' });
  feed(good!, [1, 0, 1, 1]);
  const run = { status: () => ({ vus: 3, vusMax: 5 }), metrics: () => engine.observed() };
  return renderPrometheusText(run as unknown as RunControl)
    .trimEnd()
    .split('\n');
}

test('each line is one of the text format, and its name has been described', () => {
  const types = new Map<string, string>();
  for (const line of renderPage()) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_][\w]*) (.+)$/.exec(line);
    if (comment) {
      if (comment[1] === 'TYPE') {
        assert.ok(!types.has(comment[2]!), `${comment[2]} is described twice`);
        types.set(comment[2]!, comment[3]!);
      }
      continue;
    }
    const [, name] =
      /^([a-zA-Z_]\w*)(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\]|\\["\\n])*",?)+\})? [-+\dNI][\w.+-]*$/.exec(line) ?? [];
    assert.ok(name !== undefined, line);
    assert.ok(types.has(name) || types.has(name.replace(/_(?:sum|count)$/, '')), `${name} is not described`);
  }
  assert.equal(types.get('sixfold_took'), 'summary');
  assert.equal(types.get('sixfold_hits_total'), 'counter');
});

test('all lines of a name stand together, as the format asks', () => {
  const names = renderPage().map((line) =>
    (/^# \w+ (\S+)/.exec(line)?.[1] ?? line.split(/[{ ]/)[0]!).replace(/_(?:sum|count)$/, ''),
  );
  const blocks = names.filter((name, i) => name !== names[i - 1]);
  assert.equal(new Set(blocks).size, blocks.length, blocks.join(' '));
});

test('values are those of the run, submetrics by their tags', () => {
  const page = renderPage();
  const value = (start: string): string | undefined =>
    page.find((line) => line.startsWith(`${start} `))?.slice(start.length + 1);
  assert.equal(value('sixfold_active_vus'), '3');
  assert.equal(value('sixfold_initialised_vus'), '5');
  assert.equal(value('sixfold_hits_total'), '9');
  assert.equal(value('sixfold_size'), '5');
  assert.equal(value('sixfold_size{_1st="x"}'), '5');
  assert.equal(value('sixfold_good_rate'), '0.75');
  assert.equal(value('sixfold_took_count'), '4');
  assert.equal(value('sixfold_took_sum'), '16');
  assert.equal(value('sixfold_took_count{kind="a"}'), '3');
  assert.ok(Math.abs(Number(value('sixfold_took{kind="a",quantile="0.5"}')) - 2) < 0.01);
});

test('who reaches an address is seen by it, and it is shown as a URL has it', () => {
  const loopback = (text: string): boolean => isLoopback(parseApiAddress(text));
  for (const text of ['localhost', '127.0.0.1:1', '127.8.9.10', '[::1]:0']) assert.ok(loopback(text), text);
  // Names that only begin as addresses of this machine do.
  for (const text of [':6565', '0.0.0.0', '[::]:1', '127.0.0.1.example', '1127.0.0.1', 'localhost.example', '10.0.0.1'])
    assert.ok(!loopback(text), text);
  assert.equal(showApiAddress({ host: '::1', port: 80 }), '[::1]:80');
  assert.equal(showApiAddress({ host: 'a.b', port: 0 }), 'a.b:0');
  assert.equal(parseApiAddress(' localhost:0 ').port, 0);
  for (const text of ['localhost:', ':', 'localhost:-1', '[::1', '::1:80', 'localhost:80/x', ''])
    if (text !== '') assert.throws(() => parseApiAddress(text), { exitCode: 255 }, text);
});
