import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamClient } from './stream-client.ts';

const event = (octets: number) => ({
  type: 'event' as const,
  event: { id: '', name: '', data: 'x'.repeat(octets), comment: '', retry: null },
});

test('the server has to wait when many events, or a few large ones, wait for their handlers', () => {
  for (const [octets, most] of [
    [10, 256],
    [300_000, 4],
  ] as const) {
    const client = new StreamClient();
    const flow: boolean[] = [];
    client.onFlow = (isHeld) => flow.push(isHeld);
    for (let i = 0; i < most - 1; i++) client.post(event(octets));
    assert.deepEqual(flow, []);
    client.post(event(octets));
    client.post(event(octets));
    assert.deepEqual(flow, [true]);
    while (client.next() !== null);
    assert.deepEqual(flow, [true, false]);
    client.post(event(octets));
    client.close();
    assert.equal(client.next()?.type, 'end');
  }
});
