import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { nodeCrypto, nodeZlib } from './late-builtins.ts';

test('what is loaded late is the same module for all', () => {
  assert.equal(nodeCrypto().createHash, crypto.createHash);
  assert.equal(nodeZlib().createGzip, zlib.createGzip);
});
