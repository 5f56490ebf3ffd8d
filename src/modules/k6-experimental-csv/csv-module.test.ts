// csv.parse() and csv.Parser (https://grafana.com/docs/k6/latest/javascript-api/k6-experimental/csv/) on files of
// k6/experimental/fs (https://grafana.com/docs/k6/latest/javascript-api/k6-experimental/fs/).
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { createScriptBench, type ScriptBench } from '../../../test/script-bench.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-csv-'));
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'people.csv': 'name,age\nAnn,30\nBob,40\nCyd,50\n',
  'empty.csv': '',
  'names-only.csv': 'name,age\n',
  'broken.csv': 'a,b\n1,2\n"3,4\n',
  'odd.csv': 'constructor,__proto__,name\n1,2,3\n4\n',
  'twice.csv': 'a,a\n1,2\n',
  'bytes.bin': new Uint8Array([0, 255, 10, 13, 128]),
};
for (const [name, content] of Object.entries(FILES)) writeFileSync(path.join(folder, name), content);
after(() => rmSync(folder, { recursive: true }));

/** @param init stands at the script's top level, where `value` is set; the body of the default function gives the result */
const create = (init: string, body = 'return value;'): Promise<ScriptBench> =>
  createScriptBench(
    `import fs, { open, SeekMode } from 'k6/experimental/fs';
     import csv from 'k6/experimental/csv';
     const failed = (promise) => promise.then(() => 'nothing', (e) => e.name + ': ' + e.message);
     const all = async (parser) => { const rows = []; for (;;) { const { done, value } = await parser.next(); if (done) return rows; rows.push(value); } };
     let value;
     ${init}
     export default async function () { ${body} }`,
    {},
    `${folder}/`,
  );
const run = async (init: string, body?: string): Promise<unknown> => (await create(init, body)).run();

describe('csv.parse()', () => {
  test('gives an array that is the same for each call with the same file and options, and another for others', async () => {
    assert.deepEqual(
      await run(`
        const parse = async (options) => csv.parse(await open('people.csv'), options);
        const [a, b, c, d] = [await parse(), await parse({}), await parse({ skipFirstLine: true }), await parse({ delimiter: ';' })];
        value = [a === b, a === c, a.length, c.length, d[0]];`),
      [true, false, 4, 3, ['name,age']],
    );
  });

  test('reads the whole file, wherever its place is', async () => {
    assert.deepEqual(
      await run(`
        const file = await open('people.csv');
        await file.seek(15, SeekMode.Start);
        value = [(await csv.parse(file, { asObjects: true })).map((p) => p.name), await file.seek(0, SeekMode.Current)];`),
      [['Ann', 'Bob', 'Cyd'], 15],
    );
  });

  test('of an empty file, or of one with names alone, is empty', async () => {
    assert.deepEqual(
      await run(`
        value = [[...await csv.parse(await open('empty.csv'))], [...await csv.parse(await open('empty.csv'), { asObjects: true })], [...await csv.parse(await open('names-only.csv'), { asObjects: true })],
          [...await csv.parse(await open('names-only.csv'), { skipFirstLine: true })]];`),
      [[], [], [], []],
    );
  });

  test('has the names of every object for columns, and the last of two with one name', async () => {
    assert.deepEqual(
      await run(`
        value = [(await csv.parse(await open('odd.csv'), { asObjects: true })).map((row) => Object.entries(row)), (await csv.parse(await open('twice.csv'), { asObjects: true }))[0]];`),
      [
        [
          [
            ['constructor', '1'],
            ['__proto__', '2'],
            ['name', '3'],
          ],
          [['constructor', '4']],
        ],
        { a: '2' },
      ],
    );
  });

  test('counts lines from 0, with both ends included', async () => {
    assert.deepEqual(
      await run(`
        const names = async (options) => (await csv.parse(await open('people.csv'), options)).map(([name]) => name);
        value = [await names({ fromLine: 0 }), await names({ fromLine: 2 }), await names({ toLine: 0 }), await names({ fromLine: 1, toLine: 1 }), await names({ fromLine: 9 }), await names({ skipFirstLine: true, fromLine: 0, toLine: 1 }),
          await names({ skipFirstLine: true, fromLine: 2 })];`),
      [['name', 'Ann', 'Bob', 'Cyd'], ['Bob', 'Cyd'], ['name'], ['Ann'], [], ['Ann'], ['Bob', 'Cyd']],
    );
  });

  test('fails for what it cannot read, and takes nothing of it', async () => {
    assert.deepEqual(
      await run(`
        value = [await failed(csv.parse(await open('broken.csv'))), await failed(csv.parse(await open('broken.csv'))), await failed(csv.parse({})), await failed(csv.parse()), await failed(csv.parse(await open('people.csv'), 5))];`),
      [
        ...Array(2).fill('Error: line 3: a quoted field has no end'),
        ...Array(2).fill('TypeError: csv reads a File of k6/experimental/fs: await open(path) gives one'),
        'TypeError: csv options must be an object, not number',
      ],
    );
  });

  test('is there in the init context only', async () => {
    assert.match(
      (await run(`const file = await open('people.csv');`, 'return failed(csv.parse(file));')) as string,
      /^ForbiddenError: csv\.parse\(\) is only available in the init context/,
    );
  });
});

