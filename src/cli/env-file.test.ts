import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { runCommand, Scratch } from '../../test/end-to-end/command.ts';

const scratch = new Scratch();
after(() => scratch.remove());

const script = scratch.write(
  'script.js',
  `export default function () {
     const { FIRST, SECOND, THIRD, SPACES, LINES } = __ENV;
     console.log(JSON.stringify([FIRST, SECOND, THIRD, SPACES, LINES]));
   }`,
);
const run = (words: string[], env: Record<string, string> = {}) =>
  runCommand(['run', '-q', '--log-format', 'raw', '--summary-mode', 'disabled', ...words, script], {
    cwd: scratch.folder,
    env,
  });

describe('--env-file', { concurrency: 2 }, () => {
  test('gives the script variables: under those of -e, over those of earlier files and of the system', async () => {
    scratch.write(
      'one.env',
      `# of the shop\nFIRST=one\nSECOND=one # behind\nexport THIRD='one'\n\nSPACES=" a b "\nLINES="x\ny"\n`,
    );
    scratch.write('two.env', 'SECOND=two\r\nTHIRD=two\r\n');
    const { exit, stderr } = await run(['--env-file', 'one.env', '--env-file=two.env', '-e', 'THIRD=flag'], {
      FIRST: 'system',
    });
    assert.equal(exit, 0, stderr);
    assert.deepEqual(JSON.parse(stderr), ['one', 'two', 'flag', ' a b ', 'x\ny']);
  });

  test('counts where the script sees nothing of the system, and sets options as the environment does', async () => {
    scratch.write('options.env', 'FIRST=seen\nK6_ITERATIONS=3\n');
    const { exit, stderr } = await run(['--include-system-env-vars=false'], {
      SECOND: 'unseen',
      SIXFOLD_ENV_FILE: 'options.env',
    });
    assert.equal(exit, 0, stderr);
    assert.deepEqual(
      stderr
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
      Array(3).fill(['seen', null, null, null, null]),
    );
  });

  const mistakes: [text: string, message: RegExp][] = [
    ['A=1\npassword123\n', /bad\.env:2: there is no "="/],
    ['A=1\n\n1B=2', /bad\.env:3: "1B" is no name of a variable/],
    ['A-B=1', /bad\.env:1: "A-B" is no name/],
    ['=1', /bad\.env:1: "" is no name/],
    ['# x\nA="open\nB=1\n', /bad\.env:2: the value of A has no closing "/],
    ['A="one\ntwo" three\n', /bad\.env:2: behind the closing " of A/],
  ];
  for (const [text, message] of mistakes) {
    test(`refuses ${JSON.stringify(text)} with file and line`, async () => {
      const own = new Scratch();
      own.write('bad.env', text);
      const { exit, stderr } = await runCommand(['run', '--env-file', 'bad.env', script], { cwd: own.folder });
      own.remove();
      assert.equal(exit, 255);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /password123/);
    });
  }

  test('names a file that is not there', async () => {
    const { exit, stderr } = await run([], { SIXFOLD_ENV_FILE: 'nowhere.env' });
    assert.equal(exit, 255);
    assert.match(stderr, /--env-file: there is no file nowhere\.env/);
    // Node looks for this flag of its own on the whole command line, before there is anything of ours.
    const byFlag = await run(['--env-file', 'nowhere.env']);
    assert.ok([9, 255].includes(byFlag.exit ?? 0), byFlag.stderr);
    assert.match(byFlag.stderr, /nowhere\.env: not found|there is no file nowhere\.env/);
  });
});
