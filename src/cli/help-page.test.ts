import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { Command } from 'commander';
import { FLAG_GROUPS } from './flags/flag.ts';
import { normaliseFlags } from './flags/flag-values.ts';
import { flagsByGroup, notesOf } from './help-page.ts';
import { makeProgram } from './program.ts';

const program = await makeProgram();
const all = [program, ...program.commands];

/** The help of a command on a terminal of so many columns; null: in a pipe. */
function helpOf(command: Command, columns: number | null): string {
  let text = '';
  const { getOutHelpWidth } = command.configureOutput();
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    ...(columns !== null && { getOutHelpWidth: () => columns }),
  });
  command.outputHelp();
  command.configureOutput({ writeOut: (part) => process.stdout.write(part), getOutHelpWidth: getOutHelpWidth! });
  return stripVTControlCharacters(text);
}

test('help is as wide as the terminal, 80 columns in a pipe, and no wider than can be read', () => {
  for (const command of all) {
    for (const [columns, limit] of [
      [48, 48],
      [60, 60],
      [100, 100],
      [400, 110],
      [null, 80],
    ] as const) {
      const [body = ''] = helpOf(command, columns).split('\nExamples:');
      const long = body.split('\n').filter((line) => line.length > limit && /\S\s+\S/.test(line.trim()));
      assert.deepEqual(long, [], `${command.name()} at ${columns}`);
    }
  }
});

test('many flags are grouped by what they are for, and none is lost', () => {
  for (const command of all) {
    const groups = flagsByGroup(command);
    const shown = [...groups.values()].flat();
    const visible = command.createHelp().visibleOptions(command);
    assert.deepEqual(new Set(shown), new Set(visible), command.name());
    if (groups.size > 1)
      assert.ok(
        [...groups.keys()].every((heading) => Object.values<string>(FLAG_GROUPS).includes(heading)),
        command.name(),
      );
  }
  const run = program.commands.find((one) => one.name() === 'run')!;
  // How people sign in is a matter of the server's.
  const { signIn, ...others } = FLAG_GROUPS;
  assert.deepEqual([...flagsByGroup(run).keys()], Object.values(others));
  const server = program.commands.find((one) => one.name() === 'server')!;
  assert.ok(flagsByGroup(server).has(signIn));
});

test('every command belongs to a group, has examples, and can read them', async () => {
  for (const command of program.commands) {
    assert.notEqual(command.helpGroup(), '', command.name());
    const { examples } = notesOf(command);
    assert.ok(examples.length > 0, `${command.name()} has no example`);
    for (const [line] of examples) {
      const [, words = ''] = /sixfold ([^|>&)]*)/.exec(line) ?? [];
      const given = [...words.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
      const [name, ...rest] = given;
      // A program of its own for each: flags that were read stay read.
      const { commands } = await makeProgram();
      const called = commands.find((one) => one.name() === name);
      assert.ok(called, `${line}: there is no command ${name}`);
      doNothing(called);
      assert.ok(called.parse(normaliseFlags(rest, called.options), { from: 'user' }), line);
    }
  }
});

/** The command reads its words, or one below it does, and that is all. */
function doNothing(command: Command): void {
  // One that has flags of its own does something by itself too.
  if (command.commands.length === 0 || command.options.length > 0) command.action(() => {});
  for (const one of command.commands) doNothing(one);
}
