// Whether a test that did less than it seems says so: --strict, lost lines, samples of a broken setup, the summary's first lines.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { Command, runCommand, Scratch } from './command.ts';
import { startCountingServer } from './counting-server.ts';

const scratch = new Scratch();
after(() => scratch.remove());

const EMPTY = 'export default function () {}';
const STRICT = 120;

let scripts = 0;
function runScript(source: string, words: readonly string[] = [], env: Record<string, string> = {}) {
  const file = scratch.write(`script-${scripts++}.js`, source);
  return runCommand(['run', '-q', ...words, file], { cwd: scratch.folder, env });
}

const skip = existsSync('/dev/full') ? false : 'no /dev/full on this machine';

describe('--strict ends with 120 where k6 ends with 0', { concurrency: 2 }, () => {
  const CONCERNS: [string, string, RegExp, { words?: string[]; env?: Record<string, string> }?][] = [
    [
      'every iteration failed',
      `export const options = { iterations: 3 }; ${EMPTY.replace('{}', '{ throw new Error("no"); }')}`,
      /every iteration failed \(3 of 3\)/,
    ],
    [
      'no iteration ran to its end',
      `import { sleep } from 'k6';
       const a = { executor: 'constant-vus', vus: 1, duration: '3s', gracefulStop: '0s' };
       export const options = { scenarios: { a } };
       export default function () { sleep(60); }`,
      /no iteration ran to its end, 1 were interrupted/,
    ],
    [
      'a threshold without samples',
      `export const options = { thresholds: { http_req_duration: ['p(95)<500'] } }; ${EMPTY}`,
      /'p\(95\)<500' on http_req_duration holds only because http_req_duration never had a sample/,
    ],
    ['a variable without effect', EMPTY, /ALL_PROXY has no effect/, { env: { ALL_PROXY: 'http://proxy:3128' } }],
    [
      'an unknown option',
      `export const options = { iteratons: 5 }; ${EMPTY}`,
      /unknown field "iteratons" \(did you mean "iterations"\?\)/,
    ],
    [
      'an unknown field within an option',
      `export const options = { dns: { tll: '5s' } }; ${EMPTY}`,
      /"dns" has an unknown field "tll" \(did you mean "ttl"\?\)/,
    ],
  ];
  for (const [name, source, pattern, { words = [], env = {} } = {}] of CONCERNS) {
    test(name, async () => {
      const strict = await runScript(source, [...words, '--strict'], env);
      assert.equal(strict.exit, STRICT, strict.stderr);
      assert.match(strict.stderr, /--strict: the test did not do its work: /);
      assert.match(firstLines(strict.stdout), pattern);
    });
  }

  test('an output that lost lines', { skip }, async () => {
    const strict = await runScript(EMPTY, ['--strict', '--out', 'json=/dev/full']);
    assert.equal(strict.exit, STRICT, strict.stderr);
    assert.match(
      firstLines(strict.stdout),
      /! the output json \(\/dev\/full\) is not complete: .*up to \d+ lines are lost/,
    );
  });

  /** What is to be left behind of a run and cannot be written, with what says so. */
  const UNWRITTEN: [name: string, words: string[], summary: string, said: RegExp][] = [
    ['a report', ['--report', '/dev/full'], '', /--report: could not write "\/dev\/full": ENOSPC/],
    [
      'a summary export',
      ['--summary-export', '/dev/full'],
      '',
      /--summary-export: could not write "\/dev\/full": ENOSPC/,
    ],
    ['an outcome', ['--out', 'junit=/dev/full'], '', /the output junit \(\/dev\/full\) could not be written: ENOSPC/],
    [
      'a file of handleSummary',
      [],
      `return { stdout: 'mine', '/dev/full': 'text' };`,
      /handleSummary: could not write "\/dev\/full": ENOSPC/,
    ],
    ['handleSummary itself', [], `throw new Error('cannot sum');`, /handleSummary\(\) failed: Error: cannot sum/],
  ];
  for (const [name, words, summary, said] of UNWRITTEN)
    test(`${name} that cannot be written`, { skip }, async () => {
      const source = summary === '' ? EMPTY : `${EMPTY}\nexport function handleSummary() { ${summary} }`;
      const history = path.join(scratch.folder, `history-${scripts}`);
      const strict = await runScript(source, ['--log-format', 'raw', '--strict', ...words], {
        SIXFOLD_HISTORY: history,
      });
      assert.equal(strict.exit, STRICT, strict.stderr);
      const [, reason = ''] = /^--strict: the test did not do its work: (.*)$/m.exec(strict.stderr) ?? [];
      assert.match(reason, said);
      const kept = await runCommand(['runs', 'show', 'last', '--json'], {
        cwd: scratch.folder,
        env: { SIXFOLD_HISTORY: history },
      });
      assert.match(kept.stdout, /"exitCode": ?120/, kept.stderr);
      const lax = await runScript(source, ['--log-format', 'raw', ...words]);
      assert.equal(lax.exit, 0, lax.stderr);
    });

  test('some failed iterations are said, and no reason', async () => {
    const source = `export const options = { iterations: 4 };
      export default function () { if (__ITER === 1) throw new Error('once'); }`;
    const { exit, stdout } = await runScript(source, ['--strict']);
    assert.equal(exit, 0);
    assert.match(firstLines(stdout), /^ {2}! 1 of 4 iterations failed \(25\.00%\)\n {6}first: Error: once/);
  });

  test('a worse end keeps its code', async () => {
    const { exit } = await runScript(
      `export const options = { thresholds: { iterations: ['count>9'] } };
       export default function () { throw new Error('no'); }`,
      ['--strict'],
    );
    assert.equal(exit, 99);
  });
});

