// Nothing that a run writes, wherever it writes it, shows a secret.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import { findRun } from '../../src/report/unpack-run.ts';
import { findFreePort } from '../servers/spawn-on-loopback.ts';
import { runCommand, Scratch } from './command.ts';

const SECRETS = ['hunter2-of-Troy', 'pa"ss\\w/ord<&>é', 'plain_token_77'];

/** Enough to know a secret by. */
const TRACES = SECRETS.flatMap((secret) => {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    secret.toLowerCase(),
    bytes.toString('hex'),
    bytes.toString('base64').slice(0, 12),
    Buffer.from(`u:${secret}`).toString('base64').slice(4, 16),
    Array.from(bytes.subarray(0, 8)).join(', '),
  ];
});

/** What collectors of traces were sent, by their paths. */
const collected = new Map<string, string>();

const server = createServer((request, response) => {
  if (request.url!.startsWith('/traces')) {
    const place = request.url!;
    request.on('data', (piece: Buffer) =>
      collected.set(place, (collected.get(place) ?? '') + piece.toString('latin1')),
    );
    request.on('end', () => response.end());
    return;
  }
  response.statusCode = request.url!.startsWith('/status') ? 500 : 200;
  response.setHeader('X-Echo', encodeURIComponent(request.headers.authorization ?? ''));
  response.end(`you said ${decodeURIComponent(request.url!)}`);
});
let base = '';

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const SCRIPT = `
import secrets from 'k6/secrets';
import http from 'k6/http';
import encoding from 'k6/encoding';
import crypto from 'k6/crypto';
import exec from 'k6/execution';
import { check, group } from 'k6';
import { Counter } from 'k6/metrics';

const a = await secrets.get('a');
const b = await secrets.get('b');
const c = await secrets.get('c');
const named = new Counter('count_' + c);
export const options = {
  tags: { run: a },
  thresholds: { ['http_reqs{token:' + a + '}']: ['count>0'], ['count_' + c]: ['count>0'] },
  scenarios: { ['of_' + c]: { executor: 'per-vu-iterations', iterations: 2, tags: { scenarioTag: b } } },
};
console.log('init', a, { b: [b, c] });
export async function setup() { return { a, list: [b], token: (await secrets.get('a')) }; }
export default function (data) {
  if (data.a !== a || data.list[0] !== b || data.token !== a) exec.test.abort('setup data came changed');
  const all = [a, b, c];
  console.log('plain', ...all, 'json', JSON.stringify(all), 'twice', JSON.stringify({ body: JSON.stringify(all) }));
  for (const s of all) {
    console.warn('b64', encoding.b64encode(s), encoding.b64encode('u:' + s), encoding.b64encode('xx' + s + 'yy', 'url'), encoding.b64encode(s, 'rawurl'));
    console.info('hex', crypto.hexEncode(new TextEncoder().encode(s)), 'url', encodeURIComponent(s), new TextEncoder().encode(s), new TextEncoder().encode(s).buffer);
    console.error(new Error('failed with ' + s));
    const params = { headers: { Authorization: 'Bearer ' + encodeURIComponent(s) }, tags: { token: s, ['key' + s]: 'x' } };
    group('group ' + s.replaceAll('::', ''), () => {
      const r = http.get(__ENV.BASE + '/' + encodeURIComponent(s), params);
      check(r, { ['check of ' + s]: () => true, ['fails ' + s]: () => false });
    });
    http.get(__ENV.BASE + '/status?' + encodeURIComponent(s), { tags: { name: s } });
    http.get('http://127.0.0.1:1/' + encodeURIComponent(s));
    http.get('http://u:' + encodeURIComponent(s) + '@127.0.0.1:1/');
    http.get('nonsense://' + s);
    exec.vu.metrics.tags.custom = s;
    exec.vu.metrics.metadata.trace = s;
    named.add(1, { of: s });
  }
  if (exec.vu.iterationInScenario === 1) {
    Promise.reject(new Error('rejected ' + a));
    throw new Error('thrown ' + all.join(' '));
  }
}
export function teardown(data) { console.log('teardown', data); exec.test.fail('marked ' + a); }
export function handleSummary(data) {
  return {
    stdout: 'summary ' + JSON.stringify([a, b, c]) + JSON.stringify(data),
    stderr: 'more ' + b,
    'summary.json': JSON.stringify(data, null, 1),
    'bytes.bin': new Uint8Array([0, 255, ...new TextEncoder().encode(a), 254]),
  };
}
`;

