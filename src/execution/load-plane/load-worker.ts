// A load worker: the thread that runs virtual users. It does what the main thread tells it (worker-protocol.ts).
import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { CodePlace } from '../script-breaker.ts';
import type { FromWorker, ToWorker, WorkerStart } from '../worker-protocol.ts';

// Each thread has to ask for it, before the rest is loaded: a worker starts in a third of the time.
enableCompileCache();

const { BREAK_HOOK } = await import('../script-breaker.ts');
const { WorkerSession } = await import('./worker-session.ts');
const { onStrayFailure, reportStrayFailure } = await import('../../wire/net/unexpected.ts');
const port = parentPort!;
const send = (message: FromWorker, transfer?: ArrayBuffer[]): void => port.postMessage(message, transfer ?? []);
const session = new WorkerSession(workerData as WorkerStart, send);

// What belongs to no request is said, and the test goes on: a fault of ours in one event must not cost all that was measured.
onStrayFailure((failure) => session.reportStrayFailure(failure));
process.on('uncaughtException', reportStrayFailure);

disarmProcess();
(globalThis as Record<symbol, unknown>)[Symbol.for(BREAK_HOOK)] = (places: readonly CodePlace[]) =>
  session.breakOff(places);

// One message at a time, except those that cut short what another one started.
let queue: Promise<void> = Promise.resolve();
port.on('message', (message: ToWorker) => {
  if (message.type === 'stop') {
    session.stop();
    send({ type: 'stopped' });
  } else if (message.type === 'secret') session.takeSecret(message);
  else if (message.type === 'ping') send({ type: 'pong' });
  else if (message.type === 'exit') send({ type: 'ended' });
  else queue = queue.then(() => session.handle(message));
});

/** Should a script ever get hold of this thread's `process`: what leads from it to the system is gone. Nothing here needs it. */
function disarmProcess(): void {
  for (const name of [
    'binding',
    '_linkedBinding',
    'dlopen',
    'execve',
    'getBuiltinModule',
    'kill',
    'abort',
    'loadEnvFile',
  ])
    Object.defineProperty(process, name, { value: undefined });
}