/** The lines of a summary that stand before all others. */
function firstLines(stdout: string): string {
  const [, first = ''] = /^\n((?: {2}! .*\n(?: {6}.*\n)*)+)/.exec(stdout) ?? [];
  return first;
}

describe('a full disk', { skip, concurrency: 2 }, () => {
  test('under --out: said with the number of lines, in the summary too', async () => {
    const { exit, stdout, stderr } = await runScript(EMPTY, ['--out', 'csv=/dev/full']);
    assert.equal(exit, 0);
    assert.match(stderr, /could not write to \\"\/dev\/full\\": ENOSPC.*up to \d+ lines are lost/);
    assert.match(firstLines(stdout), /is not complete/);
  });

  for (const flag of ['--log-output=file=/dev/full', '--console-output=/dev/full']) {
    test(`under ${flag}: the test runs, the summary comes, the code is 255`, async () => {
      const { exit, stdout, stderr } = await runScript(
        `export default function () { console.log('x'); throw new Error('y'); }`,
        [flag],
      );
      assert.equal(exit, 255, stderr);
      assert.match(stdout, /TOTAL RESULTS/);
      assert.match(stderr, /could not write to .*ENOSPC/);
    });
  }
});

test('what setup measured before the test was aborted in it is in the results', async () => {
  const server = await startCountingServer();
  try {
    const { exit, stdout } = await runScript(
      `import http from 'k6/http';
       import exec from 'k6/execution';
       export function setup() { http.get('${server.url}/'); http.get('${server.url}/'); exec.test.abort('enough'); }
       ${EMPTY}`,
      ['--out', 'json=-'],
    );
    assert.equal(exit, 108);
    assert.match(stdout, /http_reqs\.*: 2 /);
    assert.equal(stdout.split('\n').filter((line) => /^\{"metric":"http_reqs","type":"Point"/.test(line)).length, 2);
  } finally {
    await server.close();
  }
});

test('a script file that is removed while it runs costs nothing', async () => {
  const file = scratch.write(
    'gone.js',
    `import { sleep } from 'k6';
     export default function () { console.log('begun'); sleep(1); }`,
  );
  const words = ['run', '-q', '--new-machine-readable-summary', '--summary-export', 'gone.json', file];
  const command = new Command(words, { cwd: scratch.folder });
  await command.printed(/begun/);
  rmSync(file);
  const { exit, stderr } = await command.ended;
  assert.equal(exit, 0, stderr);
  const data: unknown = JSON.parse(readFileSync(path.join(scratch.folder, 'gone.json'), 'utf8'));
  assert.match(JSON.stringify(data), /sleep\(1\)/);
});

describe('failed iterations and concerns are in the data', { concurrency: 2 }, () => {
  const source = `import http from 'k6/http';
    export const options = { iterations: 2, iteratons: 1 };
    export default function () { http.get('http://127.0.0.1:1/x'); throw new Error('no'); }`;
  interface Data {
    concerns: { text: string }[];
    iterations_failed: { count: number; rate: number; first: string };
    failures: { protocol: string; code: number; name: string; count: number; where: { name: string }[] }[];
  }
  const check = ({ concerns, iterations_failed: failed, failures: [refused] }: Data): void => {
    assert.equal(concerns.length, 2);
    assert.match(concerns[0].text, /every iteration failed \(2 of 2\)/);
    assert.match(concerns[1].text, /unknown field "iteratons"/);
    assert.deepEqual([failed.count, failed.rate], [2, 1]);
    assert.match(failed.first, /^Error: no\n\tat default \(/);
    assert.deepEqual([refused.protocol, refused.code, refused.count], ['http', 1212, 2]);
    assert.deepEqual([refused.name, refused.where[0].name], ['connection_refused', 'http://127.0.0.1:1/x']);
  };

  for (const machine of [false, true]) {
    const words = machine ? ['--new-machine-readable-summary'] : [];
    test(`handleSummary and --summary-export ${words.join('')}`, async () => {
      const name = `export-${machine}.json`;
      const script = `${source}\nexport function handleSummary(data) { return { stdout: '@@' + JSON.stringify(data) }; }`;
      const { stdout, stderr } = await runScript(script, [...words, '--summary-export', name]);
      check(JSON.parse(stdout.slice(stdout.indexOf('@@') + 2)) as Data);
      check(JSON.parse(readFileSync(path.join(scratch.folder, name), 'utf8')) as Data);
      assert.match(stderr, /level=warning msg="every iteration failed/);
    });
  }
});

test('a threshold can name the share of failed iterations, of a scenario too', async () => {
  const scenarios = `scenarios: {
    good: { executor: 'shared-iterations', iterations: 6 },
    bad: { executor: 'shared-iterations', iterations: 2, exec: 'bad' } }`;
  const body = `export default function () {}
    export function bad() { throw new Error('no'); }`;
  const cases: [string, number][] = [
    ["'iterations_failed': ['rate<0.26'], 'iterations_failed{scenario:good}': ['rate==0']", 0],
    ["'iterations_failed': ['rate<0.25']", 99],
    ["'iterations_failed{scenario:bad}': ['rate<1']", 99],
  ];
  for (const [thresholds, code] of cases) {
    const { exit, stdout } = await runScript(
      `export const options = { ${scenarios}, thresholds: { ${thresholds} } };\n${body}`,
    );
    assert.equal(exit, code, stdout);
    assert.match(stdout, /iterations_failed\.+: 25\.00% +2 out of 8/);
  }
});

test("a script's own metric named iterations_failed is left alone", async () => {
  const { exit, stdout } = await runScript(
    `import { Counter } from 'k6/metrics';
     const own = new Counter('iterations_failed');
     export const options = { iterations: 3, thresholds: { iterations_failed: ['count==15'] } };
     export default function () { own.add(5); throw new Error('no'); }`,
  );
  assert.equal(exit, 0, stdout);
  assert.match(stdout, /iterations_failed\.+: 15 /);
});

test('SSLKEYLOGFILE that cannot be written ends the program before any load', async () => {
  const { exit, stderr } = await runScript(EMPTY, [], { SSLKEYLOGFILE: 'no/such/folder/keys' });
  assert.equal(exit, 255);
  assert.match(stderr, /SSLKEYLOGFILE: cannot write to \\"no\/such\/folder\/keys\\": ENOENT/);
});

test('a thousand failures of one kind are a screenful', async () => {
  const { exit, stderr } = await runScript(
    `import http from 'k6/http';
     export const options = { vus: 5, iterations: 1000 };
     export default function () { http.get('http://127.0.0.1:1/' + __ITER); }`,
    ['--summary-mode', 'disabled'],
  );
  assert.equal(exit, 0);
  const lines = stderr.trim().split('\n');
  const told = lines.map((line) => / … and ([\d,]+) more like it"/.exec(line)?.[1]?.replace(',', '') ?? '1');
  assert.equal(
    told.reduce((sum, count) => sum + Number(count), 0),
    1000,
  );
  assert.ok(lines.length < 40, String(lines.length));
});
