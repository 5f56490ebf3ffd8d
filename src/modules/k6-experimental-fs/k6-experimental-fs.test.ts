import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-fs-'));
writeFileSync(path.join(folder, 'letters.txt'), 'abcdef');
writeFileSync(path.join(folder, 'people.csv'), 'name,age\nAnn,30\nBob,40\n');
after(() => rmSync(folder, { recursive: true }));

const bench = (source: string) => createScriptBench(source, {}, `${folder}/`);

test('what cannot be opened is told apart by name', async () => {
  const script = await bench(`
    import { open } from 'k6/experimental/fs';
    const names = [];
    for (const path of ['missing.txt', '.', '']) await open(path).catch((e) => names.push(e.name));
    export default async () => { await open('letters.txt').catch((e) => names.push(e.name)); return names; };`);
  assert.deepEqual(await script.run(), ['NotFoundError', 'InvalidResourceError', 'TypeError', 'ForbiddenError']);
});

test('each opened file has a place of its own; a place outside of the file is refused', async () => {
  const script = await bench(`
    import { open, SeekMode } from 'k6/experimental/fs';
    const one = await open('letters.txt');
    const two = await open('letters.txt');
    const name = (promise) => promise.then(String, (e) => e.name);
    export default async () => {
      const b = new Uint8Array(2);
      await one.read(b);
      const whole = new Uint8Array(20);
      return [await two.read(whole), await one.seek(0, SeekMode.Current), await one.seek(-1, SeekMode.End), await name(one.seek(-1, SeekMode.Start)), await name(one.seek(1, SeekMode.End)),
        await name(one.seek(0, 7)), await name(one.seek('a', 0)), await name(one.read([])), await name(one.read(new Uint8Array(0))), (await one.stat()).size];
    };`);
  assert.deepEqual(await script.run(), [
    6,
    2,
    5,
    'TypeError',
    'EOFError',
    'TypeError',
    'TypeError',
    'TypeError',
    'TypeError',
    6,
  ]);
});

test('csv reads files: whole, shared and read-only, or record by record', async () => {
  const script = await bench(`
    import { open } from 'k6/experimental/fs';
    import csv from 'k6/experimental/csv';
    const people = await csv.parse(await open('people.csv'), { asObjects: true });
    const parser = new csv.Parser(await open('people.csv'), { skipFirstLine: true });
    const wrong = await csv.parse('people.csv').catch((e) => e.message);
    export default async () => [people.length, people[1].name, Array.isArray(people), Object.isFrozen(people[0]), (await parser.next()).value, (await parser.next()).done, await parser.next(), wrong];`);
  assert.deepEqual(await script.run(), [
    2,
    'Bob',
    true,
    true,
    ['Ann', '30'],
    false,
    { done: true, value: [] },
    'csv reads a File of k6/experimental/fs: await open(path) gives one',
  ]);
});
