import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, describe, test } from 'node:test';
import { runHere } from './command-line.fixture.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-inspect-'));
after(() => rmSync(folder, { recursive: true }));
const before = { ...process.env };
afterEach(() => {
  for (const name of ['K6_VUS', 'K6_ITERATIONS', 'INSPECT_TEST']) delete process.env[name];
  Object.assign(process.env, before);
});

const write = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
// A config file of whoever runs the tests is none of their business.
const CONFIG = ['--config', write('empty.json', '{}')];
const inspect = async (...words: string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await runHere('inspect', ...CONFIG, ...words)).stdout) as Record<string, unknown>;

describe('inspect', () => {
  test('shows what the script exports, whatever else sets options', async () => {
    process.env['K6_VUS'] = '9';
    const shown = await inspect(
      write('a.js', `export const options = { vus: 3, duration: '90s', tags: { a: 'b' } }; export default () => {};`),
    );
    assert.deepEqual([shown['vus'], shown['duration'], shown['tags']], [3, '1m30s', { a: 'b' }]);
    assert.equal('maxVUs' in shown, false);
  });

  test('shows no option of a script that exports none', async () => {
    const shown = await inspect(write('none.js', `export default () => {};`));
    assert.ok('vus' in shown && 'scenarios' in shown);
    for (const [name, value] of Object.entries(shown)) assert.equal(value, null, name);
  });

  test('counts all sources where it is asked what is needed, and says what that comes to', async () => {
    process.env['K6_VUS'] = '9';
    const script = write(
      'needs.js',
      `export const options = { scenarios: {
         a: { executor: 'constant-vus', vus: 2, duration: '1m', gracefulStop: '10s' },
         b: { executor: 'ramping-arrival-rate', preAllocatedVUs: 3, maxVUs: 7, startTime: '30s', stages: [{ duration: '1m', target: 5 }] },
       } }; export default () => {};`,
    );
    process.env['K6_VUS'] = '';
    const shown = await inspect('--execution-requirements', script);
    // The second one ends half a minute later, and may take half a minute more: k6's default.
    assert.deepEqual([shown['totalDuration'], shown['maxVUs']], ['2m0s', 9]);
    process.env['K6_VUS'] = '9';
    process.env['K6_ITERATIONS'] = '18';
    const short = await inspect('--execution-requirements', write('short.js', `export default () => {};`));
    assert.deepEqual([short['maxVUs'], short['totalDuration']], [9, '10m30s']);
  });

  test('lets the script see the variables of flags, and none of the system unless that is said', async () => {
    process.env['INSPECT_TEST'] = 'system';
    const script = write(
      'env.js',
      `export const options = { tags: { flag: __ENV.FLAG || '-', system: __ENV.INSPECT_TEST || '-' } }; export default () => {};`,
    );
    assert.deepEqual((await inspect('-e', 'FLAG=given', script))['tags'], { flag: 'given', system: '-' });
    assert.deepEqual((await inspect('--include-system-env-vars', script))['tags'], { flag: '-', system: 'system' });
  });

  test('keeps standard output for its JSON, whatever the script prints', async () => {
    const script = write(
      'prints.js',
      `console.log('from the init code'); export const options = { vus: 2 }; export default () => console.log('never');`,
    );
    const { stdout, stderr } = await runHere('inspect', ...CONFIG, script);
    assert.equal((JSON.parse(stdout) as { vus: number }).vus, 2);
    assert.match(stderr, /from the init code/);
    assert.doesNotMatch(stderr + stdout, /never/);
  });

  test('runs neither setup nor iterations', async () => {
    const script = write(
      'setup.js',
      `export function setup() { throw new Error('ran') } export default () => { throw new Error('ran') };`,
    );
    const { stderr } = await runHere('inspect', ...CONFIG, script);
    assert.equal(stderr, '');
  });

  test('ends with the code that a run would have where there is nothing to inspect', async () => {
    const ends = (exitCode: number, message: RegExp, ...words: string[]) =>
      assert.rejects(runHere('inspect', ...CONFIG, ...words), { exitCode, message });
    await ends(255, /no-such\.js/, path.join(folder, 'no-such.js'));
    await ends(107, /SyntaxError/, write('syntax.js', 'export default () => {'));
    await ends(107, /from the init code/, write('throws.js', `throw new Error('from the init code');`));
    await ends(107, /did you mean k6\/http/, write('import.js', `import h from 'k6/htp'; export default () => h;`));
    await ends(
      104,
      /duration/,
      '--execution-requirements',
      write(
        'bad.js',
        `export const options = { scenarios: { a: { executor: 'constant-vus', duration: '-1s' } } }; export default () => {};`,
      ),
    );
  });
});
