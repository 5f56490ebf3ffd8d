import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviseOnTransport } from './advise-on-transport.ts';

const failure = (code: number, answered = false) => ({ code, answered });

test('TLS to a port without it, and the other way round, in the words of what was spoken', () => {
  assert.match(
    adviseOnTransport(failure(1301), true, 'http'),
    /does not speak TLS: write http:\/\/ instead of https:\/\//,
  );
  assert.match(adviseOnTransport(failure(1301), true, 'websocket'), /write ws:\/\/ instead of wss:\/\//);
  assert.match(adviseOnTransport(failure(1301), true, 'grpc'), /connect with `plaintext: true`/);
  for (const code of [1040, 1041]) {
    assert.match(adviseOnTransport(failure(code), false, 'http'), /if this port speaks TLS, write https:\/\//);
    assert.match(adviseOnTransport(failure(code), false, 'websocket'), /write wss:\/\//);
    assert.match(adviseOnTransport(failure(code), false, 'grpc'), /without `plaintext: true`/);
  }
});

test('nothing where the transport is not what failed', () => {
  assert.equal(adviseOnTransport(failure(1040), true, 'http'), '');
  assert.equal(adviseOnTransport(failure(1212), false, 'grpc'), '');
  for (const code of [1040, 1041]) assert.equal(adviseOnTransport(failure(code, true), false, 'http'), '');
});
