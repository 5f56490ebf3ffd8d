// Completion in the shells themselves: what each offers behind a line.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
const CLUSTER_COMMANDS = ['agents', 'attach', 'creds', 'rm', 'status', 'stop'];
after(() => scratch.remove());

/** A line and what is offered for its last word; a script named like nothing else lies in the folder. */
const LINES: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['sixfold insp', ['inspect']],
  ['sixfold help ru', ['run', 'runs']],
  ['sixfold run --vu', ['--vus']],
  // Flags may stand before the command.
  ['sixfold -q run --vu', ['--vus']],
  // A script in the place of a command is run.
  ['sixfold zebra.js --vu', ['--vus']],
  ['sixfold run zeb', ['zebra.js']],
  ['sixfold zeb', ['zebra.js']],
  // Commands below a command, and words that stand where one does.
  ['sixfold runs li', ['list']],
  ['sixfold runs list --li', ['--limit']],
  ['sixfold cluster ', CLUSTER_COMMANDS],
  // The second word is no command here, whose flags would be others.
  ['sixfold cluster status --nats-', ['--nats-ca', '--nats-cert', '--nats-creds', '--nats-key']],
  ['sixfold completion ', ['bash', 'fish', 'powershell', 'zsh']],
  // Values of flags, and what is no command since it is one.
  ['sixfold run --summary-mode ', ['compact', 'disabled', 'full']],
  ['sixfold run --summary-mode f', ['full']],
  ['sixfold run --on-agent-loss st', ['stop']],
  ['sixfold run --log-output status --log-f', ['--log-format']],
  ['sixfold run --config zeb', ['zebra.js']],
];

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

/** @returns the path of the script for a shell */
async function writeScript(shell: string): Promise<string> {
  const { exit, stdout } = await runCommand(['completion', shell], { cwd: scratch.folder });
  assert.equal(exit, 0);
  return scratch.write(`scripts/completion.${shell}`, stdout);
}

before(() => scratch.write('zebra.js', ''));

test('bash completes commands, those below them, flags and their values', { skip: !has('bash') }, async () => {
  const script = await writeScript('bash');
  const ask = (words: readonly string[]): string[] =>
    execFileSync(
      'bash',
      [
        '-c',
        `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _sixfold; printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        script,
        ...words,
      ],
      { cwd: scratch.folder, encoding: 'utf8' },
    )
      .split('\n')
      .filter((word) => word !== '');
  for (const [line, offered] of LINES) assert.deepEqual(ask(line.split(' ')).sort(), offered, line);
  // Bash makes three words of it.
  assert.deepEqual(ask(['sixfold', 'run', '--summary-mode', '=', 'f']), ['full']);
  assert.deepEqual(ask(['sixfold', 'run', '--log-format', '=', 'raw', '--summary-m']), ['--summary-mode']);
  scratch.write('a file.js', '');
  assert.deepEqual(ask(['sixfold', 'run', 'a f']), ['a file.js'], 'a name with a space is one word');
});

test('fish completes the same', { skip: !has('fish') }, async () => {
  const script = await writeScript('fish');
  for (const [line, offered] of LINES) {
    const text = execFileSync('fish', ['--no-config', '-c', `source ${script}; complete -C '${line}'`], {
      cwd: scratch.folder,
      encoding: 'utf8',
      env: { ...process.env, HOME: scratch.folder },
    });
    const words = text
      .split('\n')
      .filter((row) => row !== '')
      .map((row) => row.split('\t', 1)[0]);
    assert.deepEqual(words.sort(), offered, line);
  }
});

test('zsh completes the same', { skip: !has('zsh') }, async () => {
  const script = await writeScript('zsh');
  // Where one word is offered, it then stands in the line, which the key prints. The driver's reads wait for that.
  const single = LINES.filter(([, offered]) => offered.length === 1);
  const types = single.map(
    ([line, [offered]], number) => `
print -r -- ${number}
zpty -w -n shell ${JSON.stringify(line)}$'\\t'
zpty -r -m shell shown ${JSON.stringify(`*<${line.slice(0, line.lastIndexOf(' ') + 1)}${offered}*`)}
zpty -w -n shell $'\\x15'`,
  );
  const setup = scratch.write(
    'scripts/setup.zsh',
    `PS1='> '; autoload -U compinit; compinit -D -u; source ${script}; cd ${scratch.folder}
ask() { zle complete-word; print -r -- "<$BUFFER" }; zle -N ask; bindkey '^I' ask; print -r -- ready`,
  );
  const driver = scratch.write(
    'scripts/driver.zsh',
    `zmodload zsh/zpty
zpty shell "zsh -f -i"
zpty -w shell "source ${setup}"
zpty -r -m shell shown '*ready*'
${types.join('\n')}
print -r -- all`,
  );
  const { stdout } = spawnSync('zsh', ['-f', driver], { encoding: 'utf8', timeout: 40_000, cwd: path.dirname(driver) });
  const last = single[Number(stdout.trim().split('\n').at(-1))]?.[0];
  assert.match(stdout, /\ball\n$/, `it completes nothing, or something else, behind: ${last}`);
});

test('the script for PowerShell has every command, and flags with a value apart', async () => {
  const { stdout } = await runCommand(['completion', 'powershell'], { cwd: scratch.folder });
  const place = (name: string): string => stdout.split('\n').find((line) => line.includes(`'${name}' = @{`)) ?? '';
  assert.match(place(''), /Words = @\(.*'cluster'.*'runs'/);
  assert.match(place('runs'), /Words = @\('compare', 'export'.*'list'/);
  assert.match(place('runs list'), /Flags = @\('-n', '--limit', '--json'/);
  for (const name of CLUSTER_COMMANDS) assert.match(place('cluster'), new RegExp(`Words = @\\([^)]*'${name}'`));
  assert.match(place('run'), /'--summary-mode' = @\('compact', 'full', 'disabled'\)/);
  assert.doesNotMatch(place('run'), /'--quiet' = /);
});

test('a shell that there is no script for is refused, and the others are named', async () => {
  const { exit, stderr } = await runCommand(['completion', 'tcsh'], { cwd: scratch.folder });
  assert.equal(exit, 255);
  assert.match(stderr, /there are bash, zsh, fish, powershell/);
});
