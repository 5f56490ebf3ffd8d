import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { until } from '../../../test/end-to-end/until.ts';
import { createScriptBench } from '../../../test/script-bench.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-extension-'));
after(() => rmSync(folder, { recursive: true }));
const home = path.join(folder, 'node_modules', 'sixfold-x-try');
mkdirSync(home, { recursive: true });
writeFileSync(
  path.join(home, 'package.json'),
  JSON.stringify({
    name: 'sixfold-x-try',
    version: '1.0.0',
    type: 'module',
    sixfold: { api: 1, modules: { 'k6/x/try': './index.js' } },
  }),
);
writeFileSync(
  path.join(home, 'index.js'),
  `export default {
    create(host) {
      const calls = host.metric('try_calls', 'counter');
      const run = (call, ...args) => args;
      let secret;
      return {
        list: [1, { a: 'b' }],
        echo: { kind: 'plain', run },
        later: { kind: 'blocking', async run(call, ms, value) { await new Promise((resolve) => setTimeout(resolve, ms)); calls.add(call, 2, { kind: 'later' }); return value; } },
        promised: { kind: 'promise', run: async (call, value) => value },
        whose: { kind: 'plain', run: (call) => [call.vu, call.phase, call.iteration] },
        fail: { kind: 'blocking', async run() { throw new RangeError('out of it'); } },
        failNow: { kind: 'plain', run() { throw new TypeError('at once'); } },
        never: { kind: 'blocking', run: (call) => new Promise(() => call.signal.addEventListener('abort', () => host.log('info', 'aborted'))) },
        connect: { kind: 'blocking', async run(call, port) { (await call.connect({ host: '127.0.0.1', port })).destroy(); } },
        thenable: { kind: 'plain', run: () => ({ then: 1, bytes: new Uint8Array([1, 2]), at: new Date(5), deep: { list: [null] } }) },
        Box: { kind: 'class', construct: (call, value) => ({ value }), methods: { get: { kind: 'plain', run: (call, state) => state.value }, put: { kind: 'blocking', async run(call, state, value) { state.value = value; } } } },
      };
    },
  };`,
);
const bench = (body: string, settings = {}) =>
  createScriptBench(
    `import ext, { Box } from 'k6/x/try'; export default async function () { ${body} }`,
    settings,
    `${folder}/`,
  );

test('functions, classes and data of an extension', async () => {
  const script = await bench(
    `const order = [];
     Promise.resolve().then(() => order.push('promise'));
     order.push(ext.later(20, 'waited'));
     const soFar = [...order];
     const box = new Box({ n: 1 });
     box.put([2]);
     ext.list.push('mine');
     return [soFar, box.get(), box instanceof Box, await ext.promised(3), ext.list, ext.whose()];`,
  );
  assert.deepEqual(await script.run(), [['waited'], [2], true, 3, [1, { a: 'b' }, 'mine'], [1, 'iteration', 0]]);
  assert.deepEqual(
    script.samples.map(({ metric, value, tags }) => [metric, value, tags['kind']]),
    [['try_calls', 2, 'later']],
  );
});

test('values cross as copies of the realm they go to', async () => {
  const script = await bench(
    `const shared = { a: [1, new Date(7), new Uint8Array([9]).buffer], get b() { return 'got'; }, ['__proto__']: { own: true } };
     const [back] = ext.echo(shared);
     const given = ext.thenable();
     return [back !== shared, back.b, Object.getPrototypeOf(back) === Object.prototype, Object.keys(back), back.a[1] instanceof Date, [...back.a[2]],
       given.bytes instanceof Uint8Array, given.at instanceof Date, Object.getPrototypeOf(given.deep.list) === Array.prototype, given.constructor === Object, ext.echo.constructor === Function];`,
  );
  assert.deepEqual(await script.run(), [
    true,
    'got',
    true,
    ['a', 'b', '__proto__'],
    true,
    [9],
    true,
    true,
    true,
    true,
    true,
  ]);
});

test('what cannot cross is refused, and what an extension throws is an error of the script', async () => {
  const script = await bench(
    `const loop = {}; loop.self = loop;
     const endless = new Proxy([], { get: (target, key) => key === 'length' ? 1e9 : 1 });
     const all = [];
     for (const attempt of [() => ext.echo(1, () => 1), () => ext.echo({ s: Symbol('x') }), () => ext.echo(loop), () => ext.echo(endless), () => ext.echo({ get x() { throw new Error('mine'); } }), () => ext.fail(), () => ext.failNow(), () => Box.prototype.get.call({}), () => ext.connect(1)]) {
       try { all.push(attempt()); } catch (e) { all.push([e.constructor === globalThis[e.name], e.name, e.message, e.error_code].join(' ')); }
     }
     return all;`,
  );
  assert.deepEqual(await script.run(), [
    'true TypeError argument 2 of echo() holds a function, which cannot be handed to an extension ',
    'true TypeError argument 1 of echo() holds a symbol, which cannot be handed to an extension ',
    'true TypeError argument 1 of echo() is too deep to be handed to an extension: does it hold itself? ',
    'true TypeError argument 1 of echo() is too large to be handed to an extension ',
    'true Error mine ',
    'true RangeError out of it ',
    'true TypeError at once ',
    'true TypeError this is not a Box ',
    'true Error dial: connection refused 1212',
  ]);
});

test('connections of an extension are the dialer of the test', async () => {
  const server = net.createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as net.AddressInfo;
    const script = await bench(`try { ext.connect(${port}) } catch (e) { return e.error_code }`, {
      blacklistIPs: ['127.0.0.0/8'],
    });
    assert.equal(await script.run(), 1110);
    const open = await bench(`ext.connect(${port}); return 'connected'`);
    assert.equal(await open.run(), 'connected');
  } finally {
    server.close();
  }
});

test('a call that never returns ends with the iteration, and hears of it', async () => {
  const script = await bench('ext.never()');
  const running = script.run().catch(() => 'abandoned');
  setImmediate(() => script.vu.interrupt());
  await Promise.race([running, until(() => script.logs.length > 0, 'it hears of the end')]);
  assert.deepEqual(script.logs, ['info: aborted']);
});
