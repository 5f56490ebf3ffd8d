import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { OutputError } from './output-error.ts';
import { TextFile } from './text-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'sixfold-text-file-'));
after(() => rmSync(folder, { recursive: true }));

const FLUSH_MS = 3_600_000;

describe('a full disk', { skip: existsSync('/dev/full') ? false : 'no /dev/full on this machine' }, () => {
  for (const name of ['plain', 'packed.gz']) {
    test(`${name}: the lines that are lost are counted, also those handed over later`, async () => {
      const file = path.join(folder, name);
      symlinkSync('/dev/full', file);
      const output = new TextFile(file);
      output.open(FLUSH_MS);
      output.write('one\ntwo\n');
      output.flush();
      // Compressed text comes to nothing a moment later.
      await new Promise((resolve) => setImmediate(resolve));
      for (let line = 0; line < 500; line++) output.write(`line ${line}\n`);
      await assert.rejects(output.close(), (error) => {
        assert.ok(error instanceof OutputError);
        assert.match(error.message, /ENOSPC.*; up to 502 lines are lost$/);
        return true;
      });
    });
  }
});

test('what was flushed can be unpacked before the file is closed', async () => {
  const file = path.join(folder, 'early.gz');
  const output = new TextFile(file);
  output.open(FLUSH_MS);
  output.write('measured\n');
  output.flush();
  for (;;) {
    const bytes = readFileSync(file);
    if (bytes.length > 10) {
      assert.equal(gunzipSync(bytes, { finishFlush: 2 }).toString(), 'measured\n');
      break;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await output.close();
  assert.equal(gunzipSync(readFileSync(file)).toString(), 'measured\n');
});
