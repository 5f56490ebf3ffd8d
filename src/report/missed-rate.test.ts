import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../metrics/engine.fixture.ts';
import type { ScenarioConfig } from '../options/scenario-config.ts';
import { judgeRates } from './missed-rate.ts';

const arrival = {
  name: 'orders',
  executor: 'constant-arrival-rate',
  rate: 200,
  timeUnitMs: 1000,
  durationMs: 4000,
  preAllocatedVUs: 2,
  maxVUs: 3,
} as unknown as ScenarioConfig;
const looping = { name: 'loop', executor: 'constant-vus' } as unknown as ScenarioConfig;

/** What is said of a run with samples of these metrics. */
function judge(
  samples: Partial<Record<'dropped_iterations' | 'iteration_duration' | 'http_req_duration', number[]>>,
  options: { scenarios?: ScenarioConfig[]; isGeneratorSaturated?: boolean } = {},
) {
  const { engine, metrics, feed } = createEngine();
  for (const [name, values] of Object.entries(samples)) feed(metrics[name as keyof typeof samples], values);
  const { scenarios = [arrival], isGeneratorSaturated = false } = options;
  return judgeRates({ scenarios, metrics: engine.observed(), started: 490, isGeneratorSaturated });
}

const steady = { iteration_duration: [20, 24], http_req_duration: [20, 22] };

test('nothing is said of a rate that was reached, or where there is none', () => {
  assert.deepEqual(judge(steady), []);
  assert.deepEqual(judge({ ...steady, dropped_iterations: [310] }, { scenarios: [looping] }), []);
});

test('too few virtual users are said to be, with how many it takes', () => {
  const [{ text, isGrave }] = judge({ ...steady, dropped_iterations: [300, 10] });
  assert.equal(
    text,
    'the rate was not reached: 310 of 800 iterations did not start (38.75%). The reason: no virtual user was free: an iteration took 22ms on average, for which 200/s need about 6 virtual users, and maxVUs allows 3',
  );
  assert.equal(isGrave, false);
  assert.equal(judge({ ...steady, dropped_iterations: [491] })[0].isGrave, true);
});

test('where maxVUs would do, it is those that are ready', () => {
  const scenarios = [{ ...arrival, maxVUs: 50 } as ScenarioConfig];
  const [{ text }] = judge({ ...steady, dropped_iterations: [4] }, { scenarios });
  assert.match(text, /need about 6 virtual users, and preAllocatedVUs has 2 ready/);
});

test('a server that became slow is the reason, unless the generator was saturated', () => {
  const samples = { iteration_duration: [20, 980], http_req_duration: [20, 980], dropped_iterations: [4] };
  const scenarios = [{ ...arrival, maxVUs: 10 } as ScenarioConfig];
  assert.match(
    judge(samples, { scenarios })[0].text,
    /The reason: the server became slow: http_req_duration was 500ms on average, and 20ms at its best/,
  );
  assert.match(judge(samples, { isGeneratorSaturated: true })[0].text, /The reason: the load generator was saturated$/);
});

test('where maxVUs are too few for the server at its best, they are the reason, however slow it became', () => {
  const samples = { iteration_duration: [20, 980], http_req_duration: [20, 980], dropped_iterations: [4] };
  assert.match(judge(samples)[0].text, /no virtual user was free: .* and maxVUs allows 3$/);
});

test('iterations that a scenario of a number of them left out are no missed rate', () => {
  for (const executor of ['shared-iterations', 'per-vu-iterations']) {
    const scenarios = [arrival, { ...looping, executor } as ScenarioConfig];
    assert.deepEqual(judge({ ...steady, dropped_iterations: [4] }, { scenarios }), []);
  }
});

test('beside other scenarios the share is not known, and of several rates the names are', () => {
  const scenarios = [arrival, { ...arrival, name: 'visits' } as ScenarioConfig, looping];
  const [{ text }] = judge({ ...steady, dropped_iterations: [4] }, { scenarios });
  assert.equal(
    text,
    'the rate of orders, visits was not reached: 4 iterations did not start. The reason: no virtual user was free',
  );
});
