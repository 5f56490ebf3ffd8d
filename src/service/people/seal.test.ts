// What is sealed opens with the same key, in its own place, unchanged.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { isPassword, sealPassword } from './password.ts';
import { findSealer, Sealer } from './seal.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-seal-'));
after(() => rmSync(folder, { recursive: true }));
const KEY = 'a key of more than thirty-two characters';

test('it opens as it was, and looks different each time', () => {
  const sealer = new Sealer(KEY);
  const sealed = sealer.seal('hunter2 ü', 'shop/KEY');
  assert.equal(sealer.open(sealed, 'shop/KEY'), 'hunter2 ü');
  assert.equal(new Sealer(KEY).open(sealed, 'shop/KEY'), 'hunter2 ü');
  assert.notDeepEqual(sealer.seal('hunter2 ü', 'shop/KEY'), sealed);
  assert.ok(!sealed.includes('hunter2'));
});

test('it does not open elsewhere, with another key, or changed', () => {
  const sealer = new Sealer(KEY);
  const sealed = sealer.seal('x', 'shop/KEY');
  const refused = /was sealed with another key: start the server with the SIXFOLD_SERVER_KEY/;
  assert.throws(() => sealer.open(sealed, 'books/KEY'), refused);
  assert.throws(() => new Sealer(`${KEY}!`).open(sealed, 'shop/KEY'), refused);
  for (const i of sealed.keys()) {
    const changed = Buffer.from(sealed);
    changed[i] = changed[i]! ^ 1;
    assert.throws(() => sealer.open(changed, 'shop/KEY'), refused, `octet ${i}`);
  }
});

test('the key is that of the variable, else of a file that is made once, for its owner alone', () => {
  const given = findSealer({ SIXFOLD_SERVER_KEY: KEY }, folder);
  assert.equal(new Sealer(KEY).open(given.seal('a', 'p'), 'p'), 'a');
  assert.throws(() => findSealer({ SIXFOLD_SERVER_KEY: 'short' }, folder), {
    exitCode: 255,
    message: 'SIXFOLD_SERVER_KEY must have at least 32 characters',
  });
  const made = findSealer({}, folder).seal('a', 'p');
  assert.equal(findSealer({ SIXFOLD_SERVER_KEY: '' }, folder).open(made, 'p'), 'a');
  if (process.platform !== 'win32') assert.equal(statSync(path.join(folder, 'server.key')).mode & 0o777, 0o600);
  writeFileSync(path.join(folder, 'server.key'), 'short');
  assert.throws(() => findSealer({}, folder), /server\.key holds no key of the server/);
});

test('a folder that cannot hold the key is said', () => {
  assert.throws(() => findSealer({}, path.join(folder, 'none')), /the key cannot be written to .*none/);
});

test('a password is known again, in whatever form its letters come, and no other one', async () => {
  const kept = await sealPassword('pass\u0065\u0301 word');
  assert.equal(await isPassword('pass\u00e9 word', kept), true, 'é in one character or two');
  assert.equal(await isPassword('passe word', kept), false);
  assert.equal(await isPassword('', kept), false);
  assert.match(kept, /^argon2id\$19456\$2\$[\w-]{22}\$[\w-]{43}$/);
  assert.notEqual(await sealPassword('pass\u0065\u0301 word'), kept, 'each has its own salt');
});

test('where there is nobody, nothing is right', async () => {
  assert.equal(await isPassword('', null), false);
  assert.equal(await isPassword('anything', null), false);
});
