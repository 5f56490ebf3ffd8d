import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ExitError } from '../exit/exit-error.ts';
import type { Claim, Decision } from './messages.ts';
import { createSigningKey, isClaimSigned, isDecisionSigned, readSigner, readTrusted } from './signing.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'signing-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** @returns the file's path */
function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const key = createSigningKey();
const signer = readSigner(write('sign.key', key.file));
const CLAIM: Claim = { v: 1, run: 'abc', index: 2, from: 'X', sealed: 'c2VhbGVk' };
const DECISION: Decision = { type: 'lost', agent: 1, reason: 'its process is gone' };

test('a claim that is signed is known as such, and any change of it is seen', () => {
  const signed: Claim = { ...CLAIM, signer: signer.publicKey, signature: signer.signClaim(CLAIM) };
  assert.equal(signer.publicKey, key.publicKey);
  assert.ok(isClaimSigned(signed));
  const changes: Partial<Claim>[] = [
    { run: 'abd' },
    { index: 3 },
    { from: 'Y' },
    { sealed: 'b3RoZXI=' },
    { signer: createSigningKey().publicKey },
    { signer: 'no key' },
    { signature: '' },
    { signature: 'bm9uZQ==' },
  ];
  for (const change of changes) assert.ok(!isClaimSigned({ ...signed, ...change }), JSON.stringify(change));
  assert.ok(!isClaimSigned(CLAIM));
});

test('a decision is signed for its run and its place, and reads the same after its way as JSON', () => {
  const signature = signer.signDecision('abc', 7, DECISION);
  const onItsWay = JSON.parse(JSON.stringify({ v: 1, place: 7, decision: DECISION, signature }));
  assert.ok(isDecisionSigned(key.publicKey, 'abc', onItsWay));
  assert.ok(!isDecisionSigned(key.publicKey, 'other', onItsWay));
  assert.ok(!isDecisionSigned(key.publicKey, 'abc', { ...onItsWay, place: 8 }));
  assert.ok(!isDecisionSigned(key.publicKey, 'abc', { ...onItsWay, decision: { ...DECISION, agent: 0 } }));
  assert.ok(!isDecisionSigned(key.publicKey, 'abc', { place: 7, decision: DECISION }));
  assert.ok(!isDecisionSigned(createSigningKey().publicKey, 'abc', onItsWay));
});

test('a decision with parts that are not there is signed as what arrives', () => {
  const decision = {
    type: 'tell',
    agent: 0,
    message: { type: 'start', step: 4, setupData: undefined, atMs: 12.5 },
  } as const satisfies Decision;
  const signature = signer.signDecision('abc', 1, decision);
  const arrived = JSON.parse(JSON.stringify({ place: 1, decision, signature }));
  assert.ok(isDecisionSigned(key.publicKey, 'abc', arrived));
});

test('what is to be trusted is a key, or a file with some', () => {
  const other = createSigningKey().publicKey;
  assert.deepEqual(readTrusted(key.publicKey), [key.publicKey]);
  assert.deepEqual(readTrusted(write('two.pub', `${key.publicKey}\n  ${other}\n# none\n`)), [key.publicKey, other]);
  assert.throws(() => readTrusted(write('none.pub', 'nothing\n')), /--trust .*none.pub: there is no public key in it/);
  assert.throws(() => readTrusted(path.join(folder, 'absent')), ExitError);
});

test('a file without a key cannot sign, nor can a public key', () => {
  for (const text of ['', 'SA\n', `${key.publicKey}\n`])
    assert.throws(() => readSigner(write('bad.key', text)), /--sign .*bad.key: there is no key in it/);
  assert.throws(() => readSigner(path.join(folder, 'absent')), /the key cannot be read: ENOENT/);
});