/** All that a run wrote, unpacked: a report and the history hold runs that are compressed. */
function readAll(folder: string, skipped: ReadonlySet<string>): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !skipped.has(entry.name))
    .flatMap((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const bytes = readFileSync(file);
      const found: [string, string][] = [[entry.name, bytes.toString('utf8')]];
      const add = (what: string, inside: Buffer): number =>
        found.push([`${what} of ${entry.name}`, inside.toString('utf8')]);
      if (entry.name.endsWith('.gz')) add('the text', gunzipSync(bytes));
      if (entry.name.endsWith('.html')) add('the run', inflateRawSync(findRun(bytes)));
      if (entry.name.endsWith('.db')) for (const run of runsOf(file)) add('the run', inflateRawSync(run));
      return found;
    });
}

function runsOf(file: string): Uint8Array[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database
      .prepare('SELECT run FROM runs')
      .all()
      .map(({ run }) => run as Uint8Array);
  } finally {
    database.close();
  }
}

for (const [title, words] of [
  ['with text', []],
  ['with a log in JSON, and the summary in its new form', ['--log-format', 'json', '--new-machine-readable-summary']],
  ['with a log in a file, and all that requests show', ['--log-output', 'file=own.log', '--http-debug=full', '-v']],
  ['with what the script prints in a file', ['--console-output', 'console.log', '--log-format', 'raw']],
  ['with the usual summary in full', ['--no-handle-summary', '--summary-mode', 'full']],
] as const) {
  test(`no secret is in what a run writes ${title}`, async () => {
    const scratch = new Scratch();
    try {
      const own = (words as readonly string[]).includes('--no-handle-summary');
      scratch.write('script.js', own ? SCRIPT.replace('export function handleSummary', 'function unused') : SCRIPT);
      scratch.write('secrets.txt', SECRETS.map((secret, i) => `${'abc'[i]}=${secret}\n`).join(''));
      const { exit, stdout, stderr } = await runCommand(
        [
          'run',
          ...words.filter((word) => word !== '--no-handle-summary'),
          '--secret-source=file=secrets.txt',
          '-e',
          `BASE=${base}`,
          '--workers',
          '2',
          '--summary-export',
          'export.json',
          '--out',
          'json=samples.json',
          '--out',
          'csv=samples.csv',
          '--out',
          'json=samples.json.gz',
          '--out',
          'junit=junit.xml',
          '--out',
          'github=step.md',
          '--report',
          'report.html',
          '--traces-output',
          `otel=${base}/traces${encodeURIComponent(title)},proto=http`,
          'script.js',
        ],
        { cwd: scratch.folder, env: { SIXFOLD_HISTORY: path.join(scratch.folder, 'runs.db') } },
      );
      assert.equal(exit, 110, `${stdout}\n${stderr}`);
      const written: [string, string][] = [
        ['stdout', stdout],
        ['stderr', stderr],
        ['traces', collected.get(`/traces${encodeURIComponent(title)}`) ?? ''],
        ...readAll(scratch.folder, new Set(['script.js', 'secrets.txt'])),
      ];
      const names = written.map(([name]) => name);
      for (const name of [
        ...['export.json', 'samples.json', 'samples.csv', 'the text of samples.json.gz', 'junit.xml', 'step.md'],
        ...['report.html', 'the run of report.html', 'runs.db', 'the run of runs.db'],
      ])
        assert.ok(names.includes(name), `${name} is not among ${names}`);
      for (const [name, text] of written) {
        for (const trace of TRACES) {
          const at = text.indexOf(trace);
          assert.ok(at < 0, `${name} shows ${JSON.stringify(trace)}: …${text.slice(Math.max(0, at - 200), at + 60)}`);
        }
      }
      for (const name of ['the run of report.html', 'the run of runs.db'])
        assert.match(
          written.find(([known]) => known === name)![1],
          /"text":"you said [^"]*\*\*\*/,
          `the answers in ${name}`,
        );
      assert.match(written.find(([known]) => known === 'traces')![1], /SECRET_REDACTED/);
      const whole = written.map(([, text]) => text).join('\n');
      assert.match(whole, /token:\*\*\*SECRET_REDACTED\*\*\*|"token":"\*\*\*SECRET_REDACTED\*\*\*"/);
      assert.match(written.find(([name]) => name === 'samples.json')![1], /count_SECRET_REDACTED/);
    } finally {
      scratch.remove();
    }
  });
}

