// A load worker: the thread that runs virtual users. It does what the main thread tells it (worker-protocol.ts).
import { enableCompileCache } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { keepCodeIn, takeCode } from '../../node/kept-code.ts';
import { cacheFolder } from '../../options/system-folders.ts';
import type { CodePlace } from '../script-breaker.ts';
import type { FromThread, ThreadStart, ToThread } from '../thread-protocol.ts';

// Each thread has to ask for it, before the rest is loaded: a worker starts in a third of the time.
enableCompileCache();
keepCodeIn(cacheFolder('code'));

const { BREAK_HOOK } = await import('../script-breaker.ts');
const { denyCodeFromStrings } = await import('./deny-code-from-strings.ts');
const { WorkerSession } = await import('./worker-session.ts');
const { Errands } = await import('./errands.ts');
const { RunCounters } = await import('../run-counters.ts');
const { BufferCounter } = await import('../shared-counter.ts');
const { TurnClaims } = await import('../turn-claims.ts');
const { createRealm } = await import('../../script/realm.ts');
const { adoptSharedData, allSharedData } = await import('../../vu/shared-data.ts');
const { onStrayFailure, reportStrayFailure } = await import('../../wire/net/unexpected.ts');
const port = parentPort!;
const send = (message: FromThread, transfer?: ArrayBuffer[]): void => port.postMessage(message, transfer ?? []);
let sharedIterations = new SharedArrayBuffer(0);
let claims = new SharedArrayBuffer(0);
const errands = new Errands(send);
/** Null until the thread is told what it is. */
let session: InstanceType<typeof WorkerSession> | null = null;

// What belongs to no request is said, and the test goes on: a fault of ours in one event must not cost all that was measured.
onStrayFailure((failure) => session?.reportStrayFailure(failure));
process.on('uncaughtException', reportStrayFailure);

disarmProcess();
denyCodeFromStrings();
(globalThis as Record<symbol, unknown>)[Symbol.for(BREAK_HOOK)] = (places: readonly CodePlace[]) =>
  session?.breakOff(places);

// Made while the other thread finds out what the test is.
const realm = createRealm();

port.on('message', (message: ToThread) => {
  switch (message.type) {
    case 'begin':
      session = openSession(message.start);
      return;
    case 'ping':
      send({ type: 'pong' });
      return;
    case 'share-scenarios':
      sharedIterations = message.counters;
      claims = message.claims;
      return;
    case 'share-elements':
      adoptSharedData(message.elements);
      return;
    case 'errand-answer':
      errands.settle(message);
      return;
    default:
      session?.hear(message);
  }
});

function openSession(start: ThreadStart): InstanceType<typeof WorkerSession> {
  return new WorkerSession(
    start,
    new RunCounters(start.counters),
    (scenario) => ({
      iterations: new BufferCounter(sharedIterations, scenario),
      claims: new TurnClaims(claims, scenario),
    }),
    (message, transfer) => {
      if (message.type === 'loaded') send({ type: 'share-elements', elements: allSharedData() });
      if (message.type === 'ended' && start.tellsOwnCode) tellOwnCode();
      send(message, transfer);
    },
    errands,
    realm,
  );
}

/** Says what the engine has made of this program, where a later start is to find it: this thread may write no files. */
function tellOwnCode(): void {
  const code = takeCode();
  if (code.size > 0) send({ type: 'own-code', code });
}

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
