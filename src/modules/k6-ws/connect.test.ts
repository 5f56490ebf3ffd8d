// connect() of k6/ws (https://grafana.com/docs/k6/latest/javascript-api/k6-ws/connect/) against a real server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createScriptBench, type ScriptBench } from '../../../test/script-bench.ts';
import type { Options } from '../../options/options.ts';
import { type SocketServer, startSocketServer } from '../k6-websockets/socket-server.fixture.ts';

let server: SocketServer;
before(async () => {
  server = await startSocketServer();
});
after(() => server.close());

const create = (body: string, options: Partial<Options> = {}): Promise<ScriptBench> =>
  createScriptBench(
    `import ws from 'k6/ws';
     import http from 'k6/http';
     import { sleep } from 'k6';
     const url = ${JSON.stringify(server.url)};
     const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.name + ': ' + e.message; } };
     export default function () { const log = []; ${body} }`,
    options,
  );
const run = async (body: string, options?: Partial<Options>): Promise<unknown> => (await create(body, options)).run();

describe('connect() of k6/ws', () => {
  test('runs its function before anything is heard of the socket, and returns when that has closed', async () => {
    assert.deepEqual(
      await run(`
        ws.connect(url + '/greet', {}, (socket) => {
          socket.on('close', () => log.push('close'));
          socket.on('message', () => { log.push('message'); socket.close(); });
          socket.on('open', () => log.push('open'));
          sleep(0.01);
          log.push('set up');
        });
        log.push('returned');
        return log;`),
      ['set up', 'open', 'message', 'close', 'returned'],
    );
  });

  test('takes no params, or null or undefined for them', async () => {
    assert.deepEqual(
      await run(`
        const close = (socket) => socket.on('open', () => socket.close());
        return [ws.connect(url, close), ws.connect(url, null, close), ws.connect(url, undefined, close), ws.connect(url, {}, close)].map((r) => r.status);`),
      [101, 101, 101, 101],
    );
  });

  test('says what is missing or wrong before it connects to anything', async () => {
    const before = server.handshakes.length;
    const messages = (await run(`
      const f = () => {};
      return [() => ws.connect(url), () => ws.connect(url, {}), () => ws.connect(url, {}, 'f'), () => ws.connect('', {}, f), () => ws.connect(undefined, {}, f), () => ws.connect(url.replace('ws:', 'http:'), {}, f),
        () => ws.connect(url + '#part', {}, f), () => ws.connect(url, { compression: 'gzip' }, f), () => ws.connect(url, { headers: 'a: b' }, f), () => ws.connect(url, { jar: {} }, f), () => ws.connect(url, 'params', f)].map(thrown);`)) as string[];
    const expected = [
      /takes a function/,
      /takes a function/,
      /takes a function/,
      /requires a url/,
      /requires a url/,
      /must begin with ws:\/\/ or wss:/,
      /must not have a fragment/,
      /unsupported compression algorithm "gzip"/,
      /headers must be an object/,
      /must be a CookieJar/,
      /params must be an object, not string/,
    ];
    for (const [at, message] of messages.entries()) assert.match(message, expected[at]!);
    assert.equal(messages.length, expected.length);
    assert.equal(server.handshakes.length, before);
  });

  test('cannot be used in the init context', async () => {
    await assert.rejects(
      createScriptBench(`import ws from 'k6/ws'; ws.connect('${server.url}', {}, () => {}); export default () => {}`),
      /init context/,
    );
  });

  test('returns the answer to the handshake, with headers of one name joined', async () => {
    assert.deepEqual(
      await run(`
        const r = ws.connect(url + '/cookie', {}, (socket) => socket.on('open', () => socket.close()));
        return [r.status, r.url === url + '/cookie', r.headers.Upgrade, r.headers['X-Twice'], r.body, r.error];`),
      [101, true, 'websocket', '1, 2', '', ''],
    );
  });

  test('returns the answer that refuses the handshake, and never runs its function', async () => {
    const bench = await create(`
      const r = ws.connect(url + '/refuse', {}, () => log.push('ran'));
      return [r.status, r.headers['X-Why'], r.body, r.error, log];`);
    assert.deepEqual(await bench.run(), [403, 'no, never', 'body', '', []]);
    const sessions = bench.samples.filter(({ metric }) => metric === 'ws_sessions');
    assert.deepEqual(
      sessions.map(({ tags, value }) => [tags['status'], value]),
      [['403', 1]],
    );
    assert.equal(bench.samples.filter(({ metric }) => metric === 'ws_session_duration').length, 0);
  });

  test('warns of a server that is not there and returns status 0 with the error, or throws it where the option says so', async () => {
    const script = `const r = ws.connect('ws://127.0.0.1:1/', {}, () => log.push('ran')); return [r.status, r.headers, r.body, r.error !== '', log];`;
    const bench = await create(script);
    assert.deepEqual(await bench.run(), [0, {}, '', true, []]);
    assert.equal(bench.logs.filter((line) => line.startsWith('warning: Attempt to establish')).length, 1);
    await assert.rejects(run(script, { throw: true }), /refused/);
  });

  test('sends the headers of its params, and the user agent of the options unless they have one', async () => {
    await run(
      `const close = (socket) => socket.on('open', () => socket.close());
       ws.connect(url + '/headers', { headers: { 'X-One': 1, 'x-two': 'zwei' } }, close);
       ws.connect(url + '/headers', { headers: { 'user-agent': 'own' } }, close);`,
      { userAgent: 'of the options' },
    );
    const [first, second] = server.handshakes.slice(-2).map(({ headers }) => headers);
    assert.deepEqual(
      [first!['x-one'], first!['x-two'], first!['user-agent'], second!['user-agent']],
      ['1', 'zwei', 'of the options', 'own'],
    );
  });

  test('sends a subprotocol that its headers name, which the server may choose', async () => {
    const bench = await create(`
      const r = ws.connect(url + '/protocol', { headers: { 'Sec-WebSocket-Protocol': 'chat' } }, (socket) => socket.on('open', () => socket.close()));
      return [r.status, r.headers['Sec-Websocket-Protocol'], r.error];`);
    assert.deepEqual(await bench.run(), [101, 'chat', '']);
    assert.equal(server.handshakes.at(-1)!.headers['sec-websocket-protocol'], 'chat');
    assert.deepEqual(
      bench.samples.filter(({ metric }) => metric === 'ws_sessions').map(({ tags }) => tags['subproto']),
      ['chat'],
    );
  });

  test('sends the cookies of the virtual user, or those of a jar of its own, and keeps what is set', async () => {
    assert.deepEqual(
      await run(`
        const close = (socket) => socket.on('open', () => socket.close());
        const page = url.replace('ws:', 'http:') + '/';
        const own = new http.CookieJar();
        own.set(page, 'mine', '1');
        http.cookieJar().set(page, 'ours', '2');
        ws.connect(url + '/cookie', { jar: own }, close);
        ws.connect(url + '/seen', { jar: own }, close);
        ws.connect(url + '/seen', {}, close);
        return [own.cookiesForURL(page).socket, http.cookieJar().cookiesForURL(page).socket ?? null];`),
      [['yes'], null],
    );
    const [own, ours] = server.handshakes.slice(-2).map(({ headers }) => headers.cookie);
    assert.deepEqual([own!.split('; ').sort(), ours], [['mine=1', 'socket=yes'], 'ours=2']);
  });

  test('measures the session, with the tags of its params', async () => {
    const bench = await create(`
      ws.connect(url + '/greet', { tags: { kind: 'order', n: 5 } }, (socket) => {
        socket.on('message', (data) => { if (data !== 'hello') return; socket.send('a'); socket.sendBinary(new ArrayBuffer(1)); });
        socket.on('binaryMessage', () => socket.close());
      });`);
    await bench.run();
    const of = (metric: string): number => bench.samples.filter((sample) => sample.metric === metric).length;
    assert.deepEqual(
      ['ws_sessions', 'ws_connecting', 'ws_session_duration', 'ws_msgs_sent', 'ws_msgs_received', 'ws_ping'].map(of),
      [1, 1, 1, 2, 3, 0],
    );
    for (const { metric, tags } of bench.samples.filter((sample) => sample.metric.startsWith('ws_'))) {
      assert.deepEqual([tags['kind'], tags['n'], tags['url']], ['order', '5', `${server.url}/greet`], metric);
      assert.equal(tags['status'], '101', metric);
    }
  });

  test('may be called from within a handler of another socket, which waits meanwhile', async () => {
    assert.deepEqual(
      await run(`
        ws.connect(url + '/many?n=2', {}, (outer) => {
          outer.on('message', (data) => {
            log.push('outer ' + data);
            ws.connect(url + '/greet', {}, (inner) => inner.on('message', (text) => { log.push('inner ' + text); inner.close(); }));
            if (data === '1') outer.close();
          });
          outer.on('close', () => log.push('outer closes'));
        });
        return log;`),
      ['outer 0', 'inner hello', 'outer 1', 'inner hello', 'outer closes'],
    );
  });

  test('throws what its function throws, and leaves no socket behind', async () => {
    const bench = await create(`ws.connect(url + '/thrown', {}, () => { throw new RangeError('mine'); });`);
    await assert.rejects(bench.run(), /RangeError: mine/);
    assert.equal(await server.closedWith('/thrown'), 1001);
  });
});
