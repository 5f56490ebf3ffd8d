import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findOptionVariable, readConfigSettings, readEnvSettings, readScriptSettings } from './read-settings.ts';

test('what is no object is no options, and says where it stands', () => {
  for (const nothing of [undefined, null, {}]) {
    assert.deepEqual(readScriptSettings(nothing, []), {});
    assert.deepEqual(readConfigSettings(nothing, []), {});
  }
  for (const wrong of ['text', 5, true, [], [{ vus: 1 }]]) {
    assert.throws(() => readScriptSettings(wrong, []), {
      exitCode: 104,
      message: /the script's options must be an object/,
    });
    assert.throws(() => readConfigSettings(wrong, []), {
      exitCode: 104,
      message: /the options of the config file must be/,
    });
    assert.throws(() => readScriptSettings(wrong, [], { isArchived: true }), {
      message: /the archive's options must be/,
    });
    assert.throws(() => readScriptSettings(wrong, [], { where: 'run()' }), { message: /^run\(\) must be an object/ });
  }
});

test('what is null is not set, a key may be written in any case, and of two the last one counts', () => {
  assert.deepEqual(readScriptSettings({ vus: null, duration: undefined, iterations: 5 }, []), { iterations: 5 });
  assert.deepEqual(readScriptSettings({ VUS: 1, Duration: '1s' }, []), { vus: 1, duration: 1000 });
  assert.deepEqual(readScriptSettings({ vus: 1, VUs: 2 }, []), { vus: 2 });
});

test('keys that there are not have no effect, are named, and what was meant is said', () => {
  const ineffective: string[] = [];
  const settings = readScriptSettings({ vuss: 1, __proto__x: 2, toString: 3, out: 'json', vus: 1 }, ineffective);
  assert.deepEqual(settings, { vus: 1 });
  assert.equal(ineffective.length, 4);
  assert.match(ineffective[0]!, /unknown field "vuss" \(did you mean "vus"\?\); it is ignored/);
  assert.match(ineffective[2]!, /unknown field "toString"/);
});

test('a config file has keys that are no options, and options that no script may set', () => {
  const ineffective: string[] = [];
  const file = {
    out: 'json',
    collectors: {},
    features: [],
    linger: true,
    webDashboard: {},
    localIPs: '10.0.0.1',
    consoleOutput: 'log',
  };
  assert.deepEqual(readConfigSettings(file, ineffective), { localIPs: '10.0.0.1', consoleOutput: 'log' });
  assert.deepEqual(ineffective, []);
  assert.deepEqual(readScriptSettings({ localIPs: '10.0.0.1' }, ineffective), {});
  assert.match(ineffective[0]!, /unknown field "localIPs"/);
  assert.deepEqual(readScriptSettings({ localIPs: '10.0.0.1' }, [], { isArchived: true }), { localIPs: '10.0.0.1' });
});

test('feature flags are nothing that a script can set, and that is said', () => {
  for (const key of ['features', 'Features']) {
    const ineffective: string[] = [];
    assert.deepEqual(readScriptSettings({ [key]: 'merge-run-tags', vus: 1 }, ineffective), { vus: 1 });
    assert.deepEqual(ineffective, ['features cannot be set by the script: use --features or K6_FEATURES']);
  }
});

test('an option that is skipped is not even read, wherever it stands', () => {
  const wrong = { thresholds: 'nonsense', vus: 1 };
  assert.deepEqual(readScriptSettings(wrong, [], { skipped: 'thresholds' }), { vus: 1 });
  assert.deepEqual(readConfigSettings(wrong, [], 'thresholds'), { vus: 1 });
  assert.deepEqual(readEnvSettings({ K6_THRESHOLDS: '{', K6_VUS: '1' }, 'thresholds'), { vus: 1 });
  assert.throws(() => readScriptSettings(wrong, []), { exitCode: 104 });
});

test('a variable that cannot be read is named as it is set', () => {
  for (const [name, text] of [
    ['K6_VUS', 'many'],
    ['SIXFOLD_VUS', '1.5'],
    ['K6_DURATION', 'soon'],
    ['K6_PAUSED', 'maybe'],
    ['K6_STAGES', '10'],
    ['K6_HOSTS', '{"a":"b"}'],
    ['K6_THRESHOLDS', '[]'],
    ['K6_TAGS', 'novalue'],
  ] as const)
    assert.throws(
      () => readEnvSettings({ [name]: text }),
      (error: Error & { exitCode?: number }) =>
        error.exitCode === 104 && error.message.startsWith(`the environment variable ${name} cannot be used: `),
      name,
    );
});

test('an empty variable is not set, but for those where nothing says something', () => {
  assert.deepEqual(readEnvSettings({ K6_VUS: '', K6_USER_AGENT: '' }), {});
  assert.deepEqual(readEnvSettings({ K6_SYSTEM_TAGS: '', K6_HTTP_PROXY: '' }), { systemTags: [], httpProxy: '' });
  assert.equal(findOptionVariable('systemTags', { SIXFOLD_SYSTEM_TAGS: '' })?.name, 'SIXFOLD_SYSTEM_TAGS');
  assert.equal(findOptionVariable('systemTags', { SIXFOLD_SYSTEM_TAGS: '', K6_SYSTEM_TAGS: 'url' })?.text, 'url');
  assert.equal(findOptionVariable('systemTags', {}), null);
  assert.equal(findOptionVariable('scenarios', { K6_SCENARIOS: '{}' }), null, 'which has no variable');
});
