// Scripts that the documentation shows do what it says: they run against the demo target, or are at least read.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launcherPath } from '../../scripts/program-under-test.ts';
import { ROOT } from '../../scripts/root.ts';
import { runProgram } from '../../scripts/run-program.ts';
import { type SpawnedTarget, spawnTarget } from '../../src/demo/spawn-target.ts';
import { leadToTarget } from '../servers/lead-to-target.ts';
import { readPages, type Snippet } from './documents.ts';

const CHAT = `syntax = "proto3";
package chat;
message Line { string text = 1; }
service Room { rpc Talk(stream Line) returns (stream Line); }
`;

let target: SpawnedTarget;
let folder: string;

before(async () => {
  target = await spawnTarget();
  folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-docs-'));
  for (const proto of ['shop.proto', 'quickpizza.proto'])
    copyFileSync(path.join(ROOT, 'examples', proto), path.join(folder, proto));
  writeFileSync(path.join(folder, 'chat.proto'), CHAT);
  writeFileSync(path.join(folder, 'users.json'), JSON.stringify([{ name: 'Ada' }, { name: 'Grace' }]));
});

after(async () => {
  await target.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Bounds of durations are those of the reader's machine: here each is a hundredfold. */
const widenBounds = (script: string): string =>
  script.replaceAll(/(?<=['"](?:p\([\d.]+\)|avg|med|max)<=?)\d+/g, '$&00');

function runSnippet(
  { language, mode, flags, text }: Snippet,
  index: number,
): Promise<{ exit: number; output: string }> {
  const script = `snippet-${index}.${language}`;
  writeFileSync(path.join(folder, script), leadToTarget(widenBounds(text), target.addresses));
  const words = mode === 'run' ? ['run', '--quiet', ...flags, script] : ['inspect', script];
  return runProgram(process.execPath, [launcherPath(), ...words], {
    cwd: folder,
    output: 'keep',
    env: { NO_COLOR: '1' },
  });
}

const snippets = readPages().flatMap((page) =>
  page.snippets.filter(({ mode }) => mode === 'run' || mode === 'inspect'),
);

for (const [index, snippet] of snippets.entries()) {
  test(`${snippet.place} ${snippet.mode === 'run' ? 'runs' : 'can be read'}`, async () => {
    const { exit, output } = await runSnippet(snippet, index);
    assert.equal(exit, 0, output);
    assert.doesNotMatch(output, /level=error|^\s*✗ /m, output);
  });
}
