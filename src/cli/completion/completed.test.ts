import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Command, Help, Option } from 'commander';
import { makeProgram } from '../program.ts';
import { writeBash } from './bash.ts';
import { type Completed, listCompleted } from './completed.ts';
import { writeFish } from './fish.ts';
import { quote } from './quote.ts';
import { writeZsh } from './zsh.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-completed-'));
after(() => rmSync(folder, { recursive: true }));
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe('what a shell can complete', () => {
  let program: Command;
  let all: readonly Completed[];
  const at = (name: string): Completed => all.find((one) => one.at === name) ?? assert.fail(`nothing for "${name}"`);
  before(async () => {
    program = await makeProgram();
    all = listCompleted(program);
  });

  test('is each command that help shows, those below it, and second names, once', () => {
    const names = all.map((one) => one.at);
    assert.equal(new Set(names).size, names.length);
    for (const command of new Help().visibleCommands(program))
      for (const name of [command.name(), ...command.aliases()]) {
        assert.ok(names.includes(name), name);
        for (const below of command.commands)
          assert.ok(names.includes(`${name} ${below.name()}`), `${name} ${below.name()}`);
      }
    assert.deepEqual({ ...at('init'), at: 'new' }, at('new'));
  });

  test('is every flag that help shows, with its values, and none that it hides', () => {
    for (const command of new Help().visibleCommands(program)) {
      if (command.name() === 'help') continue;
      const shown = new Help().visibleOptions(command).flatMap(({ short, long }) => [short, long].filter(Boolean));
      assert.deepEqual(
        at(command.name()).flags.flatMap(({ names }) => names),
        shown,
        command.name(),
      );
    }
    const run = at('run').flags;
    assert.ok(run.every(({ names }) => !names.includes('--switched-off')));
    const find = (name: string) => run.find(({ names }) => names.includes(name))!;
    assert.deepEqual(find('--summary-mode').values, ['compact', 'full', 'disabled']);
    assert.equal(find('--vus').takesValue, true);
    // A value that may be left out is no word of its own: what follows is the script.
    assert.equal(find('--http-debug').takesValue, false);
    assert.equal(find('--quiet').takesValue, false);
  });

  test('is every command behind help, and nothing about help behind that', () => {
    const names = new Help().visibleCommands(program).flatMap((one) => [one.name(), ...one.aliases()]);
    assert.deepEqual([...at('help').words].sort(), names.sort());
    assert.deepEqual(at('help').flags, []);
    assert.deepEqual(
      all.filter((one) => / help$/.test(one.at)),
      [],
    );
  });

  test('is in the order of the alphabet for commands', () => {
    for (const { at: place, commands } of all) {
      const names = commands.map(({ name }) => name);
      assert.deepEqual(names, names.toSorted(), place);
    }
  });
});

describe('texts that mean something to a shell', () => {
  const TEXTS = [
    "it's",
    '$(exit 1) `exit 1` $HOME',
    'a "quoted" [word]: and\\more',
    '* ? ~ ! # ; & | < > ( ) { }',
    "'''",
    '',
  ];

  test('are one word, as they are, in single quotes', () => {
    for (const text of [...TEXTS, 'two\nlines', 'ž 🐎'])
      assert.equal(execFileSync('sh', ['-c', `printf %s ${quote(text)}`], { encoding: 'utf8' }), text);
  });

  test('may describe any command and flag: the scripts stay scripts, and carry out none of it', () => {
    const program = new Command('sixfold').description('');
    const below = program.command('one').description(TEXTS.join(' '));
    for (const [i, text] of TEXTS.entries()) below.addOption(new Option(`--flag${i} <value>`, text));
    program.command('two').description(TEXTS[1]!);
    const all = listCompleted(program);
    for (const [shell, script] of [
      ['bash', writeBash(all)],
      ['zsh', writeZsh(all)],
      ['fish', writeFish(all)],
    ] as const) {
      if (!has(shell)) continue;
      const file = path.join(folder, `completion.${shell}`);
      writeFileSync(file, script);
      const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
      assert.deepEqual([status, stderr], [0, ''], shell);
    }
    if (has('bash')) {
      const { status } = spawnSync('bash', ['-c', `${writeBash(all)}\nexit 7`], { encoding: 'utf8' });
      assert.equal(status, 7);
    }
  });
});
