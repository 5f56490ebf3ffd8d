import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCompiled } from '../compiler/compare-with-plain.ts';
import { createRealm } from '../realm.ts';
import { DirectSuspension } from './suspension.ts';

const AFTER = 'const after = [host("a"), host("b"), [1, 2].map((x) => host(x))];';
/** A call that waits at the end of the stack, and must bring its own result. */
const WAITS = 'const w = host("c" + n); if (w !== "c" + n) wrong.push(w);';
const BLOCKS = 'let blocks = false; const wait = () => { if (blocks) host(0) };';

/** Recursion without bound, whose handlers wait where the stack has just ended; `P` stands for parameters that make frames larger. */
const SHAPES: Readonly<Record<string, string>> = {
  functions: `function deep(n, P) { wait(); try { return deep(n + 1) } catch (e) { ${WAITS} throw e } finally { const w = host("f"); if (w !== "f") wrong.push(w) } }`,
  getters: `const o = { get x() { wait(); return deep(1) } }; function deep(n, P) { try { return o.x } catch (e) { ${WAITS} throw e } }`,
  callbacks: `const deep = (n) => [3, 1].map((P) => { wait(); try { return deep(n + 1) } catch (e) { ${WAITS} throw e } })`,
  generators: `function* g(n, P) { wait(); try { yield* g(n + 1) } catch (e) { ${WAITS} throw e } } const deep = (n) => [...g(n)]`,
  constructors: `class A { constructor(n, P) { wait(); try { new A(n + 1) } catch (e) { ${WAITS} throw e } } } const deep = (n) => new A(n)`,
  conversions: `const deep = (n, P) => { const o = { toString() { wait(); return deep(n + 1) } }; try { return \`\${o}\` } catch (e) { ${WAITS} throw e } }`,
  traps: `const p = new Proxy({}, { get() { wait(); return deep(1) } }); function deep(n, P) { try { return p.x } catch (e) { ${WAITS} throw e } }`,
};

describe('where the stack ends', () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    it(`calls go on and bring their own results: ${name}`, async () => {
      for (const size of [0, 1, 3, 7]) {
        const parameters = Array.from({ length: size }, (_, i) => `a${i}`).join(', ');
        const snippet = `const wrong = []; ${BLOCKS} ${shape.replaceAll(/(?:, )?\bP\b/g, (p) => (p === 'P' ? `x, ${parameters}` : `, ${parameters}`))}; let e; try { deep(0) } catch (x) { e = x.name } ${AFTER} return [e, wrong, after]`;
        for (const flavour of ['immediate', 'microtask'] as const) {
          const { result } = await runCompiled(snippet, 'precise', flavour);
          assert.equal(result, '[3: 0: "RangeError", 1: [0: ], 2: [3: 0: "a", 1: "b", 2: [2: 0: 1, 1: 2]]]', flavour);
        }
      }
    });
  }

  it('a call that cannot wait any more leaves nothing behind: neither does it end an earlier one, nor is its virtual user stuck', async () => {
    const { protocol: p } = createRealm();
    const vu = p.createVu({});
    const block = (suspension: DirectSuspension): unknown => {
      p.vu = vu;
      return p.block(suspension);
    };
    for (let i = 0; i < 20_000; i++) block(new DirectSuspension());
    let stuck = 0;
    // Frames of every size, so that the stack ends at every place within the call.
    for (let size = 0; size < 120; size++) {
      const suspensions = Array.from({ length: 40 }, () => new DirectSuspension());
      const promises: unknown[] = new Array(suspensions.length).fill(undefined);
      let at = 0;
      vu.locked = false;
      const earlier = new DirectSuspension();
      const brought: unknown[] = [];
      const keep = (promise: unknown): void =>
        void p.apply(p.nativeThen, promise, [
          (value: unknown) => brought.push(value),
          (error: unknown) => brought.push(String(error)),
        ]);
      keep(block(earlier));
      vu.locked = false;
      const step = (): void => {
        if (vu.locked) stuck++;
        vu.locked = false;
        const i = at++;
        if (i >= promises.length) return;
        promises[i] = block(suspensions[i]!);
        vu.locked = false;
      };
      const variables = Array.from({ length: size }, (_, i) => `v${i}`);
      const descend = new Function(
        'step',
        `return function descend(n) { ${variables.map((v) => `let ${v} = n;`).join('')} try { descend(n + 1) } catch {} try { step() } catch {} return [${variables}].length }`,
      )(step) as (n: number) => void;
      descend(0);
      const expected = ['earlier'];
      for (const [i, promise] of promises.entries())
        if (promise !== undefined) {
          keep(promise);
          expected.push(`value ${i}`);
        }
      earlier.resume('earlier');
      for (const [i, suspension] of suspensions.entries()) suspension.resume(`value ${i}`);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(brought.sort(), expected.sort(), `with ${size} variables`);
    }
    assert.equal(stuck, 0);
  });
});
