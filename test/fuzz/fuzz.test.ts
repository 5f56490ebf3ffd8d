// A part of `npm run fuzz`, which does the same a million times.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzHttp1 } from './http1-fuzz.ts';
import { fuzzHttp2 } from './http2-fuzz.ts';
import { measureLiveHeap } from './live-heap.ts';
import { fuzzWebSocket } from './websocket-fuzz.ts';

const MOST_MEMORY = 700 * 1024 * 1024;
/** What is left of a client and its requests that are over: compiled code, and sets of tags, which are kept up to a number. */
const MOST_LEFT = 4_000_000;

test('mutated HTTP/1.1 responses break nothing, and the next request goes well', async () => {
  const { codes, mostMemory } = await fuzzHttp1(2026, 8000);
  // Were all refused alike, the mutations would prove nothing.
  for (const code of [0, 1040, 1041, 1401, 1701])
    assert.ok((codes.get(code) ?? 0) > 10, `${code} came ${codes.get(code)} times`);
  assert.ok(mostMemory < MOST_MEMORY, `${mostMemory} octets`);
});

test('mutated HTTP/2 frames break nothing, and the next request goes well', async () => {
  const { codes, mostMemory } = await fuzzHttp2(2026, 12_000);
  for (const code of [0, 1040, 1652, 1657, 1660])
    assert.ok((codes.get(code) ?? 0) > 10, `${code} came ${codes.get(code)} times`);
  assert.ok(mostMemory < MOST_MEMORY, `${mostMemory} octets`);
});

test('mutated WebSocket handshakes and frames break nothing, and the next session goes well', async () => {
  const { codes, mostMemory } = await fuzzWebSocket(2026, 8000);
  for (const code of [0, 1901, 1902, 1903])
    assert.ok((codes.get(code) ?? 0) > 10, `${code} came ${codes.get(code)} times`);
  assert.ok(mostMemory < MOST_MEMORY, `${mostMemory} octets`);
});

test('nothing is left of requests that are over', async () => {
  for (const fuzz of [fuzzHttp1, fuzzHttp2, fuzzWebSocket]) {
    await fuzz(1, 500);
    const before = await measureLiveHeap();
    for (let seed = 2; seed < 6; seed++) await fuzz(seed, 1000);
    const left = (await measureLiveHeap()) - before;
    assert.ok(left < MOST_LEFT, `${fuzz.name}: ${left} octets`);
  }
});
