import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT } from '../../scripts/root.ts';
import { spawnTarget } from '../../src/demo/spawn-target.ts';
import { OPTION_KEYS } from '../../src/options/option-table.ts';
import { installPackages } from '../packages/install.ts';
import { installPackage } from './install-package.ts';
import { NO_ROOT_OF_ITS_OWN, runInReadOnlyRoot } from './read-only-root.ts';

const project = mkdtempSync(path.join(os.tmpdir(), 'sixfold-package-'));
let installed = '';
let files: string[] = [];

/** The machine's own Node, which is older than the one that Sixfold runs on; else the one we have. */
const machineNode =
  ['/usr/local/bin/node', '/usr/bin/node'].find((node) => spawnSync(node, ['--version']).status === 0) ??
  process.execPath;

before(async () => {
  installed = await installPackage(project);
  files = readdirSync(installed, { recursive: true }).map(String);
});
after(() => rmSync(project, { recursive: true, force: true }));

function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { exit: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return { exit: status, output: stdout + stderr };
}

const sixfold = (...args: string[]) => run(machineNode, [path.join(installed, 'bin/sixfold.js'), ...args]);

/** @returns what the compiler says of a file of the project, which it has to take */
function compile(name: string, text: string): string {
  writeFileSync(path.join(project, 'package.json'), '{ "type": "module" }');
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024', 'dom'],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: [],
  };
  writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [name] }));
  writeFileSync(path.join(project, name), text);
  const { exit, output } = run(path.join(ROOT, 'node_modules/.bin/tsc'), ['-p', project]);
  assert.equal(exit, 0, output);
  return output;
}

test('the package holds what it needs to run, and no sources or tests', () => {
  for (const file of [
    'bin/sixfold.js',
    'dist/program/main.js',
    'dist/codes/index.js',
    'dist/codes/index.d.ts',
    'dist/library/config.js',
    'dist/library/config.d.ts',
    'examples/demo.js',
    'examples/quickpizza.proto',
    'LICENSE',
  ])
    assert.ok(files.includes(file), file);
  assert.deepEqual(
    files.filter(
      (file) =>
        /\.test\.|(?:^|\/)src\/|(?:^|\/)test\/|(?<!\.d)\.ts$|^bin\/node\.js$/.test(file) &&
        !/^(?:examples|jslib)\//.test(file),
    ),
    [],
  );
});

