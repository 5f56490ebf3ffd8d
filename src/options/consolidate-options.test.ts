import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ExitError } from '../exit/exit-error.ts';
import {
  type ConsolidatedOptions,
  checkScenarioFunctions,
  consolidateOptions,
  type OptionSources,
  showScriptOptions,
} from './consolidate-options.ts';

function consolidate(sources: Partial<OptionSources>): ConsolidatedOptions {
  return consolidateOptions({ cli: {}, env: {}, configFile: undefined, script: undefined, ...sources });
}

/** @returns the message of the error that ends the program with `code` */
function refusal(sources: Partial<OptionSources>, code = 104): string {
  try {
    consolidate(sources);
  } catch (error) {
    assert.ok(error instanceof ExitError, String(error));
    assert.equal(error.exitCode, code, error.message);
    return error.message;
  }
  return assert.fail('nothing was refused');
}

const scenario = (settings: object): Partial<OptionSources> => ({ script: { scenarios: { one: settings } } });
const arrival = { executor: 'constant-arrival-rate', rate: 1, duration: '1s', preAllocatedVUs: 1 };

test('without any option one virtual user does one iteration', () => {
  const { options, scenarios, warnings } = consolidate({});
  assert.equal(scenarios.length, 1);
  assert.deepEqual([scenarios[0].name, scenarios[0].executor], ['default', 'per-vu-iterations']);
  assert.deepEqual(warnings, []);
  assert.equal(options.setupTimeoutMs, 60_000);
  assert.equal(options.maxRedirects, 10);
  assert.equal(options.maxRedirectsSet, false);
  assert.deepEqual(structuredClone(options), options);
});

test('flags win over the environment, it over the script, it over the config file', () => {
  const { options } = consolidate({
    configFile: { maxRedirects: 1, batch: 1, userAgent: 'file', rps: 1 },
    script: { maxRedirects: 2, batch: 2, userAgent: 'script' },
    env: { K6_MAX_REDIRECTS: '3', K6_BATCH: '3', K6_USER_AGENT: '' },
    cli: { maxRedirects: 4 },
  });
  assert.deepEqual([options.maxRedirects, options.batch, options.userAgent, options.rps], [4, 3, 'script', 1]);
});

test('shortcuts choose the executor', () => {
  const executorOf = (script: unknown): string => consolidate({ script }).scenarios[0].executor;
  assert.equal(executorOf({ iterations: 3 }), 'shared-iterations');
  assert.equal(executorOf({ duration: '1s', vus: 2 }), 'constant-vus');
  assert.equal(executorOf({ stages: [{ duration: '1s', target: 2 }] }), 'ramping-vus');
  assert.equal(executorOf({ vus: 2 }), 'shared-iterations');
  const { scenarios } = consolidate({ script: { vus: 2, iterations: 4, duration: '20s' } });
  assert.deepEqual(
    [scenarios[0].executor, 'maxDurationMs' in scenarios[0] && scenarios[0].maxDurationMs],
    ['shared-iterations', 20_000],
  );
});

test('execution settings of a higher source hide those of lower ones, but vus stays', () => {
  const flags = consolidate({ script: { vus: 3, iterations: 4 }, cli: { duration: 5000 } });
  assert.deepEqual(
    [flags.scenarios[0].executor, 'vus' in flags.scenarios[0] && flags.scenarios[0].vus],
    ['constant-vus', 3],
  );
  const over = consolidate({ ...scenario({ executor: 'per-vu-iterations', exec: 'own' }), cli: { iterations: 2 } });
  assert.deepEqual(
    over.scenarios.map((s) => [s.name, s.exec]),
    [['default', 'default']],
  );
  assert.match(over.warnings[0], /the command line sets `iterations`/);
  assert.match(
    refusal({ script: { vus: 3, iterations: 4 }, cli: { iterations: 2 } }),
    /\(2\) can't be less than the number of VUs \(3\)/,
  );
  const vus = consolidate({ ...scenario({ executor: 'per-vu-iterations' }), cli: { vus: 2 } });
  assert.equal(vus.scenarios[0].executor, 'shared-iterations');
  assert.match(vus.warnings[0], /`vus` is set/);
});

test('shortcuts of one source that contradict each other are refused', () => {
  assert.match(
    refusal({ script: { iterations: 1, stages: [{ duration: '1s', target: 1 }] } }),
    /`iterations` and `stages`/,
  );
  assert.match(
    refusal({ script: { duration: '1s', stages: [{ duration: '1s', target: 1 }] } }),
    /`duration` and `stages`/,
  );
  assert.match(refusal({ script: { duration: '1s', scenarios: { one: arrival } } }), /`duration` and `scenarios`/);
  assert.match(refusal({ script: { duration: 0 } }), /duration must be more than 0/);
});

