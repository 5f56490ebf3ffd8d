import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Sleeper, Sleepers } from './sleepers.ts';

/** Those that have been woken, in turn, and by how many ms before they were due. */
class Night {
  readonly sleepers = new Sleepers();
  readonly woken: string[] = [];
  early = 0;
  readonly #began = performance.now();
  readonly #expected: number;
  readonly over: Promise<void>;
  #end!: () => void;

  constructor(expected: number) {
    this.#expected = expected;
    this.over = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  lieDown(name: string, ms: number, onWake: () => void = () => {}): Sleeper {
    const sleeper: Sleeper = {
      dueMs: this.#began + ms,
      place: -1,
      wake: () => {
        this.early = Math.max(this.early, sleeper.dueMs - performance.now());
        this.woken.push(name);
        onWake();
        if (this.woken.length === this.#expected) this.#end();
      },
    };
    this.sleepers.add(sleeper);
    return sleeper;
  }
}

test('sleepers are woken in the order of their times, and never early', async () => {
  const night = new Night(200);
  const times = Array.from({ length: 200 }, (_, i) => ((i * 77) % 200) + i / 1000);
  for (const ms of times) night.lieDown(String(ms), ms);
  await night.over;
  assert.deepEqual(
    night.woken,
    times.toSorted((a, b) => a - b).map((ms) => String(ms)),
  );
  assert.ok(night.early <= 0);
  assert.equal(night.sleepers.size, 0);
});

test('who is taken out is not woken, wherever in the queue it was', async () => {
  const night = new Night(10);
  const all = Array.from({ length: 40 }, (_, i) => night.lieDown(String(i), 1 + ((i * 13) % 40)));
  for (const [i, sleeper] of all.entries()) if (i % 4 !== 0) night.sleepers.remove(sleeper);
  for (const sleeper of all.slice(1, 3)) night.sleepers.remove(sleeper);
  await night.over;
  assert.deepEqual(night.woken.toSorted(), ['0', '12', '16', '20', '24', '28', '32', '36', '4', '8']);
});

test('who wakes may lie down again, and a failure of one holds up nobody else', async () => {
  const night = new Night(3);
  const failures: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.once('uncaughtException', (error) => {
    failures.push(error);
    for (const listener of listeners) process.on('uncaughtException', listener);
  });
  night.lieDown('first', 1, () => {
    night.lieDown('again', 2);
    throw new Error('woken badly');
  });
  night.lieDown('second', 1.5);
  await night.over;
  assert.deepEqual(night.woken, ['first', 'second', 'again']);
  assert.deepEqual(
    failures.map((error) => (error as Error).message),
    ['woken badly'],
  );
});

test('a later sleeper is woken after the earlier ones were all taken out', async () => {
  const night = new Night(1);
  night.sleepers.remove(night.lieDown('early', 50));
  night.lieDown('late', 100);
  // Nothing else keeps this process waiting: the queue has to.
  await night.over;
  assert.deepEqual(night.woken, ['late']);
});
