import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileModule } from './compiler/compile.ts';
import { instantiate } from './instantiate.ts';
import { createRealm } from './realm.ts';
import type { ScriptVu, VuLoop } from './realm-interface.ts';
import { Suspension } from './runtime/suspension.ts';
import { AbandonedError } from './runtime/vu-loop.ts';

const realm = createRealm();
let programs = 0;

function createVu(): ScriptVu {
  const vu = {} as { loop: VuLoop };
  vu.loop = realm.createLoop(vu);
  return vu;
}

/** Runs the default export of a script whose host module is `k6/host`. */
async function run(code: string, module: Record<string, unknown> = {}, vu = createVu()): Promise<unknown> {
  const program = { ...compileModule({ code }), name: `realm-${++programs}.js` };
  const { exports } = await instantiate(realm, program, vu, { globals: {}, import: () => module });
  return (await vu.loop.run(exports['default'], undefined, [])).value;
}

const pause = realm.blockingFunction(
  'pause',
  1,
  (x: unknown) => new Suspension(new Promise((resolve) => setImmediate(resolve, x))),
);

describe('the realm', () => {
  it('keeps the process out of reach of scripts, by whatever way', async () => {
    const boom = realm.hostFunction('boom', 0, () => {
      throw new TypeError('from the host');
    });
    const reach = (value: string): string => `(${value}).constructor.constructor('return typeof process')()`;
    const ways = [
      'pause',
      'boom',
      'pause(1) ?? {}',
      '(() => { try { boom() } catch (e) { return e } })()',
      'globalThis',
      'Promise.resolve()',
    ];
    const code = `import { pause, boom } from 'k6/host'; export default () => [${ways.map(reach).join(',')}].join()`;
    assert.equal(await run(code, { pause, boom }), ways.map(() => 'undefined').join());
    assert.match(
      String(
        await run(`export default () => { try { Function('return import("fs")')() } catch (e) { return e.message } }`),
      ),
      /import is not available/,
    );
  });

  it('turns host errors into errors of the realm, with name and message', async () => {
    const boom = realm.blockingFunction('boom', 0, () => new Suspension(Promise.reject(new RangeError('too far'))));
    const code =
      "import { boom } from 'k6/host'; export default () => { try { boom() } catch (e) { return [e instanceof RangeError, e.name, e.message].join() } }";
    assert.equal(await run(code, { boom }), 'true,RangeError,too far');
  });

  it('suspends the calling VU alone', async () => {
    const trail: string[] = [];
    const log = realm.hostFunction('log', 1, (x: string) => void trail.push(x));
    const code = (name: string): string =>
      `import { pause, log } from 'k6/host'; export default () => { log('${name}1'); pause(1); log('${name}2') }`;
    await Promise.all([run(code('a'), { pause, log }), run(code('b'), { pause, log })]);
    assert.deepEqual(trail, ['a1', 'b1', 'a2', 'b2']);
  });

  it('lets nothing else of a VU run while it is blocked', async () => {
    const trail: string[] = [];
    const vu = createVu();
    const log = realm.hostFunction('log', 1, (x: string) => void trail.push(x));
    const later = realm.hostFunction('later', 1, (f: unknown) => vu.loop.post(f, undefined, []));
    const code =
      "import { pause, log, later } from 'k6/host'; export default () => { later(() => { log('event'); pause(1); log('event end') }); Promise.resolve().then(() => log('promise')); pause(1); log('end') }";
    await run(code, { pause, log, later }, vu);
    await vu.loop.idle();
    assert.deepEqual(trail, ['end', 'promise', 'event', 'event end']);
  });

  it('fails the job when code that is not compiled makes a blocking call, even if the error is caught', async () => {
    let asked = 0;
    const ask = realm.blockingFunction('ask', 0, () => ++asked);
    const code =
      "import { ask, call } from 'k6/host'; export default () => { try { call(ask) } catch {} return 'caught' }";
    const call = realm.evaluate('(f) => f()');
    await assert.rejects(run(code, { ask, call }), /ask\(\) cannot wait here/);
    assert.equal(asked, 0);
  });

  it('fails the job when a getter of code that is not compiled calls back to what blocks, whatever it does with that', async () => {
    for (const getter of [
      '[cb()]',
      '(() => { cb(); throw 1 })()',
      '(() => { try { return String(cb()) } catch {} })()',
    ]) {
      const library = realm.evaluate(`(cb) => ({ get x() { return ${getter} } })`);
      const code = `import { library, pause } from 'k6/host';
        class Own { get x() { return pause(1) } }
        export default () => { const o = library(() => pause(2)); try { return [o.x, new Own().x] } catch {} }`;
      const vu = createVu();
      await assert.rejects(run(code, { library, pause }, vu), /cannot wait here/, getter);
      await vu.loop.idle();
      assert.equal(await run("import { pause } from 'k6/host'; export default () => pause(5)", { pause }, vu), 5);
    }
  });

  it('never resumes what was suspended when the loop is abandoned, and can be used again', async () => {
    const trail: string[] = [];
    const vu = createVu();
    const log = realm.hostFunction('log', 1, (x: string) => void trail.push(x));
    const code =
      "import { pause, log } from 'k6/host'; export default () => { try { pause(1) } catch { log('catch') } finally { log('finally') } }";
    const running = run(code, { pause, log }, vu);
    await new Promise((resolve) => process.nextTick(resolve));
    while (!(vu.loop as unknown as { handle: { locked: boolean } }).handle.locked) await Promise.resolve();
    vu.loop.abandon();
    await assert.rejects(running, AbandonedError);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    assert.deepEqual(trail, []);
    assert.equal(await run("import { pause } from 'k6/host'; export default () => pause(5)", { pause }, vu), 5);
  });

  it('knows whose a rejected promise is', async () => {
    const vu = createVu();
    const promises: unknown[] = [];
    const keep = realm.hostFunction('keep', 1, (promise: unknown) => void promises.push(promise));
    const code =
      "import { keep } from 'k6/host'; export default () => { const p = (async () => { await null; throw new TypeError('lost') })(); keep(p); p.catch(() => {}) }";
    await run(code, { keep }, vu);
    await vu.loop.idle();
    assert.equal((realm.protocol['ownerOf'] as (promise: unknown) => unknown)(promises[0]), vu);
  });
});