test('explicitly empty stages and scenarios run once, with a warning', () => {
  for (const script of [{ stages: [] }, { scenarios: {} }]) {
    const { scenarios, warnings } = consolidate({ script });
    assert.equal(scenarios[0].executor, 'per-vu-iterations');
    assert.match(warnings[0], /explicitly set to an empty value/);
  }
});

test('everything that is wrong with scenarios is said at once', () => {
  const message = refusal({
    script: {
      scenarios: {
        a: { executor: 'constant-vus', vus: 0 },
        'two words': { executor: 'per-vu-iterations', iterations: -1, startTime: '-1s' },
      },
    },
  });
  assert.equal(
    message,
    'There were problems with the specified script configuration:' +
      '\n\t- scenario a has configuration errors: the number of VUs must be more than 0, the duration is unspecified' +
      '\n\t- scenario two words has configuration errors: the name of the scenario may only have letters, digits, "_" and "-", ' +
      "the startTime can't be negative, the number of iterations must be more than 0",
  );
});

test('each wrong scenario has its message', () => {
  for (const [settings, pattern] of [
    [{}, /doesn't have a specified executor type/],
    [{ executor: 'constant_vus' }, /unknown executor type "constant_vus" \(did you mean "constant-vus"\?\)/],
    [{ executor: 'externally-controlled' }, /maxVUs must be more than 0/],
    [{ executor: 'per-vu-iterations', itertions: 1 }, /unknown field "itertions" \(did you mean "iterations"\?\)/],
    [{ executor: 'per-vu-iterations', exec: '' }, /exec value cannot be empty/],
    [{ executor: 'constant-vus', duration: '200ms' }, /must be at least 1s, but is 200ms/],
    [{ executor: 'ramping-vus', stages: [] }, /at least one stage/],
    [
      { executor: 'ramping-vus', stages: [{ target: 1 }, { duration: '-1s', target: -1 }] },
      /stage 1 doesn't have a duration, the duration for stage 2 can't be negative, the target for stage 2/,
    ],
    [
      { executor: 'ramping-vus', startVUs: 0, stages: [{ duration: '1s', target: 0 }] },
      /either startVUs or one of the stage targets/,
    ],
    [{ executor: 'ramping-vus', stages: [{ duration: '1s', target: 100_000_001 }] }, /more than 100000000 VUs/],
    [{ ...arrival, rate: undefined }, /iteration rate isn't specified/],
    [{ ...arrival, rate: 0 }, /iteration rate must be more than 0/],
    [{ ...arrival, timeUnit: 0 }, /timeUnit must be more than 0/],
    [{ ...arrival, preAllocatedVUs: undefined }, /preAllocatedVUs isn't specified/],
    [{ ...arrival, preAllocatedVUs: 5, maxVUs: 2 }, /maxVUs \(2\) can't be less than preAllocatedVUs \(5\)/],
    [{ ...arrival, gracefulStop: '-1s' }, /gracefulStop timeout can't be negative/],
  ] as const) {
    assert.match(refusal(scenario(settings)), pattern);
  }
});

test('values of the wrong type are shown with their place', () => {
  assert.match(refusal({ script: { iterations: 'two' } }), /"iterations" must be a whole number, but it is "two"/);
  assert.match(
    refusal({ script: { stages: { duration: '1s' } } }),
    /"stages" must be a list, but it is {"duration":"1s"}/,
  );
  assert.match(
    refusal({ script: { stages: [{ duration: '1s', target: 1.5 }] } }),
    /"stages\[0\].target" must be a whole number/,
  );
  assert.match(
    refusal(scenario({ executor: 'per-vu-iterations', env: { A: 1 } })),
    /"scenarios.one.env.A" must be text/,
  );
  assert.match(refusal({ script: 'iterations: 2' }), /must be an object/);
  assert.match(refusal({ script: [] }), /must be an object/);
  assert.match(refusal({ script: { setupTimeout: 'soon' } }), /"setupTimeout" must be a duration/);
  assert.match(refusal({ configFile: { vus: [] } }), /config file.*"vus"/);
  assert.match(refusal({ env: { K6_VUS: 'x' } }), /K6_VUS cannot be used: "x" is not a whole number/);
});

test('numbers may come as text, as from __ENV', () => {
  const { scenarios } = consolidate({ script: { vus: '2', iterations: '5' } });
  assert.deepEqual('vus' in scenarios[0] && scenarios[0].vus, 2);
});

test('unknown options are only told of, with the nearest name, at every level', () => {
  const { ineffective } = consolidate({
    script: { noSuchOption: 1, tresholds: {}, dns: { tll: '1s' }, tlsAuth: [{ cert: '', key: '', domain: [] }] },
  });
  assert.match(ineffective[0], /unknown field "noSuchOption"; it is ignored/);
  assert.match(ineffective[1], /"tresholds" \(did you mean "thresholds"\?\)/);
  assert.match(ineffective[2], /"dns" has an unknown field "tll" \(did you mean "ttl"\?\)/);
  assert.match(ineffective[3], /"tlsAuth\[0\]" has an unknown field "domain" \(did you mean "domains"\?\)/);
  assert.match(consolidate({ configFile: { vsu: 1 } }).ineffective[0], /config file have an unknown field "vsu"/);
  assert.deepEqual(consolidate({ configFile: { collectors: {}, out: ['json'] } }).ineffective, []);
});

test('the case of keys does not matter, at any level and in any source', () => {
  const script = {
    DiscardResponseBodies: true,
    SCENARIOS: { one: { Executor: 'ramping-vus', StartVUs: 2, STAGES: [{ Duration: '2s', TARGET: 3 }] } },
    Thresholds: { checks: [{ Threshold: 'rate>0.5', AbortOnFail: true, delayabortEval: '3s' }] },
    TLSAuth: [{ Domains: ['a.test'], CERT: '', Key: '', PassWord: 'p' }],
    DNS: { TTL: '5s', Select: 'first' },
  };
  const { options, scenarios, ineffective, warnings } = consolidate({ script, configFile: { MaxRedirects: 3 } });
  assert.deepEqual([ineffective, warnings], [[], []]);
  assert.deepEqual([options.discardResponseBodies, options.maxRedirects], [true, 3]);
  assert.deepEqual([options.dns.ttlMs, options.dns.select], [5000, 'first']);
  assert.deepEqual(options.thresholds, {
    checks: [{ threshold: 'rate>0.5', abortOnFail: true, delayAbortEvalMs: 3000 }],
  });
  const [{ domains, cert, key, password }] = options.tlsAuth;
  assert.deepEqual([domains, cert, key, password], [['a.test'], '', '', 'p']);
  const [scenario] = scenarios;
  assert.ok(scenario.executor === 'ramping-vus');
  assert.deepEqual([scenario.startVUs, scenario.stages], [2, [{ durationMs: 2000, target: 3 }]]);
});

test('dns is merged field by field, each source over the ones below', () => {
  const { options } = consolidate({
    configFile: { dns: { ttl: '1s', select: 'first', policy: 'onlyIPv4' } },
    script: { dns: { select: 'roundRobin' } },
    env: { K6_DNS: 'policy=any' },
  });
  assert.deepEqual(options.dns, { ttlMs: 1000, select: 'roundRobin', policy: 'any' });
});

test('address blocks are networks: what cannot be one is named', () => {
  const { options } = consolidate({ script: { blacklistIPs: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.1'] } });
  assert.equal(options.blacklistIPs.length, 3);
  for (const wrong of ['10.0.0.0/33', '10.0.0/8', 'example.com', '2001:db8::/129']) {
    assert.throws(
      () => consolidate({ script: { blacklistIPs: ['10.0.0.0/8', wrong] } }),
      (error: Error) => error.message.includes(wrong) && error.message.includes('blacklistIPs'),
      wrong,
    );
  }
});

test('names, addresses and TLS are checked before any load', () => {
  for (const [script, pattern] of [
    [{ dns: { ttl: 'never' } }, /ttl|duration/],
    [{ dns: { select: 'last' } }, /"dns.select" must be one of "first", "random", "roundRobin"/],
    [{ dns: { policy: 'IPv5' } }, /dns.policy/],
    [{ hosts: { 'a.test': 'b.test' } }, /"a.test" to "b.test", which is no address/],
    [{ hosts: { 'a.*': '127.0.0.1' } }, /hosts has "a.\*"/],
    [{ hosts: { 'a.test': '127.0.0.1:99999' } }, /no address/],
    [{ blockHostnames: ['a.*.test'] }, /blockHostnames has "a.\*.test"/],
    [{ blacklistIPs: ['10.0.0.0/33'] }, /neither an IP address nor a block/],
    [{ tlsVersion: 'ssl3.0' }, /"tlsVersion" must be one of/],
    [{ tlsVersion: { min: 'tls1.3', max: 'tls1.2' } }, /min \(tls1.3\) above its max/],
    [{ tlsCipherSuites: ['TLS_NONE'] }, /unknown suite "TLS_NONE"/],
    [{ tlsAuth: [{ cert: 'x', key: 'y' }] }, /tlsAuth\[0\] cannot be used/],
    [{ executionSegment: '1:0' }, /segment/],
    [{ setupTimeout: 0 }, /setupTimeout must be more than 0/],
    [{ summaryTimeUnit: 'min' }, /none of s, ms and us/],
    [{ thresholds: { a: [{ abortOnFail: true }] } }, /thresholds.a\[0\].threshold/],
  ] as const) {
    assert.match(refusal({ script }), pattern);
  }
  assert.match(refusal({ script: { summaryTrendStats: ['avg', 'p(101)'] } }, 255), /"p\(101\)"/);
});

test('names and addresses in all their forms', () => {
  const { options } = consolidate({
    script: {
      hosts: { 'A.test': '127.0.0.1:80', '*.b.test': '[::1]:443', 'c.test:8080': '::1' },
      blockHostnames: ['*', '*.X.test', '*y.test', 'under_score.test'],
      blacklistIPs: ['10.0.0.0/8', '::1'],
      dns: { ttl: 5, select: 'roundRobin' },
      tlsVersion: { min: 'tls1.2' },
      tlsCipherSuites: ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
    },
    env: { K6_LOCAL_IPS: '127.0.0.2-127.0.0.4,10.0.0.0/30,::1' },
  });
  assert.deepEqual(options.hosts, { 'a.test': '127.0.0.1:80', '*.b.test': '[::1]:443', 'c.test:8080': '::1' });
  assert.deepEqual(options.blockHostnames, ['*', '*.x.test', '*y.test', 'under_score.test']);
  assert.deepEqual(options.dns, { ttlMs: 5, select: 'roundRobin', policy: 'preferIPv4' });
  assert.deepEqual(options.tlsVersion, { min: 'TLSv1.2', max: null });
  assert.deepEqual(options.tlsCipherSuites, ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384']);
  assert.deepEqual(options.localIPs, ['127.0.0.2-127.0.0.4', '10.0.0.0/30', '::1']);
  assert.deepEqual(consolidate({ env: { K6_DNS: 'ttl=inf,policy=onlyIPv6' } }).options.dns, {
    ttlMs: null,
    select: 'random',
    policy: 'onlyIPv6',
  });
  assert.equal(consolidate({ script: { dns: { ttl: '0' } } }).options.dns.ttlMs, 0);
});

test('system tags that nobody knows are named with what says them, and left out', () => {
  const { options, ineffective } = consolidate({
    cli: { systemTags: ['url', 'stauts'] },
    env: { K6_SYSTEM_TAGS: 'vu,nonsense' },
    script: { systemTags: ['foo'] },
  });
  assert.deepEqual(options.systemTags, ['url']);
  assert.deepEqual(ineffective, [
    '"systemTags" has an unknown "foo"; it is ignored',
    'the environment variable K6_SYSTEM_TAGS has an unknown "nonsense"; it is ignored',
    'the flag --system-tags has an unknown "stauts" (did you mean "status"?); it is ignored',
  ]);
});

test('the environment sets options in its own notation', () => {
  const { options, scenarios } = consolidate({
    env: {
      K6_STAGES: '2m30s:11,1h1m:100',
      K6_VUS: '3',
      K6_TAGS: 'a:b,c:d:e',
      K6_NO_SETUP: 'true',
      K6_SYSTEM_TAGS: 'url,status,nonsense',
      K6_SETUP_TIMEOUT: '1d',
      K6_THRESHOLDS: '{"checks":["rate>0.9"]}',
    },
  });
  assert.deepEqual(scenarios[0].executor === 'ramping-vus' && [scenarios[0].startVUs, scenarios[0].stages], [
    3,
    [
      { durationMs: 150_000, target: 11 },
      { durationMs: 3_660_000, target: 100 },
    ],
  ]);
  assert.deepEqual(
    [options.tags, options.noSetup, options.systemTags, options.setupTimeoutMs],
    [{ a: 'b', c: 'd:e' }, true, ['status', 'url'], 86_400_000],
  );
  assert.deepEqual(options.thresholds, {
    checks: [{ threshold: 'rate>0.9', abortOnFail: false, delayAbortEvalMs: 0 }],
  });
});

test('thresholds that are left out are not even read', () => {
  const { options } = consolidate({
    script: { thresholds: 'nonsense' },
    env: { K6_THRESHOLDS: 'x' },
    noThresholds: true,
  });
  assert.deepEqual(options.thresholds, {});
});

test('scripts see the options as they were set, shortcuts as scenarios', () => {
  const { options } = consolidate({
    cli: { vus: 2, iterations: 2 },
    script: { setupTimeout: '90s', thresholds: { a: [{ threshold: 'count>1', delayAbortEval: 500 }, 'rate>1'] } },
  });
  const { shown } = options;
  assert.deepEqual(shown['scenarios'], {
    default: {
      executor: 'shared-iterations',
      startTime: null,
      gracefulStop: null,
      env: null,
      exec: null,
      tags: null,
      vus: 2,
      iterations: 2,
      maxDuration: null,
    },
  });
  for (const key of ['vus', 'iterations', 'duration', 'stages']) assert.ok(!(key in shown));
  for (const key of ['paused', 'rps', 'consoleOutput', 'localIPs']) assert.equal(shown[key], null);
  assert.equal(shown['setupTimeout'], '1m30s');
  assert.deepEqual(shown['thresholds'], {
    a: [{ threshold: 'count>1', abortOnFail: false, delayAbortEval: '500ms' }, 'rate>1'],
  });
});

test('inspect shows what the script itself says', () => {
  const { shown } = showScriptOptions({ vus: 2, duration: 90_000 });
  assert.deepEqual([shown['vus'], shown['duration'], shown['scenarios']], [2, '1m30s', null]);
});

test('scenarios run in the order of their start, then of their names', () => {
  const script = {
    scenarios: {
      b: { executor: 'per-vu-iterations' },
      c: { executor: 'per-vu-iterations', startTime: 0 },
      a: { executor: 'per-vu-iterations', startTime: '1s' },
    },
  };
  assert.deepEqual(
    consolidate({ script }).scenarios.map(({ name }) => name),
    ['b', 'c', 'a'],
  );
});

test('a scenario needs its function', () => {
  const { scenarios } = consolidate(scenario({ executor: 'per-vu-iterations', exec: 'go' }));
  checkScenarioFunctions(scenarios, ['go']);
  assert.throws(
    () => checkScenarioFunctions(scenarios, ['default']),
    /executor one: function 'go' not found in exports: the script exports default$/,
  );
  assert.throws(
    () => checkScenarioFunctions([{ ...scenarios[0]!, exec: 'brose' }], ['default', 'browse']),
    /function 'brose' not found in exports \(did you mean "browse"\?\)$/,
  );
  assert.throws(() => checkScenarioFunctions(scenarios, []), /function 'go' not found in exports$/);
  assert.throws(() => checkScenarioFunctions(scenarios, [], { go: 'object' }), /'go' is exported, but is no function/);
});

describe('proxies', () => {
  const of = (env: Record<string, string>, script?: unknown) => consolidate({ env, script }).options.proxies;

  test('come from the variables of Go programs, capitals first', () => {
    assert.deepEqual(of({ HTTP_PROXY: 'a:1', http_proxy: 'b:1', https_proxy: 'c:1', NO_PROXY: 'x', no_proxy: 'y' }), {
      all: null,
      http: 'a:1',
      https: 'c:1',
      noProxy: 'x',
    });
    assert.deepEqual(of({ HTTP_PROXY: 'a:1', REQUEST_METHOD: 'GET' }).http, '');
  });

  test('come from the option first, which may be empty', () => {
    const env = { HTTP_PROXY: 'a:1', no_proxy: 'y' };
    assert.deepEqual(of(env, { httpProxy: 'b:2' }), { all: 'b:2', http: '', https: '', noProxy: 'y' });
    assert.equal(of({ ...env, K6_HTTP_PROXY: 'c:3' }, { httpProxy: 'b:2' }).all, 'c:3');
    assert.equal(of({ ...env, K6_HTTP_PROXY: 'c:3', SIXFOLD_HTTP_PROXY: 'd:4' }).all, 'd:4');
    assert.equal(of({ ...env, K6_HTTP_PROXY: '' }).all, '');
  });

  test('show without credentials, and only where one was asked for', () => {
    const shown = (script: unknown) => consolidate({ script }).options.shown;
    assert.equal(shown({ httpProxy: 'http://me:secret@proxy:3128' })['httpProxy'], 'http://proxy:3128');
    assert.equal(Object.hasOwn(shown({}), 'httpProxy'), false);
  });

  test('that cannot be read are refused, without their passwords', () => {
    for (const [env, script, name] of [
      [{ HTTPS_PROXY: 'ftp://me:secret@proxy' }, undefined, /HTTPS_PROXY/],
      [{}, { httpProxy: 'http://me:secret@' }, /httpProxy|proxy "http/],
    ] as const)
      assert.throws(
        () => of(env, script),
        (error: Error) => name.test(error.message) && !error.message.includes('secret'),
      );
  });
});
