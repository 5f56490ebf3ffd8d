import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, Option } from 'commander';
import { hearOfSwitchedOff, normaliseFlags, switchedOff } from './flag-values.ts';

/** A command with each kind of flag: switches with and without a letter, one that is negated, one with a value, one whose value is optional. */
function makeCommand(): Command {
  return hearOfSwitchedOff(
    new Command('run')
      .argument('[words...]')
      .option('-q, --quiet', '')
      .option('-p, --paused', '')
      .option('--throw', '')
      .option('--no-throw', '')
      .option('-u, --vus <number>', '')
      .addOption(new Option('--http-debug [how]').preset('headers')),
  );
}
const normal = (line: string): string => normaliseFlags(line.split(' '), makeCommand().options).join(' ');

describe('a command line as Go reads it', () => {
  test('may give switches a truth value in each form that Go takes', () => {
    for (const on of ['1', 't', 'T', 'true', 'TRUE', 'True'])
      assert.equal(normal(`--quiet=${on} a.js`), '--quiet a.js', on);
    for (const off of ['0', 'f', 'F', 'false', 'FALSE', 'False'])
      assert.equal(normal(`--quiet=${off} a.js`), '--switched-off=quiet a.js', off);
  });

  test('switches off what has an opposite by that', () => {
    assert.equal(normal('--throw=false'), '--no-throw');
    assert.equal(normal('--throw=true'), '--throw');
  });

  test('tells a command which flags were given as false', () => {
    const command = makeCommand();
    command.parse(normaliseFlags(['--quiet=false', '--paused=0', 'a.js'], command.options), { from: 'user' });
    assert.deepEqual(switchedOff(command), ['quiet', 'paused']);
    assert.deepEqual(command.args, ['a.js']);
    assert.equal(command.opts()['quiet'], undefined);
    assert.deepEqual(switchedOff(makeCommand().parse([], { from: 'user' })), []);
  });

  test('may have a letter’s value behind an equals sign, and switches before it', () => {
    assert.equal(normal('-u=2'), '-u 2');
    assert.equal(normal('-qu=2'), '--quiet -u 2');
    assert.equal(normal('-pqu=2=3'), '--paused --quiet -u 2=3');
    assert.equal(normal('-q=false'), '--switched-off=quiet');
    assert.equal(normal('-pq=true'), '--paused --quiet');
  });

  test('leaves an optional value out only where it stands for its default', () => {
    assert.equal(normal('--http-debug a.js'), '--http-debug=headers a.js');
    assert.equal(normal('--http-debug=full a.js'), '--http-debug=full a.js');
    assert.equal(normal('--http-debug= a.js'), '--http-debug= a.js');
  });

  test('is left alone where it says nothing of that kind', () => {
    for (const line of [
      'a.js',
      '--vus 2',
      '--vus=2',
      '--vus=true',
      '--quiet',
      '--quiet=maybe',
      '--quiet=',
      '--unknown=true',
      '--unknown',
      '-qu 2',
      '-xu=1',
      '-',
      '--no-throw',
      'name=--quiet=true',
    ])
      assert.equal(normal(line), line, line);
  });

  test('ends its flags at two dashes', () => {
    assert.equal(normal('--quiet=true -- --quiet=true -u=2 --http-debug'), '--quiet -- --quiet=true -u=2 --http-debug');
  });

  test('keeps lines and equals signs of values', () => {
    assert.deepEqual(normaliseFlags(['-u=1\n2=3', '--vus=\n'], makeCommand().options), ['-u', '1\n2=3', '--vus=\n']);
  });
});
