import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { Terminal } from './terminal.ts';
import { writeSummaryFiles } from './write-summary-files.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'summary-files-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('text and bytes go to the screen, the log and files; what fails is reported and the rest is written', () => {
  const [out, err]: string[][] = [[], []];
  const terminal = new Terminal({ write: (text) => out!.push(text) }, { write: (text) => err!.push(text) });
  const at = (name: string): string => path.join(folder, name);
  const problems = writeSummaryFiles(
    {
      stdout: new Uint8Array(Buffer.from('bytes é')),
      [at('no/such/folder')]: 'lost',
      stderr: 'text',
      [at('text.txt')]: 'é',
      [at('bytes.bin')]: new Uint8Array([0, 255]),
    },
    terminal,
  );
  assert.deepEqual([out, err], [['bytes é'], ['text']]);
  assert.equal(problems.length, 1);
  assert.match(problems[0]!, /could not write ".*no\/such\/folder": ENOENT/);
  assert.equal(readFileSync(at('text.txt'), 'utf8'), 'é');
  assert.deepEqual([...readFileSync(at('bytes.bin'))], [0, 255]);
});
