// Whoever looks on hears what happens in their run, and in no other one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BusEvent, EventBus } from './event-bus.ts';

const event = (seq: number): BusEvent => ({ seq, type: 'cells', data: '{}' });

test('all who listen to a run hear all of it, in its order', () => {
  const bus = new EventBus();
  const heard: string[] = [];
  for (const name of ['a', 'b']) bus.listen('one', (events) => heard.push(...events.map(({ seq }) => `${name}${seq}`)));
  bus.listen('other', () => assert.fail('of another run'));
  bus.tell('one', [event(1), event(2)]);
  bus.tell('one', [event(3)]);
  bus.tell('nobody', [event(4)]);
  assert.deepEqual(heard, ['a1', 'a2', 'b1', 'b2', 'a3', 'b3']);
});

test('whoever leaves hears nothing more, the others go on, and leaving twice is no mistake', () => {
  const bus = new EventBus();
  let [first, second] = [0, 0];
  const leave = bus.listen('one', () => first++);
  const leaveToo = bus.listen('one', () => second++);
  bus.tell('one', [event(1)]);
  leave();
  leave();
  bus.tell('one', [event(2)]);
  assert.deepEqual([first, second, bus.watched], [1, 2, ['one']]);
  leaveToo();
  assert.deepEqual(bus.watched, [], 'of a run that nobody looks at nothing is kept');
});

test('whoever leaves while all are told takes nobody’s turn', () => {
  const bus = new EventBus();
  const heard: string[] = [];
  const leave = bus.listen('one', () => {
    heard.push('a');
    leave();
  });
  bus.listen('one', () => heard.push('b'));
  bus.tell('one', [event(1)]);
  bus.tell('one', [event(2)]);
  assert.deepEqual(heard, ['a', 'b', 'b']);
});

test('whoever comes back after all have left is heard again', () => {
  const bus = new EventBus();
  const leave = bus.listen('one', () => {});
  leave();
  let heard = 0;
  bus.listen('one', () => heard++);
  leave();
  bus.tell('one', [event(1)]);
  assert.deepEqual([heard, bus.watched], [1, ['one']], 'who left before takes nothing of theirs');
});
