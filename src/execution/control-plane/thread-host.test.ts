import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { FromThread, ToThread } from '../thread-protocol.ts';
import type { Reply } from '../worker-protocol.ts';
import { ThreadHost } from './thread-host.ts';

/** A thread that says what the test has it say. */
class PuppetWorker extends EventEmitter {
  readonly heard: ToThread['type'][] = [];
  /** The number of the last step. */
  step = 0;
  terminated = false;
  postMessage(message: ToThread): void {
    // How often that is asked is a matter of time.
    if (message.type !== 'ping') this.heard.push(message.type);
    if ('step' in message) this.step = message.step;
  }
  async terminate(): Promise<number> {
    this.terminated = true;
    return 0;
  }
  say(message: FromThread): void {
    this.emit('message', message);
  }
  /** Answers the last step, or another one. */
  answer(reply: Reply, step = this.step): void {
    this.say({ ...reply, step });
  }
}

function hostOf(worker: PuppetWorker, patienceMs = 10, breakScript?: () => Promise<boolean>): ThreadHost {
  return new ThreadHost(worker as unknown as Worker, () => {}, { patienceMs, ...(breakScript && { breakScript }) });
}

const late = (): ExitError => new ExitError(EXIT.setupTimeout, 'late');
const START = { type: 'start', setupData: undefined, atMs: 0 } as const;

test('a step is answered by its own reply or failure, and by nothing else', async () => {
  const worker = new PuppetWorker();
  const host = hostOf(worker);
  const setup = host.ask({ type: 'setup' });
  worker.answer({ type: 'setup-done', setupData: '2' }, worker.step + 1);
  worker.answer({ type: 'setup-done', setupData: '1' });
  assert.deepEqual(await setup, { type: 'setup-done', setupData: '1' });
  const teardown = host.ask({ type: 'teardown', setupData: undefined });
  worker.answer({ type: 'failed', failure: { text: 'no' } });
  assert.equal((await teardown)?.type, 'failed');
});

test('steps beside each other each get their own reply', async () => {
  const worker = new PuppetWorker();
  const host = hostOf(worker);
  const start = host.ask(START);
  const first = worker.step;
  const setup = host.ask({ type: 'setup' });
  worker.answer({ type: 'setup-done', setupData: '1' });
  worker.answer({ type: 'finished', health: {} as never }, first);
  assert.deepEqual([(await setup)?.type, (await start)?.type], ['setup-done', 'finished']);
});

test('the time of a pause does not count for a limit', async () => {
  const worker = new PuppetWorker();
  const host = hostOf(worker);
  const started = performance.now();
  host.tell({ type: 'pause' });
  const start = host.ask(START, { timeoutMs: 50, late });
  setTimeout(() => host.tell({ type: 'resume' }), 200);
  await assert.rejects(start, { message: 'late' });
  // Two timers, each of which may fire a little early.
  assert.ok(performance.now() - started >= 245);
});

test('a step that is late is rejected, its worker stopped, and its late answer is nobody’s', async () => {
  const worker = new PuppetWorker();
  const host = hostOf(worker, 60_000);
  await assert.rejects(host.ask({ type: 'setup' }, { timeoutMs: 1, late }), { message: 'late' });
  worker.say({ type: 'stopped' });
  const teardown = host.ask({ type: 'teardown', setupData: undefined });
  worker.answer({ type: 'setup-done', setupData: undefined }, worker.step - 1);
  worker.answer({ type: 'teardown-done' });
  assert.equal((await teardown)?.type, 'teardown-done');
  assert.deepEqual(worker.heard, ['setup', 'stop', 'teardown']);
  assert.equal(worker.terminated, false);
});

test('a worker that does not answer a stop is ended, whatever it is asked meanwhile', async () => {
  const worker = new PuppetWorker();
  const host = hostOf(worker);
  const setup = host.ask({ type: 'setup' });
  host.tell({ type: 'stop' });
  assert.equal(await setup, null);
  await assert.rejects(host.ask({ type: 'summary', data: {} }), /does not give back control/);
  assert.deepEqual([worker.terminated, host.alive], [true, false]);
});

test('what keeps a worker from hearing a stop is broken off, as often as it takes', async () => {
  const worker = new PuppetWorker();
  let breaks = 0;
  const host = hostOf(worker, 60_000, async () => {
    if (++breaks === 2) worker.say({ type: 'stopped' });
    return true;
  });
  const start = host.ask(START);
  host.tell({ type: 'stop' });
  while (breaks < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  worker.answer({ type: 'finished', health: {} as never });
  assert.equal((await start)?.type, 'finished');
  assert.equal(host.alive, true);
});

test('a limit that ends the worker does so at once', async () => {
  const worker = new PuppetWorker();
  const host = hostOf(worker, 60_000);
  const limit = { timeoutMs: 1, late, endsHost: true };
  await assert.rejects(host.ask(START, limit), { message: 'late' });
  assert.deepEqual([worker.terminated, host.alive], [true, false]);
});

test('a limit that no timer can hold does not end the step at once', async () => {
  const worker = new PuppetWorker();
  const host = hostOf(worker);
  const teardown = host.ask({ type: 'teardown', setupData: undefined }, { timeoutMs: 2 ** 32, late });
  // Node lets a timer that is too long fire after 1 ms.
  await new Promise((resolve) => setTimeout(resolve, 20));
  worker.answer({ type: 'teardown-done' });
  assert.equal((await teardown)?.type, 'teardown-done');
});

test('a crash rejects the step in progress and all later ones, with a reason', async () => {
  const worker = new PuppetWorker();
  const host = hostOf(worker);
  const start = host.ask({ type: 'setup' });
  worker.emit('error', Object.assign(new Error('heap'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }));
  const reason = { exitCode: EXIT.internalError, message: /ran out of memory/ };
  await assert.rejects(start, reason);
  await assert.rejects(host.ask({ type: 'summary', data: {} }), reason);
  await host.exit();
});
