import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InterruptCall, InterruptHooks } from './interrupt-hooks.ts';

test('hooks are told once, in the order they were added; those that were taken off are not', () => {
  const hooks = new InterruptHooks();
  const told: string[] = [];
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => new InterruptCall(() => told.push(name)));
  for (const hook of [a, b, c, d]) hooks.add(hook!);
  hooks.remove(b!);
  hooks.remove(b!);
  hooks.remove(d!);
  hooks.run();
  hooks.run();
  assert.deepEqual(told, ['a', 'c']);
  hooks.add(b!);
  hooks.remove(a!);
  hooks.run();
  assert.deepEqual(told, ['a', 'c', 'b']);
});

test('what is told is told of all that was there, and what is added meanwhile waits for the next time', () => {
  const hooks = new InterruptHooks();
  const told: string[] = [];
  const second = new InterruptCall(() => told.push('second'));
  const later = new InterruptCall(() => told.push('later'));
  hooks.add(
    new InterruptCall(() => {
      told.push('first');
      hooks.remove(second);
      hooks.add(later);
    }),
  );
  hooks.add(second);
  hooks.run();
  assert.deepEqual(told, ['first', 'second']);
  hooks.run();
  assert.deepEqual(told, ['first', 'second', 'later']);
});

test('a hook that throws keeps none of the others from hearing', () => {
  const hooks = new InterruptHooks();
  const told: string[] = [];
  const failing = (name: string) =>
    new InterruptCall(() => {
      told.push(name);
      throw new Error(name);
    });
  hooks.add(failing('first'));
  hooks.add(failing('second'));
  hooks.add(new InterruptCall(() => told.push('third')));
  assert.throws(() => hooks.run(), /^Error: first$/);
  assert.deepEqual(told, ['first', 'second', 'third']);
  hooks.run();
  assert.equal(told.length, 3);
});
