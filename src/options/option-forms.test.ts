// Every option in each of its notations: what is read comes back as it is shown, and what is nonsense is refused.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeDefault } from './describe-option.ts';
import { variableNames } from './environment.ts';
import { JsonReader } from './json-reader.ts';
import { OPTION_KEYS, OPTION_ROWS, type OptionKey } from './option-table.ts';
import { readConfigSettings, readEnvSettings, readScriptSettings } from './read-settings.ts';
import { systemTagFlags } from './system-tag-flags.ts';

/** A value of each option as a script has it, and in a variable where that has another notation. */
const VALUES: Readonly<Partial<Record<OptionKey, readonly (readonly [json: unknown, text?: string])[]>>> = {
  paused: [
    [true, 'true'],
    [false, '0'],
  ],
  vus: [
    [5, '5'],
    [0, '+0'],
  ],
  duration: [
    ['1m30s', '1m30s'],
    ['250ms', '250'],
    ['24h0m0s', '1d'],
  ],
  iterations: [[9, '9']],
  executionSegment: [
    ['0:1/2', '0:1/2'],
    ['1/3:2/3', '1/3:2/3'],
  ],
  setupTimeout: [['10s', '10s']],
  maxRedirects: [
    [0, '0'],
    [10, '10'],
  ],
  userAgent: [
    ['me/1.0', 'me/1.0'],
    ['', undefined],
  ],
  rps: [[100, '100']],
  blockHostnames: [[['*.example.com', 'a.b'], '*.example.com,a.b']],
  tags: [[{ a: 'b', c: 'd:e' }, 'a:b,c:d:e']],
  summaryTrendStats: [[['avg', 'p(99.9)'], 'avg, p(99.9)']],
  noConnectionReuse: [[true, 'T']],
  hosts: [[{ 'a.b': '127.0.0.1', '*.c:80': '[::1]:8080' }, '{"a.b":"127.0.0.1","*.c:80":"[::1]:8080"}']],
};

test('what is read comes back as it is shown, from JSON and from a variable', () => {
  for (const [key, values] of Object.entries(VALUES) as [OptionKey, readonly (readonly [unknown, string?])[]][]) {
    const { form, env } = OPTION_ROWS[key];
    for (const [json, text] of values) {
      const settings = readScriptSettings({ [key]: json }, []);
      assert.deepEqual(form.show(settings[key] as never), json, key);
      // The form that is shown is read as the same setting.
      assert.deepEqual(readScriptSettings({ [key]: form.show(settings[key] as never) }, []), settings, key);
      if (env === null || text === undefined) continue;
      for (const name of variableNames(env)) assert.deepEqual(readEnvSettings({ [name]: text }), settings, name);
    }
  }
});

test('no option takes a value of any type: each says what it should be, with its name', () => {
  const wrong: readonly unknown[] = [true, 7, 7.5, 'text', ['a'], [1], [[]], [null], { a: 'b' }, { a: 1 }, {}];
  for (const key of OPTION_KEYS) {
    if (OPTION_ROWS[key].notForScripts) continue;
    const refused = wrong.filter((value) => {
      try {
        readScriptSettings({ [key]: value }, []);
        return false;
      } catch (error) {
        const { message, exitCode } = error as { message: string; exitCode: number };
        assert.equal(exitCode, 104, key);
        assert.ok(message.startsWith("the script's options cannot be used: "), message);
        assert.ok(message.length < 2000, `${key} says too much: ${message}`);
        return true;
      }
    });
    assert.ok(refused.length > 0, `${key} takes anything`);
    // Nothing set is no setting, whatever the option.
    assert.deepEqual(readScriptSettings({ [key]: null }, []), {}, key);
    assert.deepEqual(readScriptSettings({ [key]: undefined }, []), {}, key);
  }
});

