// The libraries that come with Sixfold in place of those of jslib.k6.io: each does what is documented of the other.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT } from '../../scripts/root.ts';
import { findCounterpart, JSLIB_NAMES } from '../../src/script/load/remote/counterparts.ts';
import { runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
/** Answers with what it was asked. */
const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    const { method, url, headers } = request;
    response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(pieces).toString() }));
  });
});
let base = '';

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
  scratch.remove();
});

/** Runs a script that logs values as JSON; `show` is there for that. */
async function run(name: string, script: string, flags: readonly string[] = []) {
  scratch.write(
    name,
    `const show = (...values) => console.log('@@' + JSON.stringify(values));\nconst BASE = '${base}';\n${script}`,
  );
  const outcome = await runCommand(['run', '-q', '--log-format', 'raw', ...flags, name], { cwd: scratch.folder });
  const shown = outcome.stderr
    .split('\n')
    .filter((line) => line.startsWith('@@'))
    .map((line) => JSON.parse(line.slice(2)) as unknown[]);
  return { ...outcome, shown };
}

test('whatever a message names in place of a library of jslib is there', () => {
  const installed = Object.keys(
    (
      JSON.parse(readFileSync(path.join(ROOT, 'examples/packages/package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      }
    ).dependencies,
  );
  // What the examples do not install: its client of S3 was tried by hand.
  const known = new Set([...installed, '@aws-sdk/client-s3']);
  for (const name of JSLIB_NAMES) {
    const way = findCounterpart(`https://jslib.k6.io/${name}/1.0.0/index.js`)!;
    const libraries = [...way.matchAll(/sixfold\/jslib\/([\w-]+)/g)].map(([, library]) => library!);
    const packages = [...way.matchAll(/npm install ([\w@/-]+)(?: and (?!import)([\w@/-]+))?/g)].flatMap(([, a, b]) => [
      a!,
      b ?? [],
    ]);
    for (const library of libraries)
      assert.ok(existsSync(path.join(ROOT, `jslib/${library}.ts`)), `${name}: ${library}`);
    for (const one of packages.flat().filter((word) => word !== 'the')) assert.ok(known.has(one), `${name}: ${one}`);
    assert.ok(libraries.length + packages.length > 0 || /global|k6\//.test(way), `${name}: ${way}`);
  }
  assert.deepEqual(
    globSync('*.ts', { cwd: path.join(ROOT, 'jslib') }).filter((file) => !JSLIB_NAMES.includes(file.slice(0, -3))),
    [],
  );
});

test('a library that is not there, and a name that one does not have, end the test before any load', async () => {
  const lacking = await run('lacking.js', `import x from 'sixfold/jslib/nothing'; export default () => x;`);
  assert.equal(lacking.exit, 107);
  assert.match(lacking.stderr, /there is no library sixfold\/jslib\/nothing; there are .*sixfold\/jslib\/httpx,/);
  const wrong = await run(
    'wrong.js',
    `import { randomItems } from 'sixfold/jslib/utils'; export default () => randomItems;`,
  );
  assert.equal(wrong.exit, 107);
  assert.match(wrong.stderr, /No matching export .* for import \\?"randomItems\\?"\n\tat .*wrong\.js:3:10/);
});

test('one is found by require too, by a computed name, and from an archive, which holds none of it', async () => {
  const { shown, exit, stderr } = await run(
    'requires.js',
    `const { randomItem } = require(['sixfold', 'jslib', 'utils'].join('/'));
     const { Httpx } = require('sixfold/jslib/httpx');
     exports.options = { iterations: 1 };
     exports.default = () => show(randomItem(['drawn']), typeof Httpx);`,
  );
  assert.equal(exit, 0, stderr);
  assert.deepEqual(shown, [['drawn', 'function']]);
  scratch.write(
    'packed.js',
    `import { randomItem } from 'sixfold/jslib/utils';\nexport default () => console.log('@@' + randomItem(['packed']));`,
  );
  const words = { cwd: scratch.folder };
  assert.equal((await runCommand(['archive', '-O', 'packed.tar', 'packed.js'], words)).exit, 0);
  assert.ok(!readFileSync(path.join(scratch.folder, 'packed.tar'), 'latin1').includes('normalDistributionStages'));
  const unpacked = await runCommand(['run', '-q', '--log-format', 'raw', 'packed.tar'], words);
  assert.match(unpacked.stderr, /^@@packed$/m);
  const { stdout } = await runCommand(['deps', '--json', 'packed.js'], words);
  assert.deepEqual((JSON.parse(stdout) as { imports: string[] }).imports, ['k6', 'k6/execution']);
});

test('utils: random values, texts, stages, and checks that wait', async () => {
  const { shown, exit, stderr } = await run(
    'utils.js',
    `import { check, findBetween, getCurrentStageIndex, normalDistributionStages, parseDuration, randomIntBetween, randomItem, randomString, tagWithCurrentStageIndex, tagWithCurrentStageProfile, uuidv4 } from 'sixfold/jslib/utils';
     import exec from 'k6/execution';
     import { randomSeed } from 'k6';
     export const options = { scenarios: { s: { executor: 'ramping-vus', startVUs: 1, stages: [{ duration: '1m', target: 1 }], gracefulStop: '0s' } } };
     const attempt = (fn) => { try { return fn(); } catch (error) { return error.message; } };
     export default async function () {
       const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
       show(uuid.test(uuidv4()), uuid.test(uuidv4(true)), [1, 2, 3].includes(randomIntBetween(1, 3)), ['a', 'b'].includes(randomItem(['a', 'b'])), /^[xy]{5}$/.test(randomString(5, 'xy')), /^[a-z]{8}$/.test(randomString(8)));
       randomSeed(1); const first = uuidv4(); randomSeed(1);
       show(first === uuidv4());
       show(findBetween('<a>1</a><a>2</a>', '<a>', '</a>'), findBetween('<a>1</a><a>2</a>', '<a>', '</a>', true), findBetween('x', '<a>', '</a>'));
       const stages = normalDistributionStages(10, 60);
       show(stages.length, Math.max(...stages.map((one) => one.target)), stages.at(-1).target, stages.every((one) => /^\\d+s$/.test(one.duration)));
       show(parseDuration('1d2h3m4s5ms'), parseDuration('1.5s'), parseDuration('250'), attempt(() => parseDuration('soon')));
       show(check(1, { one: (v) => v === 1, truth: true }), await check(Promise.resolve(2), { later: async (v) => v === 2, wrong: (v) => v === 3 }));
       tagWithCurrentStageIndex(); tagWithCurrentStageProfile();
       show(getCurrentStageIndex(), exec.vu.metrics.tags.stage, exec.vu.metrics.tags.stage_profile);
       exec.test.abort('done');
     }`,
    ['--summary-export', 'utils.json'],
  );
  assert.equal(exit, 108, stderr);
  assert.deepEqual(shown, [
    [true, true, true, true, true, true],
    [true],
    ['1', ['1', '2'], null],
    [13, 10, 0, true],
    [93784005, 1500, 250, '"soon" is no duration: it has a number and a unit (d, h, m, s, ms), as in 1m30s'],
    [true, false],
    [0, '0', 'steady'],
  ]);
  const { metrics } = JSON.parse(readFileSync(path.join(scratch.folder, 'utils.json'), 'utf8'));
  assert.deepEqual([metrics.checks.passes, metrics.checks.fails], [3, 1]);
});

test('httpx: sessions put address, headers and tags before each request, and batches', async () => {
  const { shown, exit, stderr } = await run(
    'httpx.js',
    `import { Get, Httpx, Post } from 'sixfold/jslib/httpx';
     export const options = { thresholds: { 'http_reqs{kind:session}': ['count==8'], 'http_reqs{of:batch}': ['count==2'] } };
     const session = new Httpx({ baseURL: BASE, headers: { 'X-One': '1' }, tags: { kind: 'session' } });
     const seen = (r) => { const { method, url, headers, body } = r.json(); return [method, url, headers['x-one'], headers['x-two'], body].join(' '); };
     export default async function () {
       session.addHeader('X-Two', '2');
       show(...['get', 'post', 'put', 'patch', 'delete'].map((name) => seen(session[name]('/a', 'body'))));
       session.clearHeader('X-Two');
       show(seen(await session.asyncPost(BASE + '/whole', { q: 1 }, { headers: { 'X-One': 'own' } })));
       show(...session.batch([new Get('/g'), new Post('/p', 'b', { headers: { 'X-Two': '3' } })], { tags: { of: 'batch' } }).map(seen));
     }`,
  );
  assert.equal(exit, 0, stderr);
  assert.deepEqual(shown, [
    ['GET /a 1 2 body', 'POST /a 1 2 body', 'PUT /a 1 2 body', 'PATCH /a 1 2 body', 'DELETE /a 1 2 body'],
    ['POST /whole own  q=1'],
    ['GET /g 1  ', 'POST /p 1 3 b'],
  ]);
});

test('http-instrumentation: each request of every virtual user has one header of its trace, and its samples the id', async () => {
  const { shown, exit, stderr } = await run(
    'traces.js',
    `import tempo from 'sixfold/jslib/http-instrumentation-tempo';
     import pyroscope from 'sixfold/jslib/http-instrumentation-pyroscope';
     import http from 'k6/http';
     export const options = { scenarios: { load: { executor: 'per-vu-iterations', vus: 2, iterations: 2 } } };
     tempo.instrumentHTTP({ propagator: 'w3c' });
     const jaeger = new tempo.Client({ propagator: 'jaeger', sampling: 0 });
     const profiled = new pyroscope.Client();
     const attempt = (fn) => { try { return fn(); } catch (error) { return error.message; } };
     const seen = (r) => { const { headers } = r.json(); return [headers.traceparent, headers['uber-trace-id'], headers.baggage, headers['x-own']]; };
     export default async function () {
       show('one', ...seen(http.get(BASE, { headers: { 'X-Own': 'yes' } })), ...seen(http.post(BASE, 'x')), ...seen(http.request('PUT', BASE)), ...seen(await http.asyncRequest('GET', BASE)));
       show('batch', ...http.batch([BASE, ['POST', BASE, 'x'], { method: 'GET', url: BASE, params: { headers: { 'X-Own': 'b' } } }]).map(seen), Object.values(http.batch({ a: BASE })).map(seen));
       show('jaeger', seen(jaeger.get(BASE)), seen(profiled.get(BASE)));
       show('wrong', attempt(() => new tempo.Client({ propagator: 'b3' })), attempt(() => new tempo.Client({ propagator: 'w3c', sampling: 2 })));
     }`,
    ['--out', 'json=traces.json'],
  );
  assert.equal(exit, 0, stderr);
  const traceparent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/;
  const of = (kind: string) =>
    shown.filter(([first]) => first === kind).map(([, ...rest]) => rest as (string | null)[]);
  assert.equal(of('one').length, 4);
  const ids = new Set<string>();
  for (const fields of of('one')) {
    for (let i = 0; i < 4; i++) {
      const [parent, uber, baggage, own] = fields.slice(4 * i, 4 * i + 4);
      ids.add(traceparent.exec(parent!)![1]!);
      assert.deepEqual([uber, baggage, own], [null, null, i === 0 ? 'yes' : null]);
    }
  }
  assert.equal(ids.size, 16);
  for (const [first, second, third] of of('batch') as unknown as string[][][]) {
    const [a, b, c] = [first, second, third].map((one) => traceparent.exec(one![0]!)!);
    assert.ok(a![1] === b![1] && b![1] === c![1] && new Set([a![2], b![2], c![2]]).size === 3);
    assert.equal(third![3], 'b');
  }
  for (const [jaeger, profiled] of of('jaeger') as unknown as string[][][]) {
    assert.match(jaeger![1]!, /^[0-9a-f]{32}:[0-9a-f]{16}:0:0$/);
    assert.equal(profiled![2], 'k6.scenario=load');
  }
  assert.match(String(of('wrong')[0]![0]), /unknown propagator "b3"/);
  assert.match(String(of('wrong')[0]![1]), /sampling is a number from 0 to 1/);
  const written = new Set(
    readFileSync(path.join(scratch.folder, 'traces.json'), 'utf8')
      .split('\n')
      .flatMap((line) => /"metadata":\{"trace_id":"([0-9a-f]{32})"\}/.exec(line)?.[1] ?? []),
  );
  for (const id of ids) assert.ok(written.has(id), id);
});

test('k6-testing: matchers hold, fail with what they saw, and mark the test where they are soft', async () => {
  const { shown, exit, stderr } = await run(
    'testing.js',
    `import { expect, AssertionFailedError } from 'sixfold/jslib/k6-testing';
     const circle = { a: 1 }; circle.self = circle; const round = { a: 1 }; round.self = round;
     const fine = [
       () => expect(1).toBe(1), () => expect(NaN).toBe(NaN), () => expect(0.1 + 0.2).toBeCloseTo(0.3), () => expect(0).toBeDefined(), () => expect('').toBeFalsy(), () => expect(2n).toBeGreaterThan(1),
       () => expect(1).toBeGreaterThanOrEqual(1), () => expect([]).toBeInstanceOf(Array), () => expect(1).toBeLessThan(2), () => expect(1).toBeLessThanOrEqual(1), () => expect(NaN).toBeNaN(), () => expect(null).toBeNull(),
       () => expect({}).toBeTruthy(), () => expect().toBeUndefined(), () => expect('abc').toContain('b'), () => expect(new Set([1])).toContain(1), () => expect([{ a: [1] }]).toContainEqual({ a: [1] }),
       () => expect({ a: [1, { b: new Date(0) }], c: undefined }).toEqual({ a: [1, { b: new Date(0) }] }), () => expect(circle).toEqual(round), () => expect(new Map([[1, { a: 1 }]])).toEqual(new Map([[1, { a: 1 }]])),
       () => expect(new Uint8Array([1, 2])).toEqual(new Uint8Array([1, 2])), () => expect('abc').toHaveLength(3), () => expect({ a: { b: [5] } }).toHaveProperty('a.b[0]', 5), () => expect({ a: 1 }).not.toHaveProperty('b'), () => expect([1]).not.toEqual([1, 2]),
     ];
     const failing = [() => expect(1).toBe(2), () => expect({ a: 1 }, 'the user').toEqual({ a: 2 }), () => expect(1).not.toBe(1), () => expect(new Date(0)).toEqual(new Date(1)), () => expect({ 0: 1 }).toEqual([1]), () => expect(5).toContain(5)];
     export default function () {
       for (const fn of fine) fn();
       show(fine.length, ...failing.map((fn) => { try { fn(); return 'held'; } catch (error) { return [error.message, error instanceof AssertionFailedError]; } }));
       expect.soft(1, 'softly').toBe(2);
       expect.configure({ soft: true })(1).toBe(1);
       show('goes on');
       expect(true).toBe(false);
       show('never');
     }`,
  );
  assert.equal(exit, 110, stderr);
  assert.deepEqual(shown, [
    [
      25,
      ['expect(1).toBe(2)', true],
      ['the user: expect({"a":1}).toEqual({"a":2})', true],
      ['expect(1).not.toBe(1)', true],
      ['expect("1970-01-01T00:00:00.000Z").toEqual("1970-01-01T00:00:00.001Z")', true],
      ['expect({"0":1}).toEqual([1])', true],
      ['toContain() takes a text, a list or a Set, not 5', false],
    ],
    ['goes on'],
  ]);
  assert.match(stderr, /softly: expect\(1\)\.toBe\(2\)/);
  assert.match(stderr, /AssertionFailedError: expect\(true\)\.toBe\(false\)/);
});

test('k6-summary: text with checks by group and all metrics, thresholds as JUnit', async () => {
  const { stdout, exit, stderr } = await run(
    'summary.js',
    `import { humanizeValue, jUnit, textSummary } from 'sixfold/jslib/k6-summary';
     import { check, group } from 'k6';
     import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
     const [sold, stock, lucky, took] = [new Counter('sold'), new Gauge('stock'), new Rate('lucky'), new Trend('took', true)];
     export const options = { thresholds: { sold: ['count>1'], 'took{a:b}': ['max<1'], lucky: ['rate>0.4 '] } };
     export default function () {
       group('outer', () => group('inner', () => check(1, { 'it holds': () => true, 'it <fails>': () => false })));
       sold.add(3); stock.add(2); stock.add(5); lucky.add(true); lucky.add(false); took.add(1234.5, { a: 'b' });
     }
     export function handleSummary(data) {
       const values = [[0.5, 'rate', 'default'], [1500, 'counter', 'data'], [9.25, 'counter', 'data'], [0.0005, 'trend', 'time'], [0.5, 'trend', 'time'], [61_000, 'trend', 'time'], [3_661_000, 'trend', 'time'], [1.23456789, 'gauge', 'default']];
       return { stdout: [textSummary(data, { indent: '' }), '=====', textSummary(data, { enableColors: true, summaryTimeUnit: 's' }), '=====', jUnit(data, { name: 'shop' }), '=====', ...values.map(([value, type, contains]) => humanizeValue(value, { type, contains }))].join('\\n') };
     }`,
  );
  assert.equal(exit, 99, stderr);
  const [text, colored, junit, values] = stdout.split('=====\n') as [string, string, string, string];
  const lines = text.split('\n');
  const line = (start: RegExp) => lines.find((one) => start.test(one))?.replaceAll(/\.{2,}/g, '..');
  assert.match(text, /█ outer\n\n +█ inner\n\n +✓ it holds\n +✗ it <fails>\n +↳ {2}0% — ✓ 0 \/ ✗ 1\n/);
  assert.match(line(/✓ sold/)!, /^ {2}✓ sold\.\.: 3 +[\d.]+\/s$/);
  assert.match(line(/ stock/)!, /^ {4}stock\.\.: 5 +min=2 +max=5$/);
  assert.match(line(/✓ lucky/)!, /^ {2}✓ lucky\.\.: 50\.00% 1 out of 2$/);
  assert.match(line(/ took/)!, /^ {4}took\.\.: avg=1\.23s +min=1\.23s/);
  assert.match(line(/\{ a:b \}/)!, /^ {2}✗ {3}\{ a:b \}\.\.: avg=1\.23s/);
  assert.equal(new Set(lines.filter((one) => /\.\.: /.test(one)).map((one) => one.indexOf(': '))).size, 1);
  assert.ok(colored.includes('\x1b[32m✓\x1b[0m sold') && colored.includes('avg=\x1b[36m1.23s'), colored);
  assert.match(junit, /<testsuite name="shop" tests="3" failures="1">/);
  assert.match(
    junit,
    /<testcase name="took\{a:b\} - max&#60;1" classname="Unnamed folder"><failure message="avg value: 1234.5, /,
  );
  assert.deepEqual(values.trim().split('\n'), [
    '50.00%',
    '1.5 kB',
    '9.3 B',
    '500ns',
    '500µs',
    '1m1s',
    '1h1m1s',
    '1.234568',
  ]);
});

test('FormData, URLSearchParams and Blob are bodies of k6/http, and a form takes what http.file() gives', async () => {
  const { shown, exit, stderr } = await run(
    'forms.js',
    `import http from 'k6/http';
     export default function () {
       const form = new FormData();
       form.append('name', 'Ada'); form.append('image', http.file('bytes', 'a.png', 'image/png')); form.append('raw', new Blob([new Uint8Array([65, 66])]), 'raw.bin');
       const seen = (body, params) => { const { headers, body: sent } = http.post(BASE, body, params).json(); return [headers['content-type'].replace(/boundary=.*/, 'boundary'), sent.replace(/----.*/g, '--').replaceAll('\\r\\n', '|')]; };
       show(seen(form));
       show(seen(new URLSearchParams({ a: 'b c' })), seen(new Blob(['{}'], { type: 'application/json' })), seen(new URLSearchParams('q=1'), { headers: { 'Content-Type': 'text/own' } }));
     }`,
  );
  assert.equal(exit, 0, stderr);
  assert.deepEqual(shown, [
    [
      [
        'multipart/form-data; boundary',
        '--|Content-Disposition: form-data; name="name"||Ada|--|Content-Disposition: form-data; name="image"; filename="a.png"|Content-Type: image/png||bytes|--|Content-Disposition: form-data; name="raw"; filename="raw.bin"|Content-Type: application/octet-stream||AB|--|',
      ],
    ],
    [
      ['application/x-www-form-urlencoded;charset=UTF-8', 'a=b+c'],
      ['application/json', '{}'],
      ['text/own', 'q=1'],
    ],
  ]);
});
