import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { until } from '../../../test/end-to-end/until.ts';
import { FileWatch } from './file-watch.ts';

let folder: string;
let watch: FileWatch;
let told: string[][];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'sixfold-watch-')));
  told = [];
  watch = new FileWatch((files) => told.push(files.map((file) => path.relative(folder, file)).sort()));
});
afterEach(() => {
  watch.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => path.join(folder, name);
const write = (name: string, text: string): void => writeFileSync(at(name), text);
const follow = (names: readonly string[], isWide = false): void => watch.follow(names.map(at), isWide);
/** Waits until a file was told of; what it has to come behind was not told of if it is not there. */
const tells = (name: string): Promise<void> => until(() => told.flat().includes(name), `a word of ${name}`);
const all = (): string[] => [...new Set(told.flat())].sort();

describe('files that are watched', () => {
  test('are told of when their content changes, and only those', async () => {
    for (const name of ['a.js', 'b.js', 'other.js']) write(name, 'old');
    follow(['a.js', 'b.js']);
    assert.equal(watch.size, 2);
    write('other.js', 'new');
    write('a.js', 'new');
    await tells('a.js');
    write('b.js', 'new');
    await tells('b.js');
    assert.deepEqual(all(), ['a.js', 'b.js']);
  });

  test('are not told of when they are written as they were, or only touched', async () => {
    for (const name of ['same.js', 'touched.js', 'last.js']) write(name, 'old');
    follow(['same.js', 'touched.js', 'last.js']);
    write('same.js', 'old');
    utimesSync(at('touched.js'), new Date(), new Date());
    write('last.js', 'new');
    await tells('last.js');
    assert.deepEqual(all(), ['last.js']);
  });

  test('are told of when another file takes their place, as editors save', async () => {
    write('a.js', 'old');
    follow(['a.js']);
    for (const text of ['first', 'second']) {
      told = [];
      write('a.js.new', text);
      renameSync(at('a.js.new'), at('a.js'));
      await tells('a.js');
    }
  });

  test('are told of when they go and when they come', async () => {
    write('a.js', 'old');
    follow(['a.js', 'coming.js']);
    write('coming.js', 'new');
    await tells('coming.js');
    rmSync(at('a.js'));
    await tells('a.js');
    told = [];
    write('a.js', 'old');
    await tells('a.js');
  });

  test('lie in any number of folders', async () => {
    mkdirSync(at('deep/er'), { recursive: true });
    write('deep/er/a.js', 'old');
    write('b.js', 'old');
    follow(['deep/er/a.js', 'b.js']);
    write('deep/er/a.js', 'new');
    await tells('deep/er/a.js');
    write('b.js', 'new');
    await tells('b.js');
  });

  test('are told of once where they are saved in one go', async () => {
    const names = Array.from({ length: 5 }, (_, i) => `${i}.js`);
    for (const name of names) write(name, 'old');
    follow(names);
    for (const name of names) write(name, 'new');
    await tells('4.js');
    await until(() => all().length === 5, 'a word of all');
    assert.equal(told.flat().length, 5);
  });
});

describe('what is watched next', () => {
  test('leaves out what was watched before', async () => {
    for (const name of ['old.js', 'new.js']) write(name, 'a');
    follow(['old.js']);
    follow(['new.js']);
    write('old.js', 'b');
    write('new.js', 'b');
    await tells('new.js');
    assert.deepEqual(all(), ['new.js']);
  });

  test('counts from what was there when it was first watched: nothing that is saved meanwhile is lost', async () => {
    write('a.js', 'old');
    follow(['a.js', 'missing.js']);
    write('a.js', 'new');
    write('missing.js', 'new');
    follow(['a.js', 'missing.js']);
    await tells('a.js');
    await tells('missing.js');
  });

  test('is nothing any more where it is closed', async () => {
    write('a.js', 'old');
    follow(['a.js']);
    write('a.js', 'new');
    watch.close();
    const other = new FileWatch((files) => told.push(files.map(() => 'other')));
    other.follow([at('a.js')], false);
    write('a.js', 'newer');
    await tells('other').finally(() => other.close());
    assert.deepEqual(all(), ['other']);
  });
});

describe('where something is missing, and nobody knows where it will be', () => {
  test('any new file beside those that are watched counts', async () => {
    write('a.js', 'old');
    follow(['a.js'], true);
    write('helper.ts', 'new');
    await tells('helper.ts');
  });

  test('but none that editors, systems and packages leave', async () => {
    write('a.js', 'old');
    follow(['a.js'], true);
    for (const name of ['.a.js.swp', 'a.js~', 'b.swp', 'c.tmp', '.DS_Store']) write(name, 'new');
    mkdirSync(at('node_modules'));
    write('last.js', 'new');
    await tells('last.js');
    assert.deepEqual(all(), ['last.js']);
  });

  test('a folder that is not there is no failure', () => {
    follow(['no/such/folder/a.js'], true);
    assert.equal(watch.size, 1);
  });
});