test('the built program points at no .ts file', () => {
  const built = files.filter((file) => /^dist\/.*\.(?:js|text)$/.test(file));
  assert.ok(built.some((file) => file.endsWith('.text')));
  const wrong = built.filter((file) =>
    /(?:from|import\(|new URL\()\s*['"]\.{1,2}\/[^'"]+\.ts['"]/.test(readFileSync(path.join(installed, file), 'utf8')),
  );
  assert.deepEqual(wrong, []);
});

test('texts of the program hold ASCII alone, since they are read octet by octet, and mean what they did', () => {
  const texts = files.filter((file) => file.endsWith('.text'));
  assert.deepEqual(
    texts.filter((file) => /[^\t\n\x20-\x7e]/.test(readFileSync(path.join(installed, file), 'utf8'))),
    [],
  );
  // The letter of a microsecond, of which there are two, stands in regular expressions.
  writeFileSync(
    path.join(project, 'letters.js'),
    `import http from 'k6/http';
     export default () => {
       for (const timeout of ['900\u00b5s', '900\u03bcs']) console.log('code ' + http.get('http://127.0.0.1:1', { timeout }).error_code);
     }`,
  );
  const { exit, output } = sixfold('run', '--duration', '1000000\u03bcs', '--iterations', '1', 'letters.js');
  assert.equal(exit, 0, output);
  assert.equal(output.match(/code 1\d\d\d/g)?.length, 2, output);
});

test('libraries in place of jslib come with it, also where the script has no package of that name beside it', () => {
  const elsewhere = path.join(project, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(
    path.join(elsewhere, 'own.js'),
    "import tempo from 'sixfold/jslib/http-instrumentation-tempo';\nimport { randomItem } from 'sixfold/jslib/utils';\ntempo.instrumentHTTP({ propagator: 'w3c' });\nexport default () => console.log('drew ' + randomItem(['it']));",
  );
  const { exit, output } = sixfold('run', path.join('elsewhere', 'own.js'));
  assert.equal(exit, 0, output);
  assert.match(output, /drew it/);
});

test('a module whose package is not installed ends the test before any load, with the command that installs it', () => {
  for (const [module, name] of [
    ['k6/x/sql/driver/postgres', 'pg'],
    ['k6/x/sql/driver/mysql', 'mysql2'],
    ['k6/x/ssh', 'ssh2'],
  ]) {
    writeFileSync(path.join(project, 'needs.js'), `import it from '${module}';\nexport default () => it;`);
    const { exit, output } = sixfold('run', 'needs.js');
    assert.equal(exit, 107, output);
    assert.ok(
      output.includes(`'${module}' needs the package ${name}, which is not installed: npm install ${name}`),
      output,
    );
  }
  writeFileSync(
    path.join(project, 'computed.js'),
    "const name = ['k6', 'encoding'].join('/');\nconst { b64encode } = require(name);\nexports.default = () => console.log(b64encode('x'));",
  );
  assert.equal(sixfold('run', 'computed.js').exit, 0, 'a computed name asks for none of them');
});

test('the start of a run loads neither the HTTP nor the TLS of Node: they cost more than all of ours', () => {
  writeFileSync(path.join(project, 'nothing.js'), "import http from 'k6/http';\nexport default () => typeof http;");
  const tell = `data:text/javascript,process.on('exit', () => console.error('LOADED', process.moduleLoadList.join()))`;
  const main = path.join(installed, 'dist/program/main.js');
  const { exit, output } = run(process.execPath, ['--import', tell, main, 'run', '--quiet', 'nothing.js']);
  assert.equal(exit, 0, output);
  const loaded = /^LOADED (.*)$/m.exec(output)?.[1]?.split(',') ?? [];
  assert.ok(loaded.includes('NativeModule path'), output.slice(0, 500));
  assert.deepEqual(
    loaded.filter((name) => /^NativeModule (?:https?|tls|http2|internal\/deps\/undici\/undici)$/.test(name)),
    [],
  );
});

test('a later start takes what the engine has made of the program, and makes anew what is damaged', () => {
  const cache = path.join(project, 'cache');
  const folder = path.join(cache, 'sixfold/code');
  writeFileSync(path.join(project, 'nothing.js'), 'export default function () {}');
  const start = (): Record<string, number> => {
    const { exit, output } = run(machineNode, [path.join(installed, 'bin/sixfold.js'), 'run', 'nothing.js'], {
      XDG_CACHE_HOME: cache,
    });
    assert.equal(exit, 0, output);
    assert.doesNotMatch(output, /warning/i);
    return Object.fromEntries(readdirSync(folder).map((name) => [name, statSync(path.join(folder, name)).mtimeMs]));
  };
  const first = start();
  assert.deepEqual(
    Object.keys(first).map((name) => name.replace(/-[\w-]{8}(?:\.text)?-v.*$/, '')),
    ['load', 'run', 'runtime-of-load'],
  );
  // One that did not fit would be made anew.
  assert.deepEqual(start(), first);
  for (const name of Object.keys(first)) {
    const file = path.join(folder, name);
    const bytes = readFileSync(file);
    bytes.fill(0, 1000, 2000);
    writeFileSync(file, bytes);
  }
  const damaged = Object.keys(first).map((name) => statSync(path.join(folder, name)).mtimeMs);
  const mended = start();
  assert.deepEqual(Object.keys(mended), Object.keys(first));
  assert.ok(Object.values(mended).every((ms, i) => ms > damaged[i]!));
  assert.deepEqual(start(), mended);
});

test('the command runs on the Node of the machine', () => {
  const version = (JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
  assert.ok(sixfold('version').output.includes(version));
  const explained = sixfold('explain', 'ECONNREFUSED');
  assert.equal(explained.exit, 0);
  assert.match(explained.output, /1212 +connection_refused/);
  assert.equal(sixfold('explain', 'nonsense').exit, 255);
});

test('tests of HTTP and gRPC run', { timeout: 60_000 }, async () => {
  const target = await spawnTarget();
  try {
    const { http, grpc } = target.addresses;
    const example = (name: string, ...flags: string[]) =>
      sixfold(
        'run',
        '--quiet',
        '-e',
        `SHOP_HTTP=${http}`,
        '-e',
        `SHOP_GRPC=${grpc}`,
        ...flags,
        path.join(installed, 'examples', name),
      );
    for (const run of [example('first-test.js', '-d', '1s'), example('grpc-statuses.js', '-i', '2')]) {
      assert.equal(run.exit, 0, run.output);
      assert.match(run.output, /checks_succeeded.*100\.00%/);
    }
  } finally {
    await target.stop();
  }
});

/** An example of the package as a file of the project, which lies elsewhere in relation to the scripts. */
function adopt(example: string, name: string): string {
  const file = path.join(project, name);
  const text = readFileSync(path.join(installed, 'examples', example), 'utf8');
  writeFileSync(file, text.replace("'../first-test.js'", "'./node_modules/sixfold/examples/first-test.js'"));
  return file;
}

/** Runs a test runner of its own: one that knows itself to be within another runs nothing. */
function runTests(args: readonly string[], shop: string): { exit: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, NO_COLOR: '1', SHOP_HTTP: shop },
  });
  return { exit: status, output: stdout + stderr };
}

test('tests are started from Node, in node:test and in vitest', { timeout: 120_000 }, async () => {
  const target = await spawnTarget();
  try {
    const file = adopt('node-test/orders.test.js', 'orders.test.mjs');
    const ofNode = runTests(['--test', '--test-reporter', 'tap', file], target.addresses.http);
    assert.equal(ofNode.exit, 0, ofNode.output);
    assert.match(ofNode.output, /^# pass 1$/m);
    const vitest = path.join(ROOT, 'examples/vitest');
    installPackages(vitest);
    symlinkSync(path.join(vitest, 'node_modules/vitest'), path.join(project, 'node_modules/vitest'));
    adopt('vitest/orders.test.js', 'shop.test.mjs');
    const ofVitest = runTests(['node_modules/vitest/vitest.mjs', 'run', 'shop.test.mjs'], target.addresses.http);
    assert.equal(ofVitest.exit, 0, ofVitest.output);
    assert.match(ofVitest.output, /Tests +1 passed/);
  } finally {
    await target.stop();
  }
});

test('sixfold/config gives config files and scripts their types', { timeout: 60_000 }, async () => {
  const config = adopt('config/sixfold.config.ts', 'sixfold.config.ts');
  const target = await spawnTarget();
  try {
    const script = path.join(installed, 'examples/first-test.js');
    const { exit, output } = sixfold(
      'run',
      '-c',
      config,
      '-i',
      '5',
      '-e',
      `SHOP_HTTP=${target.addresses.http}`,
      script,
    );
    assert.equal(exit, 0, output);
    assert.match(output, /http_req_duration\.+: med=\S+ +p\(95\)=\S+ +p\(99\)=\S+ +count=\d/);
  } finally {
    await target.stop();
  }
  const keys = OPTION_KEYS.map((key) => JSON.stringify(key)).join(', ');
  const problems = compile(
    'config.ts',
    `import { type ConfigFile, defineConfig, defineOptions, type Options } from 'sixfold/config';
import { run } from 'sixfold';
import config from './sixfold.config.ts';
const all: readonly (keyof ConfigFile)[] = [${keys}];
const options: Options = defineOptions({
  scenarios: {
    steered: { executor: 'externally-controlled', vus: 5, maxVUs: 50 },
    steady: { executor: 'constant-arrival-rate', rate: 10, duration: '1m', preAllocatedVUs: 5 },
  },
  thresholds: { http_req_failed: ['rate<0.01', { threshold: 'rate<0.1', abortOnFail: true }] },
});
const test = run({ script: 'orders.js', options });
const outs = defineConfig({ out: ['json=a.json'], collectors: { influxdb: { addr: 'http://x' } }, localIPs: '10.0.0.0/24' });
// @ts-expect-error -- misspelt
defineConfig({ vsu: 3 });
// @ts-expect-error -- a text where a number belongs
defineOptions({ vus: '3' });
// @ts-expect-error -- there is no such executor
defineOptions({ scenarios: { a: { executor: 'constant', vus: 1 } } });
// @ts-expect-error -- a script cannot choose where its machine connects from
defineOptions({ localIPs: '10.0.0.0/24' });
// @ts-expect-error -- misspelt
run({ script: 'orders.js', options: { duratoin: '1s' } });
export { all, config, outs, test };
`,
  );
  assert.equal(problems, '');
});

test('the catalogue of codes is a library, for JavaScript on any Node', () => {
  const script = `import { classify, findCode, httpToGrpc } from 'sixfold/codes';
const refused = await fetch('http://127.0.0.1:1').catch((error) => error);
console.log(findCode(1212).name, httpToGrpc(503), findCode(1404).title, refused.message);
console.log(classify(Object.assign(new Error('outer'), { cause: { code: 'ECONNRESET' } }), 'read').code);`;
  writeFileSync(path.join(project, 'library.mjs'), script);
  const { exit, output } = run(machineNode, ['library.mjs']);
  assert.equal(exit, 0, output);
  assert.match(output, /^connection_refused 14 HTTP 404 Not Found/);
  assert.match(output, /^1220$/m);
});

test('the catalogue of codes is a library, for TypeScript', () => {
  const source = `import { type Code, type CodeEntry, classify, findCode, lookUp, type Phase } from 'sixfold/codes';
const phase: Phase = 'dial';
const entry: CodeEntry = classify(new Error('x'), phase);
const code: Code = 1212;
// A known code is never undefined, any other number may be.
const name: string = findCode(code).name;
// @ts-expect-error -- perhaps undefined
const perhaps: string = findCode(Number(entry.code)).name;
// @ts-expect-error -- not a code of the catalogue
const none: Code = 1299;
export { name, perhaps, none, lookUp };
`;
  assert.equal(compile('library.ts', source), '');
});

test('it runs as nobody, from a root that cannot be written, as in the image', { skip: NO_ROOT_OF_ITS_OWN }, () => {
  const script = `
    export const options = { iterations: 4, vus: 2 };
    export default function () { console.log('made one'); }
    export function handleSummary() { return { '/tmp/kept.txt': 'x', stdout: 'summed up' }; }`;
  const made = runInReadOnlyRoot(project, ['run', '-'], script);
  assert.equal(made.exit, 0, made.output);
  assert.equal(made.output.split('made one').length, 5, made.output);
  assert.match(made.output, /summed up/);
  const refused = runInReadOnlyRoot(project, ['run', '--out', 'json=/work/samples.json', '-'], script);
  assert.equal(refused.exit, 255, refused.output);
  assert.match(refused.output, /samples\.json.*(?:read-only|EROFS)/i);
  assert.ok(!refused.output.includes('made one'), refused.output);
});
