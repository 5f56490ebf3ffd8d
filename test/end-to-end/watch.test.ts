// `run --watch` in a real terminal: what is saved runs at once.
import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { Command, findOlderNode, Scratch } from './command.ts';
import { hasTmux, TmuxTerminal } from './tmux.ts';

const scratches: Scratch[] = [];
after(() => {
  for (const scratch of scratches) scratch.remove();
});

const older = findOlderNode();
const skip = hasTmux || process.env['CI'] ? false : 'no tmux on this machine';

async function watching(
  write: (scratch: Scratch) => string,
  look: (terminal: TmuxTerminal, scratch: Scratch) => Promise<void>,
): Promise<void> {
  const scratch = new Scratch();
  scratches.push(scratch);
  const script = write(scratch);
  const terminal = new TmuxTerminal(
    ['run', '--watch', '--quiet', '--summary-mode', 'disabled', script],
    { columns: 120, rows: 40 },
    { cwd: scratch.folder, ...(older && { node: older }) },
  );
  try {
    await look(terminal, scratch);
  } finally {
    terminal.close();
  }
}

/** As editors do it: a new file in the place of the old one, so that nobody sees a half of it. */
function save(scratch: Scratch, name: string, content: string): void {
  renameSync(scratch.write(`${name}.new`, content), path.join(scratch.folder, name));
}

const has = (pattern: RegExp) => (lines: readonly string[]) => lines.some((line) => pattern.test(line));
const count = (lines: readonly string[], pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
/** That many runs have ended, and the last one waits for changes. */
const waits = (times: number) => (lines: readonly string[]) =>
  count(lines, /^watching .* for changes · r runs it again · q ends$/) === times;
const ended = has(/ended \d+$/);

describe('--watch', { concurrency: 2, skip }, () => {
  test('runs again when the script, an import or an opened file has changed; r runs it again, q ends it', () =>
    watching(
      (scratch) => {
        scratch.write('lib/word.ts', "export const word: string = 'first';");
        scratch.write('data.txt', 'old data');
        return scratch.write(
          'script.js',
          "import { word } from './lib/word.ts'; const data = open('data.txt'); export default () => console.log(word + ' with ' + data);",
        );
      },
      async (terminal, scratch) => {
        await terminal.shows(waits(1));
        assert.ok(has(/first with old data/)(terminal.read()));
        assert.ok(has(/^watching 3 files/)(terminal.read()));
        save(scratch, 'lib/word.ts', "export const word: string = 'second';");
        await terminal.shows(has(/second with old data/));
        await terminal.shows(waits(2));
        save(scratch, 'data.txt', 'new data');
        await terminal.shows(has(/second with new data/));
        await terminal.shows(waits(3));
        assert.ok(has(/^── again: data\.txt changed ──$/)(terminal.read()));
        terminal.type('r');
        await terminal.shows(waits(4));
        terminal.type('q');
        const end = await terminal.shows(ended);
        assert.equal(end.at(-1), 'ended 0');
        assert.equal(count(end, /second with new data/), 2);
      },
    ));

  test('shows what is wrong with a script and waits, also for a file that is missing', () =>
    watching(
      (scratch) =>
        scratch.write('script.js', "import { x } from './lib.js';\nexport default () => console.log('x is ' + x);"),
      async (terminal, scratch) => {
        await terminal.shows(waits(1));
        assert.ok(has(/lib\.js/)(terminal.read()));
        save(scratch, 'lib.js', 'export const x = ;');
        await terminal.shows(waits(2));
        assert.ok(has(/lib\.js:1/)(terminal.read()));
        save(scratch, 'lib.js', "throw new Error('not now');");
        await terminal.shows(waits(3));
        assert.ok(has(/not now/)(terminal.read()));
        save(scratch, 'lib.js', "export const x = open('./some.txt');");
        await terminal.shows(waits(4));
        save(scratch, 'some.txt', 'here');
        await terminal.shows(has(/x is here/));
        await terminal.shows(waits(5));
        rmSync(path.join(scratch.folder, 'lib.js'));
        await terminal.shows(waits(6));
        terminal.type('C-c');
        assert.match((await terminal.shows(ended)).at(-1)!, /ended (?!0)\d+$/);
      },
    ));

  test('cuts a run short that is in progress: teardown comes first', () =>
    watching(
      (scratch) =>
        scratch.write(
          'script.js',
          `import { sleep } from 'k6';
           export const options = { duration: '10m' };
           export default function () { console.log('one goes on'); sleep(0.2); }
           export function teardown() { console.log('torn down'); }`,
        ),
      async (terminal, scratch) => {
        await terminal.shows(has(/one goes on/));
        save(
          scratch,
          'script.js',
          "import { sleep } from 'k6'; export const options = { duration: '10m' }; export default function () { console.log('two goes on'); sleep(0.2); }",
        );
        const lines = await terminal.shows(has(/two goes on/));
        assert.ok(has(/torn down/)(lines));
        assert.ok(has(/test run was cut short to run again: script\.js changed/)(lines));
        terminal.type('C-c');
        assert.match((await terminal.shows(ended)).at(-1)!, /ended 105$/);
      },
    ));

  test('without a terminal it has no keys, and ends by a signal', async () => {
    const scratch = new Scratch();
    scratches.push(scratch);
    const script = scratch.write('script.js', "export default () => console.log('one');");
    const command = new Command(['run', '--watch', '-q', script], { cwd: scratch.folder });
    await command.printed(/watching one file for changes · Ctrl-C ends/);
    scratch.write('script.js', "export default () => console.log('two');");
    await command.printed(/msg=two[\s\S]*watching one file/);
    command.child.kill('SIGINT');
    assert.equal((await command.ended).exit, 0);
  });

  test('refuses what nobody can watch', async () => {
    const scratch = new Scratch();
    scratches.push(scratch);
    for (const words of [['-'], ['--linger', 'x.js']]) {
      const { exit, stderr } = await new Command(['run', '--watch', ...words], { cwd: scratch.folder }).ended;
      assert.equal(exit, 255);
      assert.match(stderr, /--watch/);
    }
  });
});
