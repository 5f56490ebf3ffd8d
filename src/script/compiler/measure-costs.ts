/**
 * Run as a process of its own (a test runner's async hooks would be measured too): prints what compiled code costs, as JSON, beside what
 * the engine's own asynchronous functions cost at the same time on the same machine. In CPU of the thread: others do not count.
 */
import { instantiate } from '../instantiate.ts';
import { createRealm } from '../realm.ts';
import type { ScriptVu, VuLoop } from '../realm-interface.ts';
import { Suspension } from '../runtime/suspension.ts';
import { compileModule } from './compile.ts';

const CODE = `import { host, now } from 'k6/host';
${Array.from({ length: 40 }, (_, i) => `function step${i}(x) { const y = host(x); return y + ${i}; }`).join('\n')}
const one = (x) => host(x) + 1;
const two = (x) => one(x) + 1;
export function calls(n) { let s = 0; const from = now(); for (let i = 0; i < n; i++) s += two(i); return (now() - from) / n / 3; }
`;

/** CPU that this thread has taken, in ns. */
function cpuNs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1000;
}

const own = async (x: number): Promise<number> => x + 1;
const ownOne = async (x: number): Promise<number> => (await own(x)) + 1;
const ownTwo = async (x: number): Promise<number> => (await ownOne(x)) + 1;
/** @returns what a level of such calls takes where the engine's own functions make them */
async function measureOwn(calls: number): Promise<number> {
  const from = cpuNs();
  for (let i = 0; i < calls; i++) await ownTwo(i);
  return (cpuNs() - from) / calls / 3;
}

const realm = createRealm();
const program = { ...compileModule({ code: CODE }), name: 'costs.js' };
let suspends = false;
const module = {
  host: realm.blockingFunction('host', 1, (x: number) => (suspends ? new Suspension(Promise.resolve(x)) : x)),
  now: realm.hostFunction('now', 0, cpuNs),
};
const host = { globals: {}, import: () => module };

function createVu(): ScriptVu {
  const vu = {} as { loop: VuLoop };
  vu.loop = realm.createLoop(vu);
  return vu;
}

const vu = createVu();
const { exports } = await instantiate(realm, program, vu, host);
const measure = async (calls: number): Promise<number> =>
  (await vu.loop.run(exports['calls'], undefined, [calls])).value as number;
await measureOwn(20_000);
const ownNs = await measureOwn(100_000);
await measure(20_000);
const callNs = await measure(100_000);
suspends = true;
await measure(5_000);
const suspendNs = await measure(20_000);
const kept: unknown[] = [];
globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
for (let i = 0; i < 2_000; i++) {
  const one = createVu();
  kept.push(one, await instantiate(realm, program, one, host));
}
globalThis.gc?.();
const vuBytes = (process.memoryUsage().heapUsed - before) / (kept.length / 2);
console.log(JSON.stringify({ ownNs, callNs, suspendNs, vuBytes }));
