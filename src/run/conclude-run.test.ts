// Which code wins, as k6 has it: what cut the run short, then what failed in it, then crossed thresholds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEnding } from '../execution/control-plane/run-ending.ts';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import type { Concern } from '../report/concern.ts';
import { concludeRun } from './conclude-run.ts';

type Judgement = Parameters<typeof concludeRun>[1];

const WELL: RunEnding = {
  stop: null,
  error: null,
  losses: [],
  markedFailed: false,
  durationMs: 1000,
  setupData: undefined,
  health: [],
};
const QUIET: Judgement = { crossed: [], concerns: [], objection: null, strict: false };
const grave: Concern = { kind: 'lost-load', text: 'Nothing was done.\nAt all.', isGrave: true };
const mild: Concern = { ...grave, text: 'A little.', isGrave: false };

const STOP = { stop: { exitCode: EXIT.interrupted, message: 'stopped' } };
const ERROR = { error: new ExitError(EXIT.setupTimeout, 'setup took too long') };
const MARKED = { markedFailed: true };
const MADE_GOOD = { text: 'another has taken it over', isMadeGood: true };
const LOSS = {
  losses: [MADE_GOOD, { text: 'an agent is gone', isMadeGood: false }, { text: 'another one', isMadeGood: false }],
};

test('each reason has its code, and what goes before others hides them', () => {
  const crossed = { crossed: ['a', 'b{c:d}'] };
  const objection = { objection: 'it is slower' };
  const strict = { strict: true, concerns: [mild, grave] };
  const all = { ...crossed, ...objection, ...strict };
  const cases: [ending: Partial<RunEnding>, judgement: Partial<Judgement>, exitCode: number, reason: string | null][] =
    [
      [{}, {}, 0, null],
      [{ losses: [MADE_GOOD] }, {}, 0, null],
      [{ ...STOP, ...ERROR, ...MARKED, ...LOSS }, all, 105, 'stopped'],
      [{ ...ERROR, ...MARKED, ...LOSS }, all, 100, 'setup took too long'],
      [{ ...MARKED, ...LOSS }, all, 110, 'test run was marked as failed'],
      [LOSS, all, 99, "thresholds on metrics 'a, b{c:d}' have been crossed"],
      [LOSS, { ...objection, ...strict }, 109, 'an agent is gone'],
      [{}, { ...objection, ...strict }, 99, 'it is slower'],
      [{}, strict, 120, '--strict: the test did not do its work: Nothing was done.'],
      [{}, { strict: true, concerns: [mild] }, 0, null],
      [{}, { strict: false, concerns: [grave] }, 0, null],
      [{ stop: { exitCode: EXIT.thresholdsFailed, message: 'crossed early' } }, crossed, 99, 'crossed early'],
    ];
  for (const [index, [ending, judgement, exitCode, reason]] of cases.entries())
    assert.deepEqual(
      concludeRun({ ...WELL, ...ending }, { ...QUIET, ...judgement }),
      { exitCode, reason },
      `case ${index}`,
    );
});
