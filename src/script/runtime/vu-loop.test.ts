import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRealm } from '../realm.ts';
import type { IterationEnd, ScriptVu, VuLoop } from '../realm-interface.ts';
import { DirectSuspension } from './suspension.ts';

const realm = createRealm();

/** A virtual user whose iterations are begun by hand; `wait` is a blocking function that the test resumes. */
function labLoop() {
  const vu = { loop: null as unknown as VuLoop } satisfies ScriptVu;
  vu.loop = realm.createLoop(vu);
  const waits: DirectSuspension[] = [];
  const wait = realm.blockingFunction('wait', 0, () => {
    const suspension = new DirectSuspension();
    waits.push(suspension);
    return suspension;
  });
  const events: unknown[] = [];
  let ended = () => {};
  const listener: IterationEnd = {
    onFailed: (error) => events.push(['failed', error]),
    onIdle: () => {
      events.push('idle');
      ended();
    },
  };
  const begin = (fn: unknown): Promise<void> => {
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    vu.loop.begin(fn, undefined, [], listener);
    events.push('begun');
    return end;
  };
  return { loop: vu.loop, wait, waits, events, begin };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('an iteration that ends at once is told of after begin has returned', async () => {
  const lab = labLoop();
  await lab.begin(() => 1);
  assert.deepEqual(lab.events, ['begun', 'idle']);
});

test('one that waits ends when it is resumed; errors come first', async () => {
  const lab = labLoop();
  const first = lab.begin(lab.wait);
  await turn();
  assert.deepEqual(lab.events, ['begun']);
  lab.waits[0]!.resume(1);
  await first;
  const second = lab.begin(lab.wait);
  lab.waits[1]!.fail('no');
  await second;
  assert.deepEqual(lab.events, ['begun', 'idle', 'begun', ['failed', 'no'], 'idle']);
});

test('what an iteration leaves behind belongs to it: microtasks, holds, posted jobs', async () => {
  const lab = labLoop();
  const steps: string[] = [];
  const later = realm.evaluate('(note) => () => { Promise.resolve().then(() => {}).then(() => note("micro")); }') as (
    note: unknown,
  ) => unknown;
  const release = lab.loop.hold();
  const end = lab.begin(later(realm.hostFunction('note', 1, (text: string) => steps.push(text))));
  await turn();
  assert.deepEqual([steps, lab.events], [['micro'], ['begun']]);
  lab.loop.post(
    realm.hostFunction('job', 0, () => steps.push('job')),
    undefined,
    [],
  );
  release();
  await end;
  assert.deepEqual(
    [steps, lab.events],
    [
      ['micro', 'job'],
      ['begun', 'idle'],
    ],
  );
});

test('a promise that the iteration returns is waited for as long as something can settle it', async () => {
  const lab = labLoop();
  await lab.begin(realm.evaluate('() => Promise.reject(7)'));
  assert.deepEqual(lab.events, ['begun', ['failed', 7], 'idle']);
  await lab.begin(realm.evaluate('() => new Promise(() => {})'));
  assert.equal(lab.events.at(-1), 'idle');
});

test('an abandoned iteration is nobody’s, and the next one can begin', async () => {
  const lab = labLoop();
  void lab.begin(lab.wait);
  lab.loop.abandon();
  const next = lab.begin(lab.wait);
  lab.waits[0]!.resume('late');
  await turn();
  assert.deepEqual(lab.events, ['begun', 'begun']);
  lab.waits[1]!.resume('in time');
  await next;
  assert.deepEqual(lab.events, ['begun', 'begun', 'idle']);
});
