// Which scenario shortcuts make (k6 page "Options reference"; k6-behaviours 45).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveScenarios } from './derive-scenarios.ts';
import type { OptionSettings } from './option-table.ts';

const SCENARIOS = { mine: { executor: 'constant-vus', vus: 1, duration: 1000 } } as const;
const STAGES = [{ duration: 1000, target: 5 }];

function derive(settings: OptionSettings): { scenarios: unknown; warnings: string[] } {
  const warnings: string[] = [];
  return { scenarios: deriveScenarios(settings, warnings), warnings };
}

test('each combination of shortcuts makes one scenario named default', () => {
  const cases: [settings: OptionSettings, scenario: object][] = [
    [{}, { executor: 'per-vu-iterations' }],
    [{ vus: 3 }, { executor: 'shared-iterations', vus: 3, iterations: 3 }],
    [{ vus: 0 }, { executor: 'shared-iterations', vus: 0, iterations: 0 }],
    [{ iterations: 9 }, { executor: 'shared-iterations', iterations: 9 }],
    [{ iterations: 0 }, { executor: 'shared-iterations', iterations: 0 }],
    [
      { vus: 3, iterations: 9 },
      { executor: 'shared-iterations', vus: 3, iterations: 9 },
    ],
    [
      { iterations: 9, duration: 1000 },
      { executor: 'shared-iterations', iterations: 9, maxDuration: 1000 },
    ],
    [{ duration: 1000 }, { executor: 'constant-vus', duration: 1000 }],
    [
      { vus: 3, duration: 1000 },
      { executor: 'constant-vus', vus: 3, duration: 1000 },
    ],
    [{ stages: STAGES }, { executor: 'ramping-vus', stages: STAGES }],
    [
      { vus: 3, stages: STAGES },
      { executor: 'ramping-vus', stages: STAGES, startVUs: 3 },
    ],
    [
      { vus: 0, stages: STAGES },
      { executor: 'ramping-vus', stages: STAGES, startVUs: 0 },
    ],
    [
      { iterations: 9, stages: [] },
      { executor: 'shared-iterations', iterations: 9 },
    ],
    [
      { duration: 1000, scenarios: {} },
      { executor: 'constant-vus', duration: 1000 },
    ],
  ];
  for (const [settings, scenario] of cases)
    assert.deepEqual(derive(settings), { scenarios: { default: scenario }, warnings: [] }, JSON.stringify(settings));
});

test('a stage without a duration has no place in time', () => {
  const stages = [{ duration: null, target: 3 }, ...STAGES, { duration: null, target: null }];
  assert.deepEqual(derive({ stages }).scenarios, { default: { executor: 'ramping-vus', stages: STAGES } });
});

test('scenarios are those that were written out, but for virtual users alone, which go before them with a warning', () => {
  assert.deepEqual(derive({ scenarios: SCENARIOS }), { scenarios: SCENARIOS, warnings: [] });
  const { scenarios, warnings } = derive({ scenarios: SCENARIOS, vus: 2 });
  assert.deepEqual(scenarios, { default: { executor: 'shared-iterations', vus: 2, iterations: 2 } });
  assert.deepEqual(warnings, ['`vus` is set, so the scenarios are not run, but 2 iterations shared among 2 VUs']);
});

test('what is set to nothing runs once, with a warning each', () => {
  for (const settings of [{ stages: [] }, { scenarios: {} }, { stages: [], scenarios: {} }]) {
    const { scenarios, warnings } = derive(settings);
    assert.deepEqual(scenarios, { default: { executor: 'per-vu-iterations' } });
    assert.equal(warnings.length, Object.keys(settings).length);
    for (const warning of warnings) assert.match(warning, /explicitly set to an empty value/);
  }
});

test('every two shortcuts that say different things are refused by their names', () => {
  const cases: [settings: OptionSettings, a: string, b: string][] = [
    [{ iterations: 1, stages: STAGES }, 'iterations', 'stages'],
    [{ duration: 1, stages: STAGES }, 'duration', 'stages'],
    [{ iterations: 1, scenarios: SCENARIOS }, 'iterations', 'scenarios'],
    [{ duration: 1, scenarios: SCENARIOS }, 'duration', 'scenarios'],
    [{ stages: STAGES, scenarios: SCENARIOS }, 'stages', 'scenarios'],
  ];
  for (const [settings, a, b] of cases)
    assert.throws(() => derive(settings), { exitCode: 104, message: new RegExp(`\`${a}\` and \`${b}\``) });
});

test('a duration is more than nothing', () => {
  for (const duration of [0, -1, -0.5])
    assert.throws(
      () => derive({ duration }),
      { exitCode: 104, message: /duration must be more than 0/ },
      String(duration),
    );
  assert.deepEqual(derive({ duration: 0.001 }).scenarios, { default: { executor: 'constant-vus', duration: 0.001 } });
});
