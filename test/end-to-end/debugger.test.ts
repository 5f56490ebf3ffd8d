// A debugger that is asked for reaches the program, whichever Node the launcher itself runs on.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, describe, test } from 'node:test';
import { launcherPath } from '../../scripts/program-under-test.ts';
import { commandEnvironment, findOlderNode, Scratch } from './command.ts';

const scratch = new Scratch();
after(() => scratch.remove());
scratch.write('script.js', 'export default function () {}');

const ANY_PORT = '--inspect=127.0.0.1:0';
const older = findOlderNode();

function run(node: string, flags: string[], env: Record<string, string> = {}) {
  return spawnSync(node, [...flags, launcherPath(), 'run', '-q', '--summary-mode', 'disabled', 'script.js'], {
    cwd: scratch.folder,
    env: commandEnvironment(scratch.folder, env),
    encoding: 'utf8',
  });
}

const listening = (stderr: string): number => stderr.match(/Debugger listening on ws:/g)?.length ?? 0;

describe('a debugger', { concurrency: 2 }, () => {
  test('on the Node that runs the program', () => {
    const { status, stderr } = run(process.execPath, [ANY_PORT]);
    assert.deepEqual([status, listening(stderr)], [0, 1], stderr);
  });

  const skip = older ? false : 'no older Node on this machine';
  test('on the older Node of a launcher is handed on', { skip }, () => {
    const { status, stderr } = run(older!, [ANY_PORT]);
    assert.deepEqual([status, listening(stderr)], [0, 2], stderr);
  });

  test('in NODE_OPTIONS, with one port for both', { skip }, () => {
    // The launcher's own port is free again when the program asks for it.
    const { status, stderr } = run(older!, [], { NODE_OPTIONS: ANY_PORT });
    assert.deepEqual([status, listening(stderr), /already in use/.test(stderr)], [0, 2, false], stderr);
  });
});
