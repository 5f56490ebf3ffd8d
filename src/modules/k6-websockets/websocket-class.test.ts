// WebSocket (https://grafana.com/docs/k6/latest/javascript-api/k6-websockets/websocket/, and https://websockets.spec.whatwg.org for
// what that leaves open) against a real server.
import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createScriptBench, type ScriptBench } from '../../../test/script-bench.ts';
import type { Options } from '../../options/options.ts';
import { type SocketServer, startSocketServer } from './socket-server.fixture.ts';

/** Takes connections, and never says a word. */
async function startSilentServer(): Promise<{ url: string; close(): void }> {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      silent.close();
    },
  };
}

let server: SocketServer;
before(async () => {
  server = await startSocketServer();
});
after(() => server.close());

/** @param body calls `done()` when it has seen enough; `log` is the result */
const create = (body: string, options: Partial<Options> = {}): Promise<ScriptBench> =>
  createScriptBench(
    `import { WebSocket, Blob } from 'k6/websockets';
     import { sleep } from 'k6';
     const url = ${JSON.stringify(server.url)};
     const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.name; } };
     export default async function () { const log = []; await new Promise((done) => { ${body} }); return log; }`,
    options,
  );
const run = async (body: string, options?: Partial<Options>): Promise<unknown> => (await create(body, options)).run();

