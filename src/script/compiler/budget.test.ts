import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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

function createVu(realm: ReturnType<typeof createRealm>): ScriptVu {
  const vu = {} as { loop: VuLoop };
  vu.loop = realm.createLoop(vu);
  return vu;
}

describe('what compiled code costs (generous limits: they are to catch a factor, not a percentage)', () => {
  const realm = createRealm();
  const program = { ...compileModule({ code: CODE }), name: 'budget.js' };
  let suspends = false;
  const module = {
    host: realm.blockingFunction('host', 1, (x: number) => (suspends ? new Suspension(Promise.resolve(x)) : x)),
    now: realm.hostFunction('now', 0, () => performance.now() * 1e6),
  };
  const host = { globals: {}, import: () => module };

  it('a call level that does not suspend takes under 0.6 µs', async () => {
    const vu = createVu(realm);
    const { exports } = await instantiate(realm, program, vu, host);
    await vu.loop.run(exports['calls'], undefined, [20_000]);
    const perLevel = (await vu.loop.run(exports['calls'], undefined, [100_000])).value as number;
    if (process.env['SIXFOLD_SHOW_COSTS']) console.log(`${perLevel.toFixed(0)} ns a level`);
    assert.ok(perLevel < 600, `${perLevel} ns`);
  });

  it('a call level that suspends takes under 5 µs', async () => {
    const vu = createVu(realm);
    const { exports } = await instantiate(realm, program, vu, host);
    suspends = true;
    await vu.loop.run(exports['calls'], undefined, [5_000]);
    const perLevel = (await vu.loop.run(exports['calls'], undefined, [20_000])).value as number;
    suspends = false;
    if (process.env['SIXFOLD_SHOW_COSTS']) console.log(`${perLevel.toFixed(0)} ns a level, suspending`);
    assert.ok(perLevel < 5_000, `${perLevel} ns`);
  });

  it('an instance of a script with 40 functions takes under 30 kB of heap', async () => {
    const kept: unknown[] = [];
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 2_000; i++) {
      const vu = createVu(realm);
      kept.push(vu, await instantiate(realm, program, vu, host));
    }
    const perVu = (process.memoryUsage().heapUsed - before) / 2_000;
    if (process.env['SIXFOLD_SHOW_COSTS']) console.log(`${(perVu / 1024).toFixed(1)} kB a VU`);
    assert.ok(kept.length > 0 && perVu < 30 * 1024, `${perVu} bytes`);
  });
});