describe('a csv.Parser', () => {
  test('goes on where it was, in one iteration after the other, and stays at the end', async () => {
    const bench = await create(
      `const parser = new csv.Parser(await open('people.csv'), { asObjects: true });`,
      'return parser.next();',
    );
    const steps = [];
    for (let i = 0; i < 5; i++) steps.push(await bench.run());
    assert.deepEqual(steps, [
      { done: false, value: { name: 'Ann', age: '30' } },
      { done: false, value: { name: 'Bob', age: '40' } },
      { done: false, value: { name: 'Cyd', age: '50' } },
      { done: true, value: [] },
      { done: true, value: [] },
    ]);
  });

  test('shares neither its place nor what it gave with another one of the same file', async () => {
    assert.deepEqual(
      await run(`
        const file = await open('people.csv');
        const [a, b] = [new csv.Parser(file), new csv.Parser(file)];
        const first = (await a.next()).value;
        first[0] = 'changed';
        value = [(await a.next()).value, (await b.next()).value];`),
      [
        ['Ann', '30'],
        ['name', 'age'],
      ],
    );
  });

  test('gives the records before a broken one, and then fails', async () => {
    assert.deepEqual(
      await run(`
        const parser = new csv.Parser(await open('broken.csv'));
        value = [(await parser.next()).value, (await parser.next()).value, await failed(parser.next())];`),
      [['a', 'b'], ['1', '2'], 'Error: line 3: a quoted field has no end'],
    );
  });

  test('is made of a file, in the init context, and has methods of its own only', async () => {
    assert.deepEqual(
      await run(
        `const file = await open('people.csv');
         const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.name; } };
         value = [thrown(() => new csv.Parser('people.csv')), thrown(() => new csv.Parser()), thrown(() => csv.Parser(file)), thrown(() => new csv.Parser(file, { delimiter: '' })), await failed(csv.Parser.prototype.next.call({}))];`,
        'return [...value, thrown(() => new csv.Parser(file))];',
      ),
      ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError: this is not a Parser', 'ForbiddenError'],
    );
  });
});

describe('a File', () => {
  test('is read into a part of a buffer, and leaves the rest as it was', async () => {
    assert.deepEqual(
      await run(`
        const file = await open('bytes.bin');
        const buffer = new Uint8Array(8).fill(7);
        value = [await file.read(buffer.subarray(2, 5)), [...buffer], await file.read(buffer), [...buffer], await file.read(buffer)];`),
      [3, [7, 7, 0, 255, 10, 7, 7, 7], 2, [13, 128, 0, 255, 10, 7, 7, 7], null],
    );
  });

  test('that has come to its end can be read again from another place', async () => {
    assert.deepEqual(
      await run(`
        const file = await open('bytes.bin');
        const buffer = new Uint8Array(9);
        await file.read(buffer);
        value = [await file.read(buffer), await file.seek(-2, SeekMode.End), await file.read(buffer), await file.seek(-4, SeekMode.Current), await file.read(buffer), await file.seek(5, SeekMode.Start), await file.read(buffer)];`),
      [null, 3, 2, 1, 4, 5, null],
    );
  });

  test('whose place cannot be changed keeps it', async () => {
    assert.deepEqual(
      await run(`
        const file = await open('bytes.bin');
        await file.seek(2, SeekMode.Start);
        const names = [];
        for (const args of [[-3, SeekMode.Current], [9, SeekMode.Start], [1.5, SeekMode.Start], [NaN, SeekMode.Start], ['1', SeekMode.Start], [0], [0, 3], [0, '0']]) names.push((await failed(file.seek(...args))).split(':')[0]);
        value = [names, await file.seek(0, SeekMode.Current)];`),
      [['TypeError', 'EOFError', ...Array(6).fill('TypeError')], 2],
    );
  });

  test('that is empty has an end only', async () => {
    assert.deepEqual(
      await run(`
        const file = await open('empty.csv');
        value = [await file.read(new Uint8Array(1)), await file.seek(0, SeekMode.End), (await file.stat()).size];`),
      [null, 0, 0],
    );
  });

  test('tells its path, its name and its size, and cannot be made by a script', async () => {
    const [isPath, stat, refused, wrong] = (await run(`
      const file = await open('./people.csv');
      let refused; try { new file.constructor(); } catch (e) { refused = e.name; }
      value = [file.path, await file.stat(), refused, await failed(file.stat.call({}))];`)) as unknown[];
    assert.deepEqual(
      [isPath, stat, refused, wrong],
      [
        path.join(folder, 'people.csv'),
        { name: 'people.csv', size: FILES['people.csv']!.length },
        'TypeError',
        'TypeError: this is not a File',
      ],
    );
  });

  test('is one of the module under both of its exports', async () => {
    assert.deepEqual(
      await run(
        `value = [fs.open === open, fs.SeekMode === SeekMode, Object.keys(SeekMode), Object.values(SeekMode)];`,
      ),
      [true, true, ['Start', 'Current', 'End'], [0, 1, 2]],
    );
  });
});
