// The types that the package ships: they name what the modules export, and an editor finds them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from '../../scripts/root.ts';
import { WEB_GLOBALS } from '../../src/modules/web/lazy-globals.ts';
import { K6_MODULES } from '../../src/script/load/k6-modules.ts';
import { createScriptBench } from '../script-bench.ts';
import { runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
after(() => scratch.remove());

/** What the compiler says of a folder, a line each. */
async function compile(folder: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(path.join(ROOT, 'node_modules/.bin/tsc'), ['-p', '.'], {
    cwd: folder,
  }).catch((error: { stdout: string }) => error);
  return stdout.split('\n').filter((line) => line !== '');
}

/** A folder of scripts as `npm install sixfold` leaves it. */
function createFolder(lib: readonly string[], types: readonly string[] = ['sixfold/types']): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-types-'));
  mkdirSync(path.join(folder, 'node_modules/@types'), { recursive: true });
  symlinkSync(ROOT, path.join(folder, 'node_modules/sixfold'), 'junction');
  symlinkSync(path.join(ROOT, 'node_modules/@types/k6'), path.join(folder, 'node_modules/@types/k6'), 'junction');
  const compilerOptions = {
    target: 'esnext',
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    noEmit: true,
    lib,
    types,
  };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Modules of named exports alone: k6 gives them a default export as well, of which `@types/k6` says nothing. */
const WITHOUT_DEFAULT: ReadonlySet<string> = new Set([
  'k6/browser',
  'k6/data',
  'k6/experimental/streams',
  'k6/html',
  'k6/metrics',
  'k6/timers',
  'k6/websockets',
]);

/** What `@types/k6` names although k6 2 has it no longer, or only as a type. */
const TYPED_ONLY: Readonly<Record<string, readonly string[]>> = { 'k6/html': ['NodeType'], 'k6/http': ['SSL_3_0'] };

/** Modules whose types are still to come. This list is to get shorter. */
const UNTYPED: ReadonlySet<string> = new Set([]);

test('the types of every module name what it exports, no more and no less', async () => {
  const modules = K6_MODULES.filter((name) => !UNTYPED.has(name));
  const bench = await createScriptBench(`
    ${modules.map((name, i) => `import d${i}, * as m${i} from '${name}';`).join('\n')}
    const isPlain = (d) => typeof d === 'object' && d !== null && Object.getPrototypeOf(d) === Object.prototype;
    export default () => [${modules.map((_, i) => `[Object.keys(m${i}), isPlain(d${i}) ? Object.keys(d${i}) : null]`).join()}];`);
  const names = (await bench.run()) as [named: string[], whole: string[] | null][];
  const folder = createFolder(['esnext']);
  const check = (what: string, module: string, there: readonly string[]): string => {
    const typedOnly = (TYPED_ONLY[module] ?? []).map((one) => JSON.stringify(one)).join(' | ') || 'never';
    const union = there.map((one) => JSON.stringify(one)).join(' | ') || 'never';
    return `null as unknown as Difference<${what}, ${union}, ${typedOnly}> satisfies [lacking: never, tooMany: never];`;
  };
  writeFileSync(
    path.join(folder, 'names.ts'),
    [
      // Classes stand in `@types/k6` for what only functions return, too: a class that a module lacks is not seen here.
      'type Values<M> = { [N in keyof M]: M[N] extends abstract new (...args: never) => unknown ? never : N }[keyof M];',
      "type Difference<M, There, TypedOnly> = [lacking: Exclude<There, keyof M>, tooMany: Exclude<Values<M>, There | TypedOnly | 'default'>];",
      ...modules.flatMap((name, i) => {
        const [named, whole] = names[i]!;
        const hasDefault = !WITHOUT_DEFAULT.has(name);
        return [
          `import * as m${i} from '${name}';`,
          check(`typeof m${i}`, name, named),
          ...(hasDefault
            ? [`import d${i} from '${name}';`, whole ? check(`typeof d${i}`, name, whole) : `void d${i};`]
            : []),
        ];
      }),
    ].join('\n'),
  );
  const lines = ['', ...readFileSync(path.join(folder, 'names.ts'), 'utf8').split('\n')];
  const said = (await compile(folder)).flatMap((line) => {
    if (line.startsWith(' ')) return line.includes('Type \'"') ? [line] : [];
    const at = Number(/^names\.ts\((\d+)/.exec(line)?.[1]);
    return [`${lines.slice(0, at + 1).findLast((text) => text.startsWith('import'))} ${line.slice(0, 400)}`];
  });
  assert.deepEqual(said, []);
});

/** Classes that `types/` describes, with an object of each, as a script gets it. */
const CLASSES: Readonly<Record<string, string>> = {
  'k6/x/redis#Client': `new redis.Client('redis://h:1')`,
  'k6/x/tcp#Socket': 'new tcp.Socket()',
  'k6/x/mqtt#Client': 'new mqtt.Client()',
  'k6/x/faker#Faker': 'new faker.Faker()',
  'k6/x/sql#Database': 'database',
  'k6/x/sql#Result': `database.exec('CREATE TABLE t (a)')`,
};

test('the types of the classes of extensions name the members that their objects have, no more and no less', async () => {
  const bench = await createScriptBench(`
    ${['redis', 'tcp', 'mqtt', 'faker'].map((name) => `import * as ${name} from 'k6/x/${name}';`).join('\n')}
    import sql from 'k6/x/sql';
    import driver from 'k6/x/sql/driver/sqlite3';
    const database = sql.open(driver, ':memory:');
    const membersOf = (object) => {
      const names = new Set();
      for (let at = object; at !== Object.prototype; at = Object.getPrototypeOf(at)) for (const name of Object.getOwnPropertyNames(at)) names.add(name);
      return [...names].filter((name) => name !== 'constructor').sort();
    };
    export default () => [${Object.values(CLASSES)
      .map((one) => `membersOf(${one})`)
      .join()}];`);
  const found = (await bench.run()) as string[][];
  const text = globSync('types/*.d.ts', { cwd: ROOT })
    .map((file) => readFileSync(path.join(ROOT, file), 'utf8'))
    .join('\n');
  for (const [i, name] of Object.keys(CLASSES).entries()) {
    const [module, type] = name.split('#') as [string, string];
    const declared = text.slice(text.indexOf(`declare module '${module}' {`));
    const body = new RegExp(`^ {2}export (?:class|interface) ${type} [^]*?^ {2}}`, 'm').exec(declared)![0];
    const members = [...body.matchAll(/^ {4}(?:readonly )?(\w+)[?(<:]/gm)].map(([, member]) => member!);
    assert.deepEqual([...new Set(members)].filter((member) => member !== 'constructor').sort(), found[i], name);
  }
});

/** Uses of modules, options, responses and globals that an author of tests for k6 writes. */
const SCRIPT = `
import { check, group, sleep, type JSONObject } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import grpc from 'k6/net/grpc';
import type { Options } from 'k6/options';
import { WebSocket } from 'k6/websockets';
import ws from 'k6/ws';
import { parseHTML } from 'k6/html';
import { hmac, sha256 } from 'k6/crypto';
import encoding from 'k6/encoding';
import secrets from 'k6/secrets';

export const options: Options = {
  scenarios: { s: { executor: 'ramping-vus', startVUs: 0, stages: [{ duration: '1s', target: 2 }] } },
  thresholds: { http_req_duration: ['p(95)<500', { threshold: 'max<1', abortOnFail: true }] },
};
const users = new SharedArray<{ name: string }>('users', () => JSON.parse(open('./users.json')) as { name: string }[]);
const sold = new Counter('sold');
const time = new Trend('time', true);
const client = new grpc.Client();
client.load([], 'shop.proto');
export function setup(): { token: string } {
  return { token: http.post('http://h/login', { user: 'a' }).json('token') as string };
}
export default async function (data: { token: string }): Promise<void> {
  const res: RefinedResponse<ResponseType> = http.get(\`http://h/\${users[0].name}\`, { headers: { A: data.token }, tags: { name: 'x' } });
  check(res, { ok: (r) => r.status === 200, text: (r) => (r.json() as JSONObject)['a'] === 1 });
  group('g', () => sold.add(1, { kind: exec.scenario.name }));
  time.add(Date.now() - res.timings.duration);
  const socket = new WebSocket('ws://h');
  socket.onmessage = (event) => console.log(event?.data);
  ws.connect('ws://h', {}, (s) => s.on('open', () => s.close()));
  client.connect('h:1', { plaintext: true });
  if (client.invoke('a.B/C', {}).status !== grpc.StatusOK) exec.test.abort();
  console.log(parseHTML('<p>').find('p').text(), sha256('x', 'hex'), hmac('md5', 'k', 'x', 'base64'), encoding.b64encode('x'));
  console.log(await secrets.get('s'), (await http.asyncRequest('GET', 'http://h/')).status, __ENV.A, __VU, __ITER);
  crypto.getRandomValues(new Uint8Array(1));
  setTimeout(() => {}, 1);
  sleep(1);
}
`;

test("a script that type-checks with k6's own types does with ours, with the names of browsers and without", async () => {
  for (const [lib, types] of [
    [['esnext', 'dom'], ['k6']],
    [['esnext', 'dom'], ['sixfold/types']],
    [['esnext'], ['sixfold/types']],
  ] as const) {
    const folder = createFolder(lib, types);
    writeFileSync(path.join(folder, 'script.ts'), SCRIPT);
    assert.deepEqual(await compile(folder), [], `${lib} ${types}`);
  }
});

test("every script of the conformance cases and the examples that type-checks with k6's own types does with ours", async () => {
  const scripts = ['test/conformance/cases/**/*.{js,ts}', 'examples/*.{js,ts}']
    .flatMap((pattern) =>
      globSync(pattern, { cwd: ROOT, exclude: (name) => name.includes('node_modules') || name.includes('_files') }),
    )
    .map((script) => path.join(ROOT, script));
  const faultsOf = async (types: string): Promise<Map<string, string>> => {
    const folder = createFolder(['esnext', 'dom'], [types]);
    const config = JSON.parse(readFileSync(path.join(folder, 'tsconfig.json'), 'utf8')) as { compilerOptions: object };
    const compilerOptions = {
      ...config.compilerOptions,
      allowJs: true,
      checkJs: true,
      moduleDetection: 'force',
      strict: false,
    };
    // The types of k6's modules are those of the folder, wherever the script lies.
    const paths = { 'k6/*': [`${folder}/node_modules/@types/k6/*`], k6: [`${folder}/node_modules/@types/k6`] };
    writeFileSync(
      path.join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...compilerOptions, ...(types === 'k6' ? { paths } : {}) }, files: scripts }),
    );
    const faults = new Map<string, string>();
    for (const line of await compile(folder)) {
      const [, file, fault] = /^(\S[^(]*)\(\d+,\d+\): (.*)$/.exec(line) ?? [];
      if (file !== undefined) faults.set(path.resolve(folder, file), fault ?? '');
    }
    return faults;
  };
  const [theirs, ours] = await Promise.all([faultsOf('k6'), faultsOf('sixfold/types')]);
  const fine = scripts.filter((script) => !theirs.has(script));
  assert.ok(fine.length > scripts.length / 2, `${fine.length} of ${scripts.length}`);
  assert.deepEqual(
    fine.filter((script) => ours.has(script)).map((script) => `${script}: ${ours.get(script)}`),
    [],
  );
});

test('the globals are typed, and what there is not is an error', async () => {
  const folder = createFolder(['esnext']);
  const names = [
    ...WEB_GLOBALS,
    'TextEncoder',
    'TextDecoder',
    'console',
    'crypto',
    'open',
    'require',
    'global',
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    '__ENV',
    '__VU',
    '__ITER',
  ];
  const wrong = ['process', 'Buffer', 'window', 'document', 'performance', '__dirname', 'localStorage'];
  writeFileSync(
    path.join(folder, 'globals.ts'),
    [
      ...names.map((name) => `void ${name};`),
      `const r: Response = await fetch(new URL('/a', 'http://h'), { signal: AbortSignal.timeout(1), tags: { a: 'b' }, timeout: '5s', body: new FormData() });`,
      `const h: string | null = r.headers.get('a'); const c: { a: number } = structuredClone({ a: 1 }); void [h, c];`,
      `for (const [name, value] of new URLSearchParams({ a: 'b' })) void [name.length, value.length];`,
      `import http from 'k6/http'; import { Httpx } from 'sixfold/jslib/httpx'; import tempo from 'sixfold/jslib/http-instrumentation-tempo';`,
      `import { randomItem } from 'sixfold/jslib/utils'; import { textSummary } from 'sixfold/jslib/k6-summary'; import { expect } from 'sixfold/jslib/k6-testing';`,
      `http.post('http://h', new FormData()); http.put('http://h', new URLSearchParams()); http.request('POST', 'http://h', new Uint8Array(1)); http.post('http://h', { a: 'b' });`,
      `const n: number = randomItem([1]); new Httpx({ baseURL: 'http://h' }).get('/'); tempo.instrumentHTTP({ propagator: 'w3c' }); expect(n).not.toBe(2); void textSummary;`,
      `// @ts-expect-error\ntempo.instrumentHTTP({ propagator: 'b3' });`,
      `// @ts-expect-error\nhttp.post('http://h', 5);`,
      ...wrong.map((name) => `// @ts-expect-error\nvoid ${name};`),
      `// @ts-expect-error\nfetch(5);`,
      `// @ts-expect-error\nnew URL();`,
      'export {};',
    ].join('\n'),
  );
  assert.deepEqual(await compile(folder), []);
});

for (const [words, script] of [
  [['--ts', 'typed'], 'script.ts'],
  [['--ts', '--template', 'protocol', 'longer'], 'script.ts'],
  [['plain/'], 'script.js'],
  [['--template', 'protocol', 'plain-longer/'], 'script.js'],
] as const)
  test(`new ${words.join(' ')} makes a folder in which an editor completes and the script runs, and writes over nothing`, async () => {
    const name = words.at(-1)!.replace('/', '');
    const made = await runCommand(['new', ...words], { cwd: scratch.folder });
    assert.equal(made.exit, 0, made.stderr);
    const folder = path.join(scratch.folder, name);
    assert.ok(made.stdout.includes(path.join(name, script)), made.stdout);
    assert.deepEqual(await compile(folder), []);
    const { exit, stderr } = await runCommand(['inspect', path.join(name, script)], { cwd: scratch.folder });
    assert.equal(exit, 0, stderr);
    const again = await runCommand(['new', ...words], { cwd: scratch.folder });
    assert.equal(again.exit, 255);
    assert.match(again.stderr, /already exists: choose another name, or write over it with --force/);
    assert.equal((await runCommand(['new', '--force', ...words], { cwd: scratch.folder })).exit, 0);
  });

test('a name without an ending is that of a file, as in k6', async () => {
  assert.equal((await runCommand(['new', 'name'], { cwd: scratch.folder })).exit, 0);
  assert.match(readFileSync(path.join(scratch.folder, 'name'), 'utf8'), /export default function/);
});
