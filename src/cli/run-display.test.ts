import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunState } from '../execution/control-plane/run-listener.ts';
import type { ExecutorProgress, ScenarioPhase } from '../execution/executor.ts';
import { consolidateOptions } from '../options/consolidate-options.ts';
import type { RunPlan, RunSnapshot } from '../run/run-observer.ts';
import { RunDisplay } from './run-display.ts';
import { Terminal } from './terminal.ts';

const { options, scenarios } = consolidateOptions({
  cli: {},
  env: {},
  configFile: undefined,
  script: { vus: 2, duration: '10s' },
  noThresholds: false,
});

/** A run that stands where the test says. */
class FakeRun {
  state: RunState = 'initialising';
  elapsedMs = 0;
  completed = 0;
  phase: ScenarioPhase = 'running';

  snapshot(): RunSnapshot {
    const { state, elapsedMs, completed } = this;
    const progress: ExecutorProgress = {
      phase: this.phase,
      share: elapsedMs / 10_000,
      activeVus: 2,
      maxVus: 2,
      elapsedMs,
      durationMs: 10_000,
      iterations: null,
      rate: null,
    };
    return {
      state,
      isPaused: false,
      elapsedMs,
      activeVus: 0,
      initialisedVus: 2,
      completed,
      interrupted: 0,
      failed: 0,
      busyShare: 0,
      scenarios: scenarios.map((config) => ({ config, progress })),
    };
  }
}

function watch(isTTY: boolean, quiet = false) {
  const written: string[] = [];
  const stream = { isTTY, columns: 80, rows: 24, write: (text: string) => written.push(text) };
  const run = new FakeRun();
  const display = new RunDisplay(new Terminal(stream, stream), {
    quiet,
    outputs: () => ['json'],
    snapshot: () => run.snapshot(),
  });
  display.onReady({ script: 'script.js', scenarios, shownScenarios: scenarios, options } as unknown as RunPlan);
  return { written, run, display };
}

test('outside a terminal a line of totals comes once a second while the scenarios run', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { written, run, display } = watch(false);
  assert.match(written.join(''), /script: script\.js\n +output: json\n[\s\S]*default: 2 looping VUs for 10s/);
  written.length = 0;
  t.mock.timers.tick(1000);
  assert.equal(written.length, 0, 'setup is no progress');
  run.state = 'running';
  run.elapsedMs = 5000;
  run.completed = 1;
  t.mock.timers.tick(1000);
  assert.match(
    written.join(''),
    /^running \(0m05\.0s\), 0\/2 VUs, 1 complete and 0 interrupted.*\ndefault .* 5s\/10s\n$/,
  );
  written.length = 0;
  run.state = 'ended';
  run.phase = 'done';
  run.elapsedMs = 10_000;
  run.completed = 7;
  display.finish();
  assert.match(written.join(''), /^running \(0m10\.0s\), 0\/2 VUs, 7 complete .*\ndefault ✓ \[=+\] /);
  written.length = 0;
  t.mock.timers.tick(5000);
  display.finish();
  assert.equal(written.length, 0);
});

test('in a terminal the state is drawn ten times a second, and the last one stays', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const before = process.env['TERM'];
  process.env['TERM'] = 'xterm';
  try {
    const { written, run, display } = watch(true);
    written.length = 0;
    run.state = 'running';
    t.mock.timers.tick(300);
    assert.equal(written.length, 3);
    assert.ok(written[1]!.startsWith('\r\x1b[2A\x1b[J'), JSON.stringify(written[1]));
    run.phase = 'done';
    run.elapsedMs = 10_000;
    display.finish();
    assert.match(written.at(-1)!, /default ✓ \[=+\]/);
    display.finish();
    assert.equal(written.length, 4);
  } finally {
    if (before === undefined) delete process.env['TERM'];
    else process.env['TERM'] = before;
  }
});

test('nothing at all when it is to be quiet', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { written, run, display } = watch(true, true);
  run.state = 'running';
  t.mock.timers.tick(5000);
  display.finish();
  assert.equal(written.length, 0);
});
