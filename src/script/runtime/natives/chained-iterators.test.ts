import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRealm } from '../../realm.ts';
import type { HostSteps, ScriptVu, VuLoop } from '../../realm-interface.ts';

// In a realm of its own: once a program has said that iterators may wait, helpers are driven step by step.
const realm = createRealm();
const vu = { loop: null as unknown as VuLoop } satisfies ScriptVu;
vu.loop = realm.createLoop(vu);

test('a helper of a helper is the engine’s where nothing waits: it takes as long as where nobody asks', async () => {
  const [helper, map, same, walk] = realm.evaluate(`(() => {
    const list = Array.from({ length: 20_000 }, (_, i) => i);
    const same = (x) => x;
    return [() => list.values().map(same), Iterator.prototype.map, same, (made) => { for (const x of made); }];
  })()`) as [() => object, (fn: unknown) => object, unknown, (made: unknown) => void];
  const timeOf = (made: unknown): number => {
    const at = performance.now();
    walk(made);
    return performance.now() - at;
  };
  const main = realm.steppedFunction('main', 0, function* (): HostSteps {
    return timeOf(yield { fn: map, self: helper(), args: [same] });
  });
  const byEngine: number[] = [];
  const asked: number[] = [];
  for (let i = 0; i < 7; i++) {
    byEngine.push(timeOf(Reflect.apply(map, helper(), [same])));
    asked.push((await vu.loop.run(main, undefined, [])).value as number);
  }
  const [least, leastAsked] = [Math.min(...byEngine), Math.min(...asked)];
  assert.ok(leastAsked < least * 5, `${leastAsked} ms, and ${least} ms where nobody asks`);
});
