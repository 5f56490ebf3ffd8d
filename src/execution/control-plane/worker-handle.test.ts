import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { SecretStore } from '../secrets/secret-store.ts';
import type { FromWorker, ToWorker } from '../worker-protocol.ts';
import { WorkerHandle } from './worker-handle.ts';

/** A thread that says what the test has it say. */
class PuppetWorker extends EventEmitter {
  readonly heard: ToWorker['type'][] = [];
  terminated = false;
  postMessage({ type }: ToWorker): void {
    // How often that is asked is a matter of time.
    if (type !== 'ping') this.heard.push(type);
  }
  async terminate(): Promise<number> {
    this.terminated = true;
    return 0;
  }
  say(message: FromWorker): void {
    this.emit('message', message);
  }
}

const secrets = new SecretStore();

function handleOf(worker: PuppetWorker, patienceMs = 10, breakScript?: () => Promise<boolean>): WorkerHandle {
  const nobody = (): void => {};
  return new WorkerHandle(
    worker as unknown as Worker,
    { onSamples: nobody, onLog: nobody, onProgress: nobody, onAbort: nobody, onMarkFailed: nobody },
    patienceMs,
    secrets,
    breakScript,
  );
}

const late = (): ExitError => new ExitError(EXIT.setupTimeout, 'late');

test('a step is answered by its reply or by a failure, and by nothing else', async () => {
  const worker = new PuppetWorker();
  const handle = handleOf(worker);
  const setup = handle.ask({ type: 'setup' }, 'setup-done');
  worker.say({ type: 'ready' });
  worker.say({ type: 'setup-done', setupData: '1' });
  assert.deepEqual(await setup, { type: 'setup-done', setupData: '1' });
  const teardown = handle.ask({ type: 'teardown', setupData: undefined }, 'teardown-done');
  worker.say({ type: 'failed', step: 'teardown', failure: { text: 'no' } });
  assert.equal((await teardown)?.type, 'failed');
});

test('a step that is late is rejected, its worker stopped, and its late answer is nobody’s', async () => {
  const worker = new PuppetWorker();
  const handle = handleOf(worker, 60_000);
  await assert.rejects(handle.ask({ type: 'setup' }, 'setup-done', { timeoutMs: 1, late }), { message: 'late' });
  worker.say({ type: 'stopped' });
  const teardown = handle.ask({ type: 'teardown', setupData: undefined }, 'teardown-done');
  worker.say({ type: 'setup-done', setupData: undefined });
  worker.say({ type: 'teardown-done' });
  assert.equal((await teardown)?.type, 'teardown-done');
  assert.deepEqual(worker.heard, ['setup', 'stop', 'teardown']);
  assert.equal(worker.terminated, false);
});

test('a worker that does not answer a stop is ended, whatever it is asked meanwhile', async () => {
  const worker = new PuppetWorker();
  const handle = handleOf(worker);
  const setup = handle.ask({ type: 'setup' }, 'setup-done');
  handle.stop();
  assert.equal(await setup, null);
  await assert.rejects(handle.ask({ type: 'summary', data: {} }, 'summary-done'), /does not give back control/);
  assert.deepEqual([worker.terminated, handle.alive], [true, false]);
});

test('what keeps a worker from hearing a stop is broken off, as often as it takes', async () => {
  const worker = new PuppetWorker();
  let breaks = 0;
  const handle = handleOf(worker, 60_000, async () => {
    if (++breaks === 2) worker.say({ type: 'stopped' });
    return true;
  });
  const start = handle.ask({ type: 'start', setupData: undefined }, 'finished');
  handle.stop();
  while (breaks < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  worker.say({ type: 'finished', health: {} as never });
  assert.equal((await start)?.type, 'finished');
  assert.equal(handle.alive, true);
});

test('a limit that ends the worker does so at once', async () => {
  const worker = new PuppetWorker();
  const handle = handleOf(worker, 60_000);
  const limit = { timeoutMs: 1, late, endsWorker: true };
  await assert.rejects(handle.ask({ type: 'start', setupData: undefined }, 'finished', limit), { message: 'late' });
  assert.deepEqual([worker.terminated, handle.alive], [true, false]);
});

test('a limit that no timer can hold is none', async () => {
  const worker = new PuppetWorker();
  const handle = handleOf(worker);
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  const teardown = handle.ask({ type: 'teardown', setupData: undefined }, 'teardown-done', {
    timeoutMs: 2 ** 31,
    late,
  });
  // Node would let such a timer fire after 1 ms.
  assert.equal(timers(), before);
  worker.say({ type: 'teardown-done' });
  assert.equal((await teardown)?.type, 'teardown-done');
});

test('a crash rejects the step in progress and all later ones, with a reason', async () => {
  const worker = new PuppetWorker();
  const handle = handleOf(worker);
  const start = handle.ask({ type: 'setup' }, 'setup-done');
  worker.emit('error', Object.assign(new Error('heap'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }));
  const reason = { exitCode: EXIT.internalError, message: /ran out of memory/ };
  await assert.rejects(start, reason);
  await assert.rejects(handle.ask({ type: 'summary', data: {} }, 'summary-done'), reason);
  await handle.exit();
});
