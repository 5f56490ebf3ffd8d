import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spawnTarget } from './spawn-target.ts';

test('a target in a process of its own says where it is, serves there, and ends when it is told to', async () => {
  const target = await spawnTarget();
  const { addresses } = target;
  const { port } = new URL(addresses.http);
  assert.deepEqual(await (await fetch(`${addresses.http}/health`)).json(), { ok: true });
  // A port that is taken is said in words, by a process that has ended by then.
  await assert.rejects(spawnTarget({ port: Number(port) }), /^Error: the demo target could not start: .*EADDRINUSE/);
  let hasEnded = false;
  void target.ended.then(() => {
    hasEnded = true;
  });
  await target.stop();
  assert.ok(hasEnded);
  await assert.rejects(fetch(`${addresses.http}/health`));
  await target.stop();
});

test('an address that this machine has not is an error too', async () => {
  await assert.rejects(spawnTarget({ host: '192.0.2.1' }), /the demo target could not start: .*EADDRNOTAVAIL/);
});