test('names of options, flags and variables are each there once', () => {
  const once = (names: readonly string[]): void => assert.equal(new Set(names).size, names.length, names.join(' '));
  once(OPTION_KEYS.map((key) => key.toLowerCase()));
  once(OPTION_KEYS.flatMap((key) => OPTION_ROWS[key].env ?? []));
  const flags = OPTION_KEYS.flatMap((key) => OPTION_ROWS[key].flag ?? []);
  once(flags.flatMap((flag) => /--[\w-]+/.exec(flag) ?? []));
  once(flags.flatMap((flag) => /^-\w\b/.exec(flag) ?? []));
});

test('each row describes its default in words, and never as an object', () => {
  for (const key of OPTION_KEYS) {
    const text = describeDefault(OPTION_ROWS[key] as never);
    assert.doesNotMatch(text, /\[object|undefined|NaN/, key);
  }
  assert.equal(describeDefault(OPTION_ROWS.setupTimeout as never), '1m');
});

test('options that only flags and files may set are unknown to scripts, and known to files and archives', () => {
  const key = OPTION_KEYS.find((one) => OPTION_ROWS[one].notForScripts)!;
  const ignored: string[] = [];
  assert.deepEqual(readScriptSettings({ consoleOutput: 'x' }, ignored), {});
  assert.match(ignored.join(), /the script's options have an unknown field "consoleOutput"/);
  const none: string[] = [];
  assert.equal(readConfigSettings({ consoleOutput: 'x' }, none).consoleOutput, 'x');
  assert.equal(readScriptSettings({ consoleOutput: 'x' }, none, { isArchived: true }).consoleOutput, 'x');
  assert.deepEqual(none, []);
  assert.ok(key !== undefined);
});

describe('lists and tables outside of JSON', () => {
  const fromText = (key: OptionKey, text: string): unknown => OPTION_ROWS[key].form.fromText(text);

  test('are split at commas, blanks aside', () => {
    assert.deepEqual(fromText('blockHostnames', ' a.b , ,*.c '), ['a.b', '*.c']);
    assert.deepEqual(fromText('blockHostnames', ''), []);
  });

  test('tags need a name and, behind a flag, a value', () => {
    const { form } = OPTION_ROWS.tags;
    assert.deepEqual(form.fromText('a:'), { a: '' });
    for (const text of [':b', 'a', 'a:b,c']) assert.throws(() => form.fromText(text), /must have the form name:value/);
    assert.deepEqual(form.fromFlag!('a=b=c'), { a: 'b=c' });
    for (const text of ['', 'a', '=b', 'a=']) assert.throws(() => form.fromFlag!(text), /name=value/, text);
    assert.deepEqual(form.join!({ a: '1', b: '2' }, { b: '3' }), { a: '1', b: '3' });
  });

  test('system tags come in one order, and those that there are not are left out', () => {
    assert.deepEqual(fromText('systemTags', 'vu,nothing, proto,iter'), ['vu', 'nothing', 'proto', 'iter']);
    const { form } = OPTION_ROWS.systemTags;
    const joined = form.join!(['vu'] as never, ['proto', 'nothing', 'vu'] as never);
    assert.deepEqual(
      form.sift!(joined, () => {}),
      ['proto', 'vu'],
    );
    const flags = systemTagFlags(['group', 'iter']);
    assert.deepEqual(flags, { group: true, check: false, iter: true });
    assert.equal(systemTagFlags(['check']).check, true, 'another list is looked at anew');
  });

  test('JSON that is none is shown with what is wrong', () => {
    assert.throws(() => fromText('hosts', '{"a":'), /is not valid JSON/);
    assert.throws(() => readEnvSettings({ K6_HOSTS: 'x' }), {
      exitCode: 104,
      message: /the environment variable K6_HOSTS cannot be used/,
    });
  });
});

describe('address blocks', () => {
  /** The network of an address, bit by bit. */
  function networkOf(address: string, bits: number): string {
    const all = address
      .split('.')
      .map((group) => Number(group).toString(2).padStart(8, '0'))
      .join('');
    const kept = all.slice(0, bits).padEnd(32, '0');
    return [0, 8, 16, 24].map((at) => Number.parseInt(kept.slice(at, at + 8), 2)).join('.');
  }

  test('are shown as networks', () => {
    const { form } = OPTION_ROWS.blacklistIPs;
    const show = (block: string): unknown => (form.show([block]) as string[])[0];
    for (let bits = 0; bits <= 32; bits++)
      assert.equal(show(`203.0.113.255/${bits}`), `${networkOf('203.0.113.255', bits)}/${bits}`);
    assert.equal(show('2001:db8:ffff::1/33'), '2001:db8:8000::/33');
    assert.equal(show('2001:DB8::1/128'), '2001:db8::1/128');
    assert.equal(show('::/0'), '::/0');
    assert.equal(show('10.0.0.1'), '10.0.0.1', 'an address alone stays as it is');
  });

  test('are addresses, with no more bits than these have', () => {
    const read = (block: string) => readScriptSettings({ blacklistIPs: [block] }, []);
    for (const block of ['10.0.0.0/33', '10.0.0.0/-1', '10.0.0/8', '::/129', 'a.b/8', '10.0.0.0/', '/8', ''])
      assert.throws(() => read(block), /neither an IP address nor a block/, block);
  });
});

describe('TLS', () => {
  test('versions are one, or a range whose ends fit', () => {
    const read = (value: unknown) => readScriptSettings({ tlsVersion: value }, []).tlsVersion;
    assert.deepEqual(read('tls1.2'), { min: 'tls1.2', max: 'tls1.2' });
    assert.deepEqual(read({ min: 'tls1.1' }), { min: 'tls1.1', max: null });
    assert.deepEqual(read({ max: '' }), { min: null, max: null });
    assert.throws(() => read({ min: 'tls1.3', max: 'tls1.2' }), /a min \(tls1.3\) above its max \(tls1.2\)/);
    assert.throws(() => read('tls1.4'), /must be one of "tls1.0"/);
    assert.throws(() => read('TLSv1.2'), /must be one of/);
  });

  test('certificates that cannot be used are named by their number, and their keys not shown', () => {
    assert.throws(
      () => readScriptSettings({ tlsAuth: [{ cert: 'no PEM', key: 'hunter2' }] }, []),
      (error: Error) => /tlsAuth\[0\] cannot be used/.test(error.message) && !error.message.includes('hunter2'),
    );
  });
});

test('thresholds in both forms, and the key of a submetric alone', () => {
  const read = (value: unknown, ignored: string[] = []) =>
    readScriptSettings({ thresholds: value }, ignored).thresholds;
  assert.deepEqual(
    read({ a: ['p(95)<1'], b: [{ threshold: 'rate>0', abortOnFail: true, delayAbortEval: '1m' }], 'c{d:e}': null }),
    {
      a: [{ threshold: 'p(95)<1', abortOnFail: false, delayAbortEvalMs: 0 }],
      b: [{ threshold: 'rate>0', abortOnFail: true, delayAbortEvalMs: 60_000 }],
      'c{d:e}': [],
    },
  );
  const ignored: string[] = [];
  read({ a: [{ threshold: 'rate>0', abortOnFial: true }] }, ignored);
  assert.match(ignored.join(), /unknown field "abortOnFial" \(did you mean "abortOnFail"\?\)/);
  assert.throws(() => read({ a: [7] }), /thresholds\.a\[0\].*text such as "p\(95\)<200"/);
  assert.throws(() => read({ a: [{}] }), /thresholds\.a\[0\]\.threshold" must be text/);
  const { form } = OPTION_ROWS.thresholds;
  const given = { x: ['p(95)<1', { threshold: 'rate>0', abortOnFail: false, delayAbortEval: '1s' }] };
  assert.deepEqual(form.show(form.fromJson(new JsonReader(given, []))), given);
});