describe('a WebSocket that is made', () => {
  test('is connecting, with nothing agreed on yet', async () => {
    assert.deepEqual(
      await run(`
        const ws = new WebSocket(url + '/echo');
        log.push(ws.url === url + '/echo', ws.readyState, ws.protocol, ws.extensions, ws.bufferedAmount, ws.binaryType, ws.onopen, ws.onmessage, ws.onerror, ws.onclose, ws.onping, ws.onpong);
        ws.onopen = () => ws.close();
        ws.onclose = done;`),
      [true, 0, '', '', 0, 'blob', null, null, null, null, null, null],
    );
  });

  test('refuses what cannot be its address, its protocols or its params, with what it takes', async () => {
    const bench = await create(`
      const attempt = (...args) => { try { new WebSocket(...args).close(); log.push('made'); } catch (e) { log.push(e.message); } };
      attempt(url + '#'); attempt('ws:/h'); attempt('//h'); attempt(null);
      attempt(url, 5); attempt(url, {});
      for (const params of [5, 'x', { headers: [] .join }, { headers: 5 }, { jar: {} }, { jar: 'jar' }, { compression: true }, { http2: 'yes' }, { http2: true }, { timeout: 'soon' }, { tag: {} }, { tags: { a: {} } }]) attempt(url, null, params);
      done();`);
    const messages = (await bench.run()) as string[];
    const expected = [
      /fragment/,
      /must begin with ws:/,
      /must begin with ws:/,
      /requires a url/,
      /protocols must be text or a list/,
      /protocols must be text or a list/,
      /params must be an object, not number/,
      /params must be an object, not string/,
      /headers must be an object/,
      /headers must be an object/,
      /jar must be a CookieJar/,
      /jar must be a CookieJar/,
      /unsupported compression algorithm "true"/,
      /http2 must be true or false/,
      /http2 is for wss:/,
      /params.timeout must be a time/,
      /unknown option "tag"/,
      /metric tag 'a'/,
    ];
    assert.equal(messages.length, expected.length, messages.join('\n'));
    for (const [at, message] of messages.entries()) assert.match(message, expected[at]!);
    assert.equal(bench.samples.length, 0);
  });

  test('is refused in the init context', async () => {
    await assert.rejects(
      createScriptBench(
        `import { WebSocket } from 'k6/websockets'; new WebSocket('${server.url}'); export default () => {}`,
      ),
      /init context/,
    );
  });

  test('sends the credentials of its address as a header (RFC 7617), and shows no password anywhere', async () => {
    const bench = await create(`
      const ws = new WebSocket(url.replace('ws://', 'ws://user:p%40ss@') + '/echo');
      ws.onopen = () => ws.close();
      ws.onclose = done;`);
    await bench.run();
    assert.equal(
      server.handshakes.at(-1)!.headers.authorization,
      `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    );
    const [session] = bench.samples.filter(({ metric }) => metric === 'ws_sessions');
    assert.doesNotMatch(JSON.stringify(session!.tags), /p%40ss|p@ss/);
  });

  test('that does not open in the time it has is an error, and closes', async () => {
    const silent = await startSilentServer();
    try {
      const bench = await create(`
        const ws = new WebSocket('${silent.url}', null, { timeout: '50ms' });
        ws.onopen = () => log.push('open');
        ws.onerror = (e) => log.push(typeof e.error, ws.readyState);
        ws.onclose = (e) => { log.push(e.code, e.wasClean, ws.readyState); done(); };`);
      assert.deepEqual(await bench.run(), ['string', 3, 1006, false, 3]);
      assert.equal(bench.samples.filter(({ metric }) => metric === 'ws_failures').length, 1);
    } finally {
      silent.close();
    }
  });

  test('that is refused tells of an error and a close, and counts as a session of that status', async () => {
    const bench = await create(`
      const ws = new WebSocket(url + '/refuse');
      ws.onopen = () => log.push('open');
      ws.onerror = (e) => log.push(e.type);
      ws.onclose = (e) => { log.push(e.code, e.reason, e.wasClean); done(); };`);
    assert.deepEqual(await bench.run(), ['error', 1006, '', false]);
    assert.deepEqual(
      bench.samples.filter(({ metric }) => metric === 'ws_sessions').map(({ tags }) => tags['status']),
      ['403'],
    );
  });
});

describe('the events of a WebSocket', () => {
  test('name their type, their target and their time, and a message its origin', async () => {
    const from = Date.now();
    const events = (await run(`
      const ws = new WebSocket(url + '/greet');
      const show = (e) => log.push([e.type, e.target === ws, e.timestamp, e.data ?? null, e.origin ?? null]);
      ws.onopen = show;
      ws.onmessage = (e) => { show(e); ws.close(); };
      ws.onclose = (e) => { show(e); done(); };`)) as [string, boolean, number, string | null, string | null][];
    assert.deepEqual(
      events.map(([type, target, , data, origin]) => [type, target, data, origin]),
      [
        ['open', true, null, null],
        ['message', true, 'hello', server.url],
        ['close', true, null, null],
      ],
    );
    for (const [, , at] of events) assert.ok(at >= from && at <= Date.now());
  });

  test('open it before the first message is heard, though that came with the handshake', async () => {
    assert.deepEqual(
      await run(`
        const ws = new WebSocket(url + '/many?n=2');
        ws.addEventListener('message', (e) => { log.push(e.data); if (e.data === '1') ws.close(); });
        ws.addEventListener('open', () => { log.push('open'); sleep(0.02); });
        ws.addEventListener('close', done);`),
      ['open', '0', '1'],
    );
  });

  test('come one at a time: a handler that blocks makes the next ones wait, also those of another socket', async () => {
    assert.deepEqual(
      await run(`
        let open = 2;
        for (const name of ['a', 'b']) {
          const ws = new WebSocket(url + '/many?n=3');
          ws.onmessage = ({ data }) => { log.push(name + ' begins'); sleep(0.002); log.push(name + ' ends'); if (data === '2') ws.close(); };
          ws.onclose = () => { if (--open === 0) done(log.forEach((line, at) => { if (at % 2 === 1 && line !== log[at - 1].replace('begins', 'ends')) log.push('mixed'); })); };
        }`).then((log) => [(log as string[]).length, (log as string[]).includes('mixed')]),
      [12, false],
    );
  });

  test('are not heard of what arrives after close()', async () => {
    assert.deepEqual(
      await run(`
        const ws = new WebSocket(url + '/many?n=50');
        ws.onmessage = (e) => { log.push(e.data); ws.close(); };
        ws.onclose = (e) => { log.push(e.code); done(); };`),
      ['0', 1000],
    );
  });

  test('have handlers that are functions or nothing, and names that there are', async () => {
    assert.deepEqual(
      await run(`
        const ws = new WebSocket(url + '/echo');
        const f = () => {};
        ws.onmessage = f;
        log.push(ws.onmessage === f);
        for (const given of ['f', {}, 5]) log.push(thrown(() => { ws.onmessage = given; }));
        log.push(ws.onmessage === f);
        ws.onmessage = undefined;
        log.push(ws.onmessage);
        log.push(thrown(() => ws.addEventListener('data', f)), thrown(() => ws.addEventListener('message')), thrown(() => ws.addEventListener('message', {})), thrown(() => ws.removeEventListener('data', f)), thrown(() => ws.removeEventListener('message', f)));
        ws.onopen = () => ws.close();
        ws.onclose = done;`),
      [true, 'TypeError', 'TypeError', 'TypeError', true, null, 'Error', 'TypeError', 'TypeError', 'Error', 'nothing'],
    );
  });

  test('reach a function that was added twice two times, as in k6, until it is taken away as often', async () => {
    assert.deepEqual(
      await run(`
        const ws = new WebSocket(url + '/echo');
        const heard = () => log.push('heard');
        ws.addEventListener('message', heard); ws.addEventListener('message', heard);
        ws.onmessage = ({ data }) => { log.push(data); ws.removeEventListener('message', heard); if (data === '2') ws.close(); else ws.send('2'); };
        ws.onopen = () => ws.send('1');
        ws.onclose = done;`),
      // What is taken away by the first handler is not called any more for the next event.
      ['1', 'heard', 'heard', '2', 'heard'],
    );
  });
});

describe('what a WebSocket sends', () => {
  test('is text, bytes, a part of them or a Blob, and comes back the same', async () => {
    assert.deepEqual(
      await run(`
        const ws = new WebSocket(url + '/echo');
        ws.binaryType = 'arraybuffer';
        const bytes = new Uint8Array([1, 2, 3]);
        ws.onopen = () => { ws.send(''); ws.send('ü🎈'); ws.send(bytes.buffer); ws.send(bytes.subarray(1)); ws.send(new Blob([bytes, 'a'])); ws.send(new ArrayBuffer(0)); bytes.fill(9); };
        ws.onmessage = ({ data }) => { log.push(typeof data === 'string' ? data : [data instanceof ArrayBuffer, ...new Uint8Array(data)]); if (log.length === 6) ws.close(); };
        ws.onclose = done;`),
      ['', 'ü🎈', [true, 1, 2, 3], [true, 2, 3], [true, 1, 2, 3, 97], [true]],
    );
  });

  test('is nothing else, and a TypeError says so', async () => {
    assert.deepEqual(
      await run(`
        const ws = new WebSocket(url + '/echo');
        ws.onopen = () => { for (const given of [5, null, undefined, {}, [1], true]) log.push(thrown(() => ws.send(given))); ws.close(); };
        ws.onclose = done;`),
      Array(6).fill('TypeError'),
    );
  });

  test('needs an open socket: before and after it is an InvalidStateError', async () => {
    assert.deepEqual(
      await run(`
        const ws = new WebSocket(url + '/echo');
        const attempt = () => log.push(thrown(() => ws.send('x')), thrown(() => ws.ping()));
        attempt();
        ws.onopen = () => { ws.close(); attempt(); };
        ws.onclose = () => { attempt(); done(); };`),
      Array(6).fill('InvalidStateError'),
    );
  });

  test('comes as Blobs or ArrayBuffers, as binaryType says when a message is heard', async () => {
    assert.deepEqual(
      await run(`
        const ws = new WebSocket(url + '/greet-binary');
        log.push(thrown(() => { ws.binaryType = 'nodebuffer'; }), thrown(() => { ws.binaryType = ''; }), ws.binaryType);
        ws.onmessage = ({ data }) => {
          log.push(data instanceof Blob ? 'Blob' : data instanceof ArrayBuffer ? 'ArrayBuffer' : typeof data);
          if (log.length === 5) ws.close(); else { ws.binaryType = 'arraybuffer'; ws.send(data); }
        };
        ws.onclose = done;`),
      ['TypeError', 'TypeError', 'blob', 'Blob', 'ArrayBuffer'],
    );
  });
});

describe('close() of a WebSocket', () => {
  test('takes 1000 and what is free to be used, and a reason that a frame can hold', async () => {
    assert.deepEqual(
      await run(`
        const ws = new WebSocket(url + '/echo');
        ws.onopen = () => {
          for (const code of [0, 999, 1001, 1005, 1006, 2999, 5000, 'x', NaN]) log.push(thrown(() => ws.close(code)));
          log.push(thrown(() => ws.close(1000, 'x'.repeat(124))), thrown(() => ws.close(3000, 'ü'.repeat(62))), ws.readyState, thrown(() => ws.close(4999, 'ü'.repeat(61) + 'x')), ws.readyState);
        };
        ws.onclose = (e) => { log.push(e.code, e.reason.length, e.wasClean); done(); };`),
      [...Array(9).fill('InvalidAccessError'), 'SyntaxError', 'SyntaxError', 1, 'nothing', 2, 4999, 62, true],
    );
  });

  test('tells the server its code', async () => {
    await run(
      `const ws = new WebSocket(url + '/told'); ws.onopen = () => ws.close(3210, 'enough'); ws.onclose = done;`,
    );
    assert.equal(await server.closedWith('/told'), 3210);
  });

  test('while it is connecting ends that: with an error, and without being opened', async () => {
    assert.deepEqual(
      await run(`
        const ws = new WebSocket(url + '/echo');
        ws.onopen = () => log.push('open');
        ws.onerror = () => log.push('error', ws.readyState);
        ws.onclose = (e) => { log.push(e.code, e.wasClean); done(); };
        ws.close();
        log.push(ws.readyState);`),
      [2, 'error', 3, 1006, false],
    );
  });

  test('of what is closing or closed does nothing, but is still told what is wrong', async () => {
    assert.deepEqual(
      await run(`
        const ws = new WebSocket(url + '/echo');
        ws.onopen = () => { ws.close(3001); ws.close(3002); log.push(thrown(() => ws.close(5))); };
        ws.onclose = (e) => { log.push(e.code, thrown(() => ws.close()), ws.readyState); done(); };`),
      ['InvalidAccessError', 3001, 'nothing', 3],
    );
  });
});

test('an iteration lasts until its sockets have closed, though its function has returned', async () => {
  const bench = await createScriptBench(`
    import { WebSocket } from 'k6/websockets';
    export default function () {
      for (const path of ['/many?n=3', '/greet']) {
        const ws = new WebSocket(${JSON.stringify(server.url)} + path);
        ws.onmessage = ({ data }) => { console.log(data); if (data === 'hello' || data === '2') ws.close(); };
      }
    }`);
  await bench.run();
  assert.deepEqual(bench.logs.map((line) => line.replace('info: ', '')).sort(), ['0', '1', '2', 'hello']);
  assert.equal(bench.samples.filter(({ metric }) => metric === 'ws_session_duration').length, 2);
});
