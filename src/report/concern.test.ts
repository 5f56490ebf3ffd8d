import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GeneratorHealth } from '../execution/generator-health.ts';
import { createEngine } from '../metrics/engine.fixture.ts';
import { judgeComputing, judgeIterations, judgeThresholds } from './concern.ts';

test('failed iterations are a concern, and a grave one when all of them failed', () => {
  const outcomes = { completed: 4, interrupted: 0, failed: 1, firstFailure: 'Error: x' };
  assert.deepEqual(judgeIterations(outcomes, false), [
    { kind: 'failed-iterations', text: '1 of 4 iterations failed (25.00%)\nfirst: Error: x', isGrave: false },
  ]);
  const [all] = judgeIterations({ ...outcomes, failed: 4 }, false);
  assert.match(all.text, /^every iteration failed \(4 of 4\)/);
  assert.equal(all.isGrave, true);
  assert.deepEqual(judgeIterations({ ...outcomes, failed: 0 }, false), []);
});

test('no iteration at all is a concern, unless the exit code says why', () => {
  const none = { completed: 0, interrupted: 2, failed: 0, firstFailure: null };
  assert.match(judgeIterations(none, false)[0].text, /no iteration ran to its end, 2 were interrupted/);
  assert.deepEqual(judgeIterations(none, true), []);
});

test('thresholds that had nothing to judge are named; counters and crossed ones are not', () => {
  const threshold = (text: string) => [{ threshold: text, abortOnFail: false, delayAbortEvalMs: 0 }];
  const { engine, metrics, feed } = createEngine({
    thresholds: {
      checks: threshold('rate>0.9'),
      'http_reqs{status:500}': threshold('count==0'),
      'http_req_duration{name:x}': threshold('p(95)<5'),
      http_req_blocked: threshold('avg>1'),
      iteration_duration: threshold('avg<10'),
    },
  });
  feed(metrics.iteration_duration, [1]);
  engine.evaluate(1000, true);
  assert.deepEqual(
    judgeThresholds(engine.observed()).map(({ text }) => text),
    [
      "the threshold 'rate>0.9' on checks holds only because checks never had a sample",
      "the threshold 'p(95)<5' on http_req_duration{name:x} holds only because http_req_duration{name:x} never had a sample",
    ],
  );
});

test('code that computes for long is named once for all workers, the longest first, with what helps', () => {
  const place = {
    functionName: 'burn',
    file: 'file:///tests/cpu.js',
    line: 3,
    scenario: 'calc',
    times: 2,
    longestMs: 120,
  };
  const health = [
    place,
    { ...place, longestMs: 240 },
    { ...place, functionName: '', line: 9, scenario: null, times: 1, longestMs: 60 },
  ].map((one) => ({ computing: [one] }) as unknown as GeneratorHealth);
  const [{ text, isGrave }] = judgeComputing(health, 8);
  assert.equal(
    text,
    'the script computes for up to 240 ms at a time, in which the other virtual users of the thread wait and measure too much; it ran on 3 of 8 cores: use more with --workers, or compute less in the script\n' +
      'burn (/tests/cpu.js:3), scenario calc: up to 240 ms, seen 4 times\n' +
      '/tests/cpu.js:9: up to 60 ms, seen 1 time',
  );
  assert.equal(isGrave, false);
  assert.match(judgeComputing(health, 3)[0].text, /divide the test over more machines/);
  assert.deepEqual(judgeComputing([{} as GeneratorHealth], 8), []);
});
