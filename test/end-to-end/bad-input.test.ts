// What is wrong before any load: a clear message, k6's exit code, and nobody is contacted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runCommand, Scratch } from './command.ts';
import { type CountingServer, startCountingServer } from './counting-server.ts';

const scratch = new Scratch();
let server: CountingServer;
before(async () => {
  server = await startCountingServer();
});
after(async () => {
  await server.close();
  scratch.remove();
});

/** A script that would put load on the server, with something wrong in front. */
const script = (wrong: string, options = ''): string => `
  import http from 'k6/http';
  ${wrong}
  export const options = { ${options} };
  export function setup() { http.get('${server.url}/setup'); }
  export default function () { http.get('${server.url}/load'); }
`;

interface BadInput {
  readonly what: string;
  /** Files of the test's folder, by name; `bad.js` is run. */
  readonly files?: () => Readonly<Record<string, string>>;
  /** Between `run` and the script. */
  readonly flags?: readonly string[] | (() => readonly string[]);
  readonly env?: Readonly<Record<string, string>>;
  readonly script?: string;
  readonly exit: number;
  readonly says: RegExp;
}

const CASES: readonly BadInput[] = [
  {
    what: 'a script that is not there',
    script: 'none.js',
    exit: 255,
    says: /none\.js does not exist: there is no file /,
  },
  {
    what: 'a syntax error',
    files: () => ({ 'bad.js': 'export default function () {\n  const = 1;\n}\n' }),
    exit: 107,
    says: /SyntaxError: .*\n?.*bad\.js:2:9/,
  },
  {
    what: 'a syntax error in an imported file',
    files: () => ({ 'bad.js': script(`import './part.js';`), 'part.js': 'let a = 1;\nlet a = 2;\n' }),
    exit: 107,
    says: /part\.js:2:5/,
  },
  {
    what: 'an unknown module of k6',
    files: () => ({ 'bad.js': script(`import x from 'k6/nothing';`) }),
    exit: 107,
    says: /unknown module: k6\/nothing .*bad\.js:3:/,
  },
  {
    what: 'an import of a file that is not there',
    files: () => ({ 'bad.js': script(`import x from './nothing.js';`) }),
    exit: 107,
    says: /\.\/nothing\.js does not exist .*bad\.js:3:/,
  },
  {
    what: 'a package that is not installed',
    files: () => ({ 'bad.js': script(`import x from 'no-such-package';`) }),
    exit: 107,
    says: /package no-such-package is not in any node_modules/,
  },
  {
    what: 'init code that throws',
    files: () => ({ 'bad.js': script(`throw new Error('no data today');`) }),
    exit: 107,
    says: /Error: no data today.*bad\.js:3:/,
  },
  {
    what: 'an option of the wrong type',
    files: () => ({ 'bad.js': script('', `vus: 'many'`) }),
    exit: 104,
    says: /\\"vus\\" must be a whole number, but it is \\"many/,
  },
  {
    what: 'options that are no object',
    files: () => ({ 'bad.js': 'export const options = 7;\nexport default function () {}\n' }),
    exit: 104,
    says: /options must be an object, not number/,
  },
  {
    what: 'an unknown key of a scenario',
    files: () => ({ 'bad.js': script('', `scenarios: { a: { executor: 'shared-iterations', iteration: 3 } }`) }),
    exit: 104,
    says: /\biteration\b/,
  },
  {
    what: 'a scenario whose function is not there',
    files: () => ({ 'bad.js': script('', `scenarios: { a: { executor: 'shared-iterations', exec: 'missing' } }`) }),
    exit: 104,
    says: /function 'missing' not found in exports/,
  },
  {
    what: 'a script without a function',
    files: () => ({ 'bad.js': 'export const x = 1;\n' }),
    exit: 255,
    says: /no exported functions in script/,
  },
  {
    what: 'a malformed threshold',
    files: () => ({ 'bad.js': script('', `thresholds: { http_reqs: ['count>'] }`) }),
    exit: 104,
    says: /malformed threshold expression \\?"count>/,
  },
  {
    what: 'a threshold on a metric that is not there',
    files: () => ({ 'bad.js': script('', `thresholds: { no_such_metric: ['count>1'] }`) }),
    exit: 104,
    says: /no_such_metric/,
  },
  {
    what: 'an error in a .proto file',
    files: () => ({
      'bad.js': script(`import grpc from 'k6/net/grpc'; new grpc.Client().load(null, 'bad.proto');`),
      'bad.proto': 'syntax = "proto3";\nmessage A { int32 x = ; }\n',
    }),
    exit: 107,
    says: /bad\.proto:2:23: .*bad\.js:3:/,
  },
  {
    what: 'a .proto file that is not there',
    files: () => ({
      'bad.js': script(`import grpc from 'k6/net/grpc'; new grpc.Client().load(null, 'nothing.proto');`),
    }),
    exit: 107,
    says: /nothing\.proto: no such file in the import paths/,
  },
  {
    what: 'an unknown flag',
    flags: ['--durationn', '1s'],
    exit: 255,
    says: /unknown option '--durationn'\n\(Did you mean --duration\?\)/,
  },
  { what: 'a bad duration', flags: ['-d', 'soon'], exit: 255, says: /"soon" is not a duration: use a form like 30s/ },
  { what: 'a bad number', flags: ['--vus', 'x'], exit: 255, says: /"x" is not a whole number/ },
  { what: 'a bad variable', flags: ['-e', '1=2'], exit: 255, says: /"1" is no name of a variable/ },
  { what: 'a bad number of workers', flags: ['--workers', '0'], exit: 255, says: /whole number from 1 to 1024/ },
  {
    what: 'an unknown summary mode',
    flags: ['--summary-mode', 'x'],
    exit: 255,
    says: /one of compact, full, disabled/,
  },
  { what: 'an unknown output', flags: ['-o', 'nothing=1'], exit: 255, says: /invalid output type \\?"nothing/ },
  {
    what: 'an output that cannot be written',
    flags: ['-o', 'json=no/such/folder.json'],
    exit: 255,
    says: /could not write to \\?"no\/such\/folder\.json/,
  },
  {
    what: 'a report that cannot be written',
    flags: ['--report', 'none/report.html'],
    exit: 255,
    says: /--report: cannot write to .*none\/report\.html.*its folder does not exist/,
  },
  {
    what: 'an exported summary that cannot be written',
    flags: ['--summary-export', '.'],
    exit: 255,
    says: /--summary-export: cannot write to .*it is a folder/,
  },
  { what: 'an unknown log format', flags: ['--log-format', 'yaml'], exit: 255, says: /it is one of text, raw, json/ },
  {
    what: 'an unknown log format in a variable',
    env: { SIXFOLD_LOG_FORMAT: 'yaml' },
    exit: 255,
    says: /invalid log format "yaml" of SIXFOLD_LOG_FORMAT/,
  },
  { what: 'an unknown log output', flags: ['--log-output', 'nowhere'], exit: 255, says: /unsupported log output/ },
  {
    what: 'a bad number of workers in a variable',
    env: { SIXFOLD_WORKERS: 'many' },
    exit: 255,
    says: /variable SIXFOLD_WORKERS: it must be a whole number/,
  },
  {
    what: 'an address of the REST API that is taken',
    flags: () => ['--address', new URL(server.url).host],
    exit: 106,
    says: /EADDRINUSE|taken|in use/,
  },
  {
    what: 'an address of the live page that is taken',
    flags: () => ['--web', new URL(server.url).host],
    exit: 106,
    says: /EADDRINUSE|taken|in use/,
  },
  ...(
    [
      ['{"out": 5}', /out in the config file must be a list of outputs/],
      ['{"out": ["json=none/samples.json"]}', /could not write to .*none\/samples\.json/, 255],
      ['{"collectors": 5}', /collectors in the config file must be an object/],
      [
        '{"collectors": {"influxdb": "secret"}}',
        /collectors\.influxdb in the config file must be an object of settings/,
      ],
      [
        '{"out": ["influxdb"], "collectors": {"influxdb": {"pushInterval": "soon"}}}',
        /collectors\.influxdb\.pushInterval in the config file: .*soon/,
        255,
      ],
      ['{"features": 5}', /features in the config file must be a list of names/],
      ['{"linger": "yes"}', /linger in the config file must be true or false/],
      ['[]', /config\.json.* must hold an object of options/],
    ] as const
  ).map(
    ([text, says, exit = 104]): BadInput => ({
      what: `a config file with ${text}`,
      files: () => ({ 'bad.js': script(''), 'config.json': text }),
      flags: ['-c', 'config.json'],
      exit,
      says,
    }),
  ),
  {
    what: 'a log that cannot be written',
    flags: ['--log-output', 'file=no/such/folder.log'],
    exit: 255,
    says: /--log-output: cannot write to "no\/such\/folder\.log"/,
  },
  {
    what: 'a config file that is not there',
    flags: ['-c', 'none.json'],
    exit: 104,
    says: /could not read the config file \\?"none\.json/,
  },
  {
    what: 'a config file that is no JSON',
    files: () => ({ 'bad.js': script(''), 'config.json': '{ "vus": 1,' }),
    flags: ['-c', 'config.json'],
    exit: 104,
    says: /the config file \\?"config\.json\\?" is not valid JSON/,
  },
  {
    what: 'a config file with an option of the wrong type',
    files: () => ({ 'bad.js': script(''), 'config.json': '{ "vus": [] }' }),
    flags: ['-c', 'config.json'],
    exit: 104,
    says: /\\?"vus\\?" must be a whole number/,
  },
  {
    what: 'a bad variable of the environment',
    env: { K6_VUS: 'x' },
    exit: 104,
    says: /environment variable K6_VUS cannot be used/,
  },
];

for (const { what, files, flags = [], env, script: name = 'bad.js', exit, says } of CASES) {
  test(`${what} ends with ${exit} before any load`, async () => {
    for (const [file, content] of Object.entries(files?.() ?? { 'bad.js': script('') })) scratch.write(file, content);
    const before = server.connections;
    const outcome = await runCommand(['run', ...(typeof flags === 'function' ? flags() : flags), name], {
      cwd: scratch.folder,
      ...(env && { env }),
    });
    assert.match(outcome.stderr, says);
    assert.equal(outcome.exit, exit, outcome.stderr);
    assert.doesNotMatch(outcome.stderr, /node:internal|src\/(?:cli|execution)\//, 'no stack of ours');
    assert.equal(outcome.stdout, '', 'no test is announced');
    assert.equal(server.connections, before, 'nobody was contacted');
  });
}

test('an unknown key of the options is named with its neighbour, and the test runs', async () => {
  scratch.write('key.js', script('', 'iterations: 2, vuss: 3'));
  const { exit, stderr } = await runCommand(['run', '-q', 'key.js'], { cwd: scratch.folder });
  assert.match(stderr, /level=warning .*unknown field \\"vuss\\" \(did you mean \\"vus\\"\?\)/);
  assert.equal(exit, 0);
});

test('a command that is not there is named with its neighbour; without one there is help', async () => {
  const wrong = await runCommand(['runn'], { cwd: scratch.folder });
  assert.deepEqual([wrong.exit, wrong.stdout], [255, '']);
  assert.match(wrong.stderr, /unknown command 'runn'\n\(Did you mean one of run, runs\?\)/);
  const none = await runCommand([], { cwd: scratch.folder });
  assert.equal(none.exit, 0);
  assert.match(none.stdout, /sixfold run script\.js/);
  const lacking = await runCommand(['run'], { cwd: scratch.folder });
  assert.deepEqual([lacking.exit, /missing required argument 'script'/.test(lacking.stderr)], [255, true]);
});

test('a server that is not there: the test goes on, and the summary explains code 1212', async () => {
  scratch.write(
    'refused.js',
    `import http from 'k6/http';
     export const options = { iterations: 3 };
     export default function () { console.log(http.get('http://127.0.0.1:1/').error_code); }`,
  );
  const { exit, stdout, stderr } = await runCommand(['run', '-q', 'refused.js'], { cwd: scratch.folder });
  assert.equal(exit, 0);
  assert.equal(stderr.match(/msg=1212 source=console/g)?.length, 3);
  assert.match(stderr, /level=warning msg="Request Failed" code=1212 error=".*connection refused"/);
  assert.match(stdout, /FAILURES[\s\S]*1212 connection_refused: 3 \(100\.00% of HTTP requests\)\n.*nobody listens/);
});
