import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backlog } from './backlog.ts';

function watch(): { socket: { pause(): void; resume(): void }; heard: string[] } {
  const heard: string[] = [];
  return { socket: { pause: () => heard.push('pause'), resume: () => heard.push('resume') }, heard };
}

test('many events make the server wait, until few are left', () => {
  const { socket, heard } = watch();
  const backlog = new Backlog();
  for (let i = 0; i < 300; i++) backlog.add(0, socket);
  assert.deepEqual(heard, ['pause']);
  for (let i = 0; i < 235; i++) backlog.take(0);
  assert.deepEqual(heard, ['pause']);
  backlog.take(0);
  assert.deepEqual(heard, ['pause', 'resume']);
});

test('large ones do, too: one message of many bytes, or several of some', () => {
  const { socket, heard } = watch();
  const backlog = new Backlog();
  backlog.add(50_000_000, socket);
  assert.deepEqual(heard, ['pause']);
  backlog.take(50_000_000);
  assert.deepEqual(heard, ['pause', 'resume']);
  for (let i = 0; i < 11; i++) backlog.add(100_000, socket);
  assert.deepEqual(heard, ['pause', 'resume', 'pause']);
  for (let i = 0; i < 8; i++) backlog.take(100_000);
  assert.equal(heard.length, 3);
  backlog.take(100_000);
  assert.deepEqual(heard.slice(3), ['resume']);
});

test('a socket that reads not yet is paused by the first event after it does', () => {
  const { socket, heard } = watch();
  const backlog = new Backlog();
  for (let i = 0; i < 300; i++) backlog.add(0, null);
  backlog.add(0, socket);
  assert.deepEqual(heard, ['pause']);
});
