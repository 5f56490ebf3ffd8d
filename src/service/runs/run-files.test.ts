// Which files of a script are kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesWithin, MOST_FILE_OCTETS, MOST_FILES, type RunFile } from './run-files.ts';

const file = (name: string, size = 1): RunFile => ({ name, data: new Uint8Array(size) });

function keep(...files: RunFile[]): { names: string[]; said: string[] } {
  const said: string[] = [];
  return { names: filesWithin(files, (message) => said.push(message)).map(({ name }) => name), said };
}

test('a path is kept as the script wrote it, without the ./ before it and with slashes', () => {
  const { names, said } = keep(file('summary.html'), file('./a/b c.txt'), file('x\\y.json'), file('отчёт.html'));
  assert.deepEqual(names, ['summary.html', 'a/b c.txt', 'x/y.json', 'отчёт.html']);
  assert.deepEqual(said, []);
});

test('a name that leads elsewhere is none', () => {
  for (const name of ['/etc/passwd', '../a', 'a/../../b', 'a//b', 'a/.', '..', '', 'C:\\a', '..\\a', 'c:/a'])
    assert.deepEqual(keep(file(name)).names, [], name);
  const { said } = keep(file('/tmp/a.html'));
  assert.deepEqual(said, [
    'handleSummary: "/tmp/a.html" is not kept: its name must be a path without a beginning, such as results/a.html',
  ]);
});

test('nor are names that cannot be shown, or are longer than anybody writes them', () => {
  assert.deepEqual(keep(file('a\nb'), file('a\0'), file('x'.repeat(201))).names, []);
  assert.deepEqual(keep(file('x'.repeat(200))).names, ['x'.repeat(200)]);
});

test('of too many the first are kept; the same name again takes the place of the one before', () => {
  const many = Array.from({ length: MOST_FILES + 2 }, (_, i) => file(`${i}`));
  const { names, said } = keep(...many, file('./3', 2));
  assert.equal(names.length, MOST_FILES);
  assert.equal(said.length, 2);
  assert.match(said[0]!, /"20" is not kept: of each run 20 files are kept/);
  const [kept] = filesWithin([file('a'), file('./a', 2)], () => {});
  assert.equal(kept!.data.length, 2);
});

test('what has no room any more is left out, and what is smaller still comes', () => {
  const { names, said } = keep(file('a', MOST_FILE_OCTETS - 10), file('b', 11), file('c', 10));
  assert.deepEqual(names, ['a', 'c']);
  assert.match(said[0]!, /"b" is not kept: it has 11 octets, and the files of a run may have 10485760 in all/);
});