test('nor does the REST API show one, or what the live page asks for', async () => {
  const scratch = new Scratch();
  const [api, web] = [`127.0.0.1:${await findFreePort()}`, `127.0.0.1:${await findFreePort()}`];
  try {
    scratch.write(
      'script.js',
      `import secrets from 'k6/secrets';
       import http from 'k6/http';
       import { group, check } from 'k6';
       import exec from 'k6/execution';
       export const options = { iterations: 1, tags: { run: await secrets.get('a') } };
       export async function setup() { return { token: await secrets.get('a') }; }
       export default function ({ token }) {
         group('of ' + token, () => check(token, { ['is ' + token]: (t) => t !== '' }));
         http.get('http://127.0.0.1:1/' + token, { tags: { name: token } });
         const places = ['v1/setup', 'v1/groups', 'v1/metrics', 'v1/status', 'metrics'].map((path) => 'http://${api}/' + path);
         for (const path of ['api/run', 'api/timeline', 'report.html']) places.push('http://${web}/' + path);
         for (const place of places) {
           const { status, body } = http.get(place, { responseType: 'text' });
           if (status !== 200) exec.test.fail(place + ' gave ' + status);
           if (body.includes(token)) exec.test.fail(place + ' shows it');
           if (place.endsWith('setup') && !body.includes('SECRET_REDACTED')) exec.test.fail('no setup data');
         }
       }`,
    );
    const words = ['run', '-q', '--address', api, '--web', web, `--secret-source=mock=a=${SECRETS[0]}`, 'script.js'];
    const { exit, stdout, stderr } = await runCommand(words, { cwd: scratch.folder });
    assert.equal(exit, 0, `${stdout}\n${stderr}`);
  } finally {
    scratch.remove();
  }
});

test('the other commands show none either', async () => {
  const scratch = new Scratch();
  try {
    scratch.write(
      'script.js',
      `import secrets from 'k6/secrets';
       const a = await secrets.get('a');
       console.log(a);
       export const options = { tags: { t: a }, iterations: __ENV.BAD ? a : 1 };
       export default function () {}`,
    );
    const source = `--secret-source=mock=a=${SECRETS[0]}`;
    const run = (...words: string[]) => runCommand(words, { cwd: scratch.folder });
    const outcomes = [
      await run('inspect', source, 'script.js'),
      await run('inspect', '--execution-requirements', source, '-e', 'BAD=1', 'script.js'),
      await run('run', source, '-e', 'BAD=1', 'script.js'),
      await run('archive', source, 'script.js'),
    ];
    assert.deepEqual(
      outcomes.map(({ exit }) => exit),
      [0, 104, 104, 0],
    );
    for (const { stdout, stderr } of outcomes) {
      for (const trace of TRACES) assert.ok(!`${stdout}${stderr}`.includes(trace), `${stdout}\n${stderr}`);
    }
    assert.match(outcomes[3]!.stderr, /the script's options hold a secret/);
    assert.ok(!readFileSync(path.join(scratch.folder, 'archive.tar'), 'latin1').includes(SECRETS[0]!));
  } finally {
    scratch.remove();
  }
});

test('a source that cannot be used ends the program before any load', async () => {
  const scratch = new Scratch();
  try {
    scratch.write(
      'script.js',
      "import secrets from 'k6/secrets'; await secrets.get('a'); export default function () {}",
    );
    const run = async (words: string[], env = {}) => {
      const { exit, stderr } = await runCommand(['run', ...words, 'script.js'], { cwd: scratch.folder, env });
      return [exit, stderr] as const;
    };
    const expect = async (outcome: Promise<readonly [number | null, string]>, code: number, pattern: RegExp) => {
      const [exit, stderr] = await outcome;
      assert.equal(exit, code, stderr);
      assert.match(stderr, pattern);
    };
    await expect(run(['--secret-source=file=none.txt']), 255, /there is no file none\.txt/);
    await expect(run(['--secret-source=vault=x']), 255, /no type of source/);
    await expect(run(['--secret-source=cloud']), 104, /cloud/);
    await expect(run([], { K6_SECRET_SOURCE: ' ' }), 255, /K6_SECRET_SOURCE is set, but empty/);
    await expect(run([]), 107, /no source of secrets: name one with --secret-source/);
    await expect(run(['--secret-source=mock=b=1']), 107, /there is no secret \\"a\\"/);
    await expect(run([], { K6_SECRET_SOURCE: 'mock=a=1' }), 0, /^/);
  } finally {
    scratch.remove();
  }
});
