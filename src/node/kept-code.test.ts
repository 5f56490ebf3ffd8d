import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { compileKept, keepCode, keepCodeIn, keepsCode, runKept, takeCode } from './kept-code.ts';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'sixfold-code-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

let folder = '';
let made = 0;
beforeEach(() => {
  // What an earlier test has compiled is none of this one's.
  takeCode();
  folder = path.join(scratch, `code-${made++}`);
  keepCodeIn(folder);
});

/** A text with a function that is compiled when it is called. */
const TEXT = `(() => { function late(n) { ${'n = n * 3 + 1;'.repeat(500)} return n % 7; } return late; })()`;

/** @returns whether what was kept of a text fits it; null: nothing was offered to the engine */
function fits(name: string, text = TEXT): boolean | null {
  const { cachedDataRejected } = compileKept(name, text);
  return cachedDataRejected === undefined ? null : !cachedDataRejected;
}

/** Keeps the code of a text whose function was called. */
function keep(name: string): void {
  (compileKept(name, TEXT).runInThisContext() as (n: number) => number)(1);
  keepCode(takeCode());
}

const fileIn = (place: string): string => path.join(place, readdirSync(place)[0]!);

test('where nothing is compiled so, as in the sources, nothing is kept, and no folder made', () => {
  assert.equal(keepsCode(), false);
  assert.equal(existsSync(folder), false);
});

test('what was called is in what is kept, and is there the next time', () => {
  compileKept('uncalled', TEXT.replace('% 7', '% 8'));
  const late = compileKept('called', TEXT).runInThisContext() as (n: number) => number;
  late(1);
  assert.equal(keepsCode(), true);
  const taken = takeCode();
  const [uncalled, called] = [taken.get('uncalled')!.length, taken.get('called')!.length];
  assert.ok(called > uncalled + 5000, `${called} octets, ${uncalled} of what was not called`);
  assert.equal(takeCode().size, 0, 'it is taken once');
  keepCode(taken);
  assert.equal(fits('called'), true);
  assert.equal(takeCode().size, 0, 'it is there, and fits');
});

test('it is not taken of a thread that has run for long, in which the engine has forgotten its start', (t) => {
  t.mock.method(performance, 'now', () => 20_001);
  compileKept('text', TEXT);
  assert.equal(takeCode().size, 0);
});

test('one text has nothing of another', () => {
  keep('one');
  assert.equal(fits('two'), null);
  assert.equal(fits('one', `${TEXT} `), false);
});

test('what is damaged is not shown to the engine, wherever that is', () => {
  keep('text');
  const file = fileIn(folder);
  const whole = readFileSync(file);
  for (const at of [0, 20, 100, Math.floor(whole.length / 2) - 1, Math.floor(whole.length / 2), whole.length - 1]) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 0x10;
    writeFileSync(file, damaged);
    assert.equal(fits('text'), null, `at ${at} of ${whole.length}`);
  }
  for (const length of [0, 1, 64, whole.length / 2, whole.length - 1]) {
    writeFileSync(file, whole.subarray(0, length));
    // Half of it may be two halves that are alike by chance, and the engine looks at how long it is.
    assert.notEqual(fits('text'), true, `${length} of ${whole.length}`);
  }
  writeFileSync(file, whole);
  assert.equal(fits('text'), true);
});

test('it is for its owner alone, and not taken from where others may write', {
  skip: process.platform === 'win32',
}, () => {
  keep('text');
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(statSync(fileIn(folder)).mode & 0o777, 0o600);
  chmodSync(folder, 0o777);
  assert.equal(fits('text'), null);
  assert.equal(keepsCode(), false);
  chmodSync(folder, 0o755);
  assert.equal(fits('text'), true);
});

test('where nothing can be kept all is compiled anew', () => {
  keepCodeIn('/dev/null/sixfold');
  assert.equal(keepsCode(), false);
  keep('text');
  assert.equal(fits('text'), null);
});

test('few are kept, the last ones', () => {
  for (let i = 0; i < 25; i++) keep(`text-${i}`);
  assert.equal(readdirSync(folder).length, 20);
  assert.equal(fits('text-24'), true);
});

test('a text has its imports, its place and what lies beside it', async () => {
  const place = mkdtempSync(path.join(scratch, 'program-'));
  writeFileSync(path.join(place, 'neighbour.mjs'), 'export const near = 4;');
  writeFileSync(
    path.join(place, 'main-12345678.text'),
    `(function (require, __meta, __import) { return {
      sum: require('./other.js').two + 1, url: __meta.url, load: () => __import('./neighbour.mjs'),
      fail() { throw new Error('here'); } }; })`,
  );
  const meta = { dirname: place, url: pathToFileURL(path.join(place, 'main-12345678.js')).href } as ImportMeta;
  const load = (specifier: string): Promise<unknown> => import(new URL(specifier, meta.url).href);
  for (const round of ['first', 'next']) {
    const exports = runKept('main-12345678.text', meta, load, { './other.js': { two: 2 } });
    assert.equal(exports['sum'], 3, round);
    assert.equal(exports['url'], meta.url);
    assert.equal((await (exports['load'] as () => Promise<{ near: number }>)()).near, 4);
    assert.throws(
      exports['fail'] as () => void,
      ({ stack }: Error) => /main-12345678\.text:3:/.test(stack!),
      'a trace names the file that is there',
    );
    keepCode(takeCode());
  }
  assert.equal(readdirSync(folder).length, 1);
});
