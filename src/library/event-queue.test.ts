import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventQueue } from './event-queue.ts';

async function readAll<T>(queue: EventQueue<T>): Promise<T[]> {
  const events: T[] = [];
  for await (const event of queue) events.push(event);
  return events;
}

test('events are read in their order, those from before and those that come while one reads', async () => {
  const queue = new EventQueue<number>();
  queue.push(1);
  queue.push(2);
  const reading = readAll(queue);
  await new Promise((next) => setImmediate(next));
  queue.push(3);
  await new Promise((next) => setImmediate(next));
  queue.push(4);
  queue.end();
  assert.deepEqual(await reading, [1, 2, 3, 4]);
});

test('an end without events is an end, and what came before it is read first', async () => {
  const empty = new EventQueue<number>();
  empty.end();
  empty.end();
  assert.deepEqual(await readAll(empty), []);
  assert.deepEqual(await readAll(empty), [], 'also for who comes later');
  const queue = new EventQueue<number>();
  queue.push(0);
  queue.end();
  assert.deepEqual(await readAll(queue), [0]);
});

test('several readers share the events: each is read once, and all of them end', async () => {
  const queue = new EventQueue<number>();
  const readers = [readAll(queue), readAll(queue), readAll(queue)];
  for (let event = 0; event < 30; event++) {
    queue.push(event);
    if (event % 4 === 0) await new Promise((next) => setImmediate(next));
  }
  queue.end();
  const read = (await Promise.all(readers)).flat();
  assert.deepEqual(
    read.sort((a, b) => a - b),
    Array.from({ length: 30 }, (_, event) => event),
  );
});

test('of more than ten thousand that nobody reads the first are kept, and the last word always', async () => {
  const queue = new EventQueue<number | string>();
  for (let event = 0; event < 10_050; event++) queue.push(event);
  queue.end('the end');
  const events = await readAll(queue);
  assert.deepEqual([events.length, events[9999], events.at(-1)], [10_001, 9999, 'the end']);
});

test('who stops reading leaves the rest to others', async () => {
  const queue = new EventQueue<number>();
  for (const event of [1, 2, 3]) queue.push(event);
  for await (const event of queue) {
    assert.equal(event, 1);
    break;
  }
  queue.end();
  assert.deepEqual(await readAll(queue), [2, 3]);
});
