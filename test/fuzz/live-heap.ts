import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

/** Octets that JavaScript objects take which something still refers to. */
export async function measureLiveHeap(): Promise<number> {
  // What a finished run has left to timers and finalizers goes between the two.
  for (let i = 0; i < 2; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  collect();
  return process.memoryUsage().heapUsed;
}
