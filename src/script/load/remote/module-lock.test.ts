import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ScriptError } from '../script-error.ts';
import { LOCK_NAME, ModuleLock } from './module-lock.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'sixfold-lock-'));
after(() => rmSync(folder, { recursive: true }));
const FILE = path.join(folder, LOCK_NAME);
const integrity = (char: string): string => `sha256-${char.repeat(43)}=`;
const read = (): { version: number; modules: Record<string, object> } => JSON.parse(readFileSync(FILE, 'utf8'));

test('what was added is found again, sorted by address, and once added it stays', () => {
  rmSync(FILE, { force: true });
  const lock = new ModuleLock(FILE);
  assert.equal(lock.find('https://b/x.js'), null);
  lock.add('https://b/x.js', { integrity: integrity('b') });
  lock.add('https://a/x.js', { integrity: integrity('a'), resolved: 'https://c/x.js' });
  lock.add('https://b/x.js', { integrity: integrity('z') });
  lock.add('__proto__', { integrity: integrity('p') });
  lock.save();
  assert.deepEqual(Object.keys(read().modules), ['__proto__', 'https://a/x.js', 'https://b/x.js']);
  const again = new ModuleLock(FILE);
  assert.deepEqual(again.find('https://b/x.js'), { integrity: integrity('b') });
  assert.deepEqual(again.find('https://a/x.js'), { integrity: integrity('a'), resolved: 'https://c/x.js' });
  assert.deepEqual(again.find('__proto__'), { integrity: integrity('p') });
  assert.equal(again.find('constructor'), null);
});

test('what another script of the folder has added meanwhile is kept; where nothing is new, nothing is written', () => {
  rmSync(FILE, { force: true });
  const [one, two] = [new ModuleLock(FILE), new ModuleLock(FILE)];
  one.save();
  assert.throws(() => read(), /ENOENT/);
  one.add('https://one/', { integrity: integrity('1') });
  one.save();
  two.add('https://two/', { integrity: integrity('2') });
  two.save();
  assert.deepEqual(Object.keys(read().modules), ['https://one/', 'https://two/']);
  writeFileSync(FILE, 'spoilt');
  two.save();
  assert.equal(readFileSync(FILE, 'utf8'), 'spoilt');
});

test('a record that is none is refused with what is wrong and what to do', () => {
  for (const [text, why] of [
    ['', /it is no JSON/],
    ['{"version":1', /it is no JSON/],
    ['null', /its "version" is undefined, this program writes 1/],
    ['[]', /its "version" is undefined/],
    ['{"version":2,"modules":{}}', /its "version" is 2/],
    ['{"version":"1","modules":{}}', /its "version" is "1"/],
    ['{"version":1}', /it has no "modules"/],
    ['{"version":1,"modules":null}', /it has no "modules"/],
    ['{"version":1,"modules":{"https://a/":null}}', /the "integrity" of https:\/\/a\/ is no sha256/],
    ['{"version":1,"modules":{"https://a/":{"integrity":"sha256-short="}}}', /the "integrity" of https:\/\/a\//],
    [`{"version":1,"modules":{"https://a/":{"integrity":"${integrity('a')}x"}}}`, /the "integrity" of https:\/\/a\//],
    [`{"version":1,"modules":{"https://a/":{"integrity":"${integrity('a').replace('256', '512')}"}}}`, /no sha256/],
  ] as const) {
    writeFileSync(FILE, text);
    assert.throws(
      () => new ModuleLock(FILE),
      (error) =>
        error instanceof ScriptError &&
        why.test(error.message) &&
        error.message.includes('delete it to have it written anew'),
      text,
    );
  }
});

test('a folder that cannot be written to has no record', () => {
  const file = path.join(folder, 'taken');
  mkdirSync(file);
  const lock = new ModuleLock(file);
  lock.add('https://a/', { integrity: integrity('a') });
  lock.save();
  assert.deepEqual(lock.find('https://a/'), { integrity: integrity('a') });
});
