// What scripts give to connect() and run(), read and refused, without a server.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { VuEnvironment } from '../../vu/environment.ts';
import { readCommand, readTarget } from './ssh-params.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-ssh-params-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(path.join(folder, 'key'), 'a key');

const environment = { script: { file: null, folder: `${folder}/` } } as Partial<VuEnvironment> as VuEnvironment;
const READY = { host: 'a.example', username: 'ann', password: 'p' };
const read = (given: unknown) => readTarget(environment, given);
const readWith = (more: object) => read({ ...READY, ...more });

test('host, name and password are enough; all else is the usual', () => {
  assert.deepEqual(read(READY), {
    host: 'a.example',
    port: 22,
    username: 'ann',
    password: 'p',
    privateKey: null,
    passphrase: null,
    hostKey: null,
    timeoutMs: 30_000,
    tags: undefined,
  });
});

test('a key is a file beside the script or a text; a password beside it does not take its place', () => {
  assert.equal(readWith({ rsa_key: 'key' }).privateKey, 'a key');
  assert.equal(readWith({ rsa_key: 'key', password: 'p' }).password, 'p');
  assert.equal(readWith({ private_key: 'inline', rsa_key: 'key' }).privateKey, 'inline');
  assert.throws(() => readWith({ rsa_key: 'none' }), {
    name: 'TypeError',
    message: 'cannot read the key none (ENOENT): give rsa_key, the path of a private key, or a password',
  });
});

test('an address in brackets is that of IPv6', () => assert.equal(readWith({ host: '[::1]' }).host, '::1'));

test('a time is a number of ms or a text with units, and 0 is as long as it takes', () => {
  for (const [timeout, ms] of [
    [0, 0],
    [250, 250],
    ['1m', 60_000],
    [null, 30_000],
    ['100d', 2_147_483_647],
  ] as const)
    assert.equal(readWith({ timeout }).timeoutMs, ms, String(timeout));
});

test('what cannot be used is named', () => {
  for (const [given, message] of [
    [undefined, 'connect() takes an object: { username, host, port, password or rsa_key }'],
    [null, 'connect() takes an object: { username, host, port, password or rsa_key }'],
    ['a.example', 'connect() takes an object: { username, host, port, password or rsa_key }'],
    [{ username: 'ann' }, 'connect() takes the host as text'],
    [{ host: '' }, 'connect() takes the host as text'],
    [{ host: 'a' }, 'connect() takes the username as text'],
    [{ host: 5 }, 'host must be text, not number'],
    [{ ...READY, port: 0 }, 'port must be a number from 1 to 65535, not 0'],
    [{ ...READY, port: '22' }, 'port must be a number from 1 to 65535, not 22'],
    [{ ...READY, port: 22.5 }, 'port must be a number from 1 to 65535, not 22.5'],
    [{ ...READY, password: 5 }, 'password must be text, not number'],
    [{ ...READY, passphrase: {} }, 'passphrase must be text, not object'],
    [{ ...READY, timeout: 'soon' }, 'timeout must be a time, in milliseconds or as in "5s", not "soon"'],
    [{ ...READY, timeout: -1 }, 'timeout must be a time, in milliseconds or as in "5s", not -1'],
    [{ ...READY, timeout: {} }, 'timeout must be a time, in milliseconds or as in "5s", not object'],
  ] as const)
    assert.throws(() => read(given), { name: 'TypeError', message });
});

test('the server’s key is known by its fingerprint as ssh-keygen writes it, and by nothing else', () => {
  const fingerprint = `SHA256:${'A'.repeat(43)}`;
  assert.equal(readWith({ host_key: fingerprint }).hostKey, fingerprint);
  for (const host_key of [
    '',
    `MD5:${'a'.repeat(43)}`,
    'A'.repeat(43),
    `${fingerprint}=`,
    fingerprint.slice(0, -1),
    ` ${fingerprint}`,
  ])
    assert.throws(() => readWith({ host_key }), {
      message: 'host_key must be a fingerprint as ssh-keygen -l writes it: SHA256: and 43 characters',
    });
});

test('a command is text, with what it reads and how long it may take', () => {
  assert.deepEqual(readCommand('run', 'ls', undefined), {
    command: 'ls',
    options: { input: null, timeoutMs: 0, tags: undefined },
  });
  const tags = { a: 'b' };
  assert.deepEqual(readCommand('run', 'cat', { input: '', timeout: '2s', tags }).options, {
    input: '',
    timeoutMs: 2000,
    tags,
  });
  for (const [command, given, message] of [
    ['', undefined, 'exec() takes a command as text'],
    [undefined, undefined, 'exec() takes a command as text'],
    [['ls'], undefined, 'exec() takes a command as text'],
    ['ls', '5s', 'exec() takes options as an object, not string'],
    ['ls', { input: 5 }, 'input must be text, not number'],
    ['ls', { timeout: 'later' }, 'timeout must be a time, in milliseconds or as in "5s", not "later"'],
  ] as const)
    assert.throws(() => readCommand('exec', command, given), { name: 'TypeError', message });
});
