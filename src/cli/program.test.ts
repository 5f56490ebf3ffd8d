import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runHere } from './command-line.fixture.ts';

const print = async (...words: string[]): Promise<string> => (await runHere(...words)).stdout;

test('without words, and with --help, all commands are listed', async () => {
  for (const words of [[], ['--help'], ['help']]) {
    const printed = await print(...words);
    for (const command of ['run', 'demo', 'explain', 'inspect', 'new', 'version'])
      assert.match(printed, new RegExp(`^  ${command}\\b`, 'm'), words.join(' '));
  }
});

test('help finds commands below a command, and a command that is only there for those shows them', async () => {
  assert.match(await print('help', 'run'), /^Usage: sixfold run /m);
  assert.match(await print('help', 'runs', 'list'), /^Usage: sixfold runs list /m);
  assert.match(await print('help', 'init'), /^Usage: sixfold new/m);
  for (const words of [['runs'], ['help', 'runs'], ['runs', '--help']]) {
    const printed = await print(...words);
    assert.match(printed, /^Usage: sixfold runs /m, words.join(' '));
    assert.match(printed, /^ {2}compare /m, words.join(' '));
  }
  const refused = (words: string[], message: RegExp) => assert.rejects(print(...words), { exitCode: 255, message });
  await refused(['help', 'rum'], /there is no command "rum" \(did you mean "run"\?\)\nSee "sixfold --help"/);
  await refused(['help', 'runs', 'lst'], /no command "lst" \(did you mean "list"\?\)\nSee "sixfold runs --help"/);
});

test('--version and the command version say the same', async () => {
  assert.equal(await print('--version'), await print('version'));
});

test('a command line that cannot be read ends with 255 and where to look', async () => {
  const refused = (words: string[], message: RegExp) => assert.rejects(print(...words), { exitCode: 255, message });
  await refused(
    ['runn'],
    /unknown command 'runn'\n\(Did you mean one of run, runs\?\)\nThere is no script of that name either\.\nSee "sixfold --help"/,
  );
  await refused(['run'], /missing required argument 'script'\nSee "sixfold run --help"/);
  await refused(['run', 'x.js', '--nothing'], /unknown option '--nothing'[\s\S]*See "sixfold run --help"/);
  await refused(['--nothing'], /unknown option '--nothing'/);
  await refused(['toString'], /unknown command 'toString'/);
});
