// The socket of k6/ws (https://grafana.com/docs/k6/latest/javascript-api/k6-ws/socket/) against a real server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createScriptBench, type ScriptBench } from '../../../test/script-bench.ts';
import { type SocketServer, startSocketServer } from '../k6-websockets/socket-server.fixture.ts';

let server: SocketServer;
before(async () => {
  server = await startSocketServer();
});
after(() => server.close());

/** @param body sets a `socket` up that is connected to the path; whatever it puts into `log` is the result */
const create = (path: string, body: string): Promise<ScriptBench> =>
  createScriptBench(
    `import ws from 'k6/ws';
     import { sleep } from 'k6';
     const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.message; } };
     export default function () { const log = []; ws.connect(${JSON.stringify(server.url + path)}, {}, (socket) => { ${body} }); return log; }`,
  );
const run = async (path: string, body: string): Promise<unknown> => (await create(path, body)).run();

describe('handlers of a socket', () => {
  test('of one event are called in the order in which they came, with the socket as `this`', async () => {
    assert.deepEqual(
      await run(
        '/greet',
        `for (const n of [1, 2, 3]) socket.on('message', function (data) { log.push([n, data, this === socket]); if (n === 3) socket.close(); });`,
      ),
      [
        [1, 'hello', true],
        [2, 'hello', true],
        [3, 'hello', true],
      ],
    );
  });

  test('that come while the event is under way hear of the next one', async () => {
    assert.deepEqual(
      await run(
        '/many?n=2',
        `socket.on('message', (data) => {
           log.push('first ' + data);
           if (data === '0') socket.on('message', (more) => { log.push('second ' + more); socket.close(); });
         });`,
      ),
      ['first 0', 'first 1', 'second 1'],
    );
  });

  test('are functions; of an event that there is not they are kept quietly', async () => {
    assert.deepEqual(
      await run(
        '/greet',
        `for (const given of [undefined, null, 'f', {}]) log.push(thrown(() => socket.on('message', given)));
         socket.on('data', () => log.push('never')); socket.on('toString', () => log.push('never')); socket.on('timer', () => log.push('never'));
         socket.on('open', () => socket.close());`,
      ),
      ['undefined', 'object', 'string', 'object'].map(
        (type) => `on() takes the name of an event and a function, not ${type}`,
      ),
    );
  });

  test('that block make the next events wait, which come in their order all the same', async () => {
    assert.deepEqual(
      await run(
        '/many?n=20',
        `socket.on('message', (data) => { if (data === '0') sleep(0.02); log.push(Number(data)); if (data === '19') socket.close(); });`,
      ),
      Array.from({ length: 20 }, (_, i) => i),
    );
  });

  test('hear of text as text and of bytes as an ArrayBuffer, each in its own event', async () => {
    assert.deepEqual(
      await run(
        '/greet-binary',
        `socket.on('message', (data) => { log.push(data); socket.close(); });
         socket.on('binaryMessage', (data) => { log.push([data instanceof ArrayBuffer, ...new Uint8Array(data)]); socket.send('text'); });`,
      ),
      [[true, 1, 2, 3], 'text'],
    );
  });

  test('hear of a ping of the server, and of the answer to their own, which is measured', async () => {
    const bench = await create(
      '/ping',
      `socket.on('ping', () => { log.push('ping'); socket.ping(); });
       socket.on('pong', () => { log.push('pong'); socket.close(); });`,
    );
    assert.deepEqual(await bench.run(), ['ping', 'pong']);
    const pings = bench.samples.filter(({ metric }) => metric === 'ws_ping');
    assert.equal(pings.length, 1);
    assert.ok(pings[0]!.value > 0);
  });

  test('that throw end the socket with 1001 and come out of connect(), whatever else waits', async () => {
    const bench = await create(
      '/many?n=5',
      `socket.on('message', () => { throw new RangeError('mine'); });
       socket.setInterval(() => { throw new Error('late'); }, 1);
       socket.on('close', () => console.log('never'));`,
    );
    await assert.rejects(bench.run(), /RangeError: mine/);
    assert.equal(await server.closedWith('/many'), 1001);
    assert.deepEqual(bench.logs, []);
  });
});

describe('send() and sendBinary()', () => {
  test('send whatever it is as text', async () => {
    assert.deepEqual(
      await run(
        '/echo',
        `const sent = ['', 'ünï🎈', 5, null, { toString: () => 'own' }, [1, 2]];
         socket.on('open', () => sent.forEach((data) => socket.send(data)));
         socket.on('message', (data) => { log.push(data); if (log.length === sent.length) socket.close(); });`,
      ),
      ['', 'ünï🎈', '5', 'null', 'own', '1,2'],
    );
  });

  test('send the bytes of a buffer, or of the part that a view shows, as they are then', async () => {
    assert.deepEqual(
      await run(
        '/echo',
        `const bytes = new Uint8Array([1, 2, 3, 4]);
         socket.on('open', () => {
           socket.sendBinary(bytes.buffer); socket.sendBinary(bytes.subarray(1, 3)); socket.sendBinary(new DataView(bytes.buffer, 3)); socket.sendBinary(new ArrayBuffer(0));
           bytes.fill(9);
         });
         socket.on('binaryMessage', (data) => { log.push([...new Uint8Array(data)]); if (log.length === 4) socket.close(); });`,
      ),
      [[1, 2, 3, 4], [2, 3], [4], []],
    );
  });

  test('refuse what is no bytes with what they were given', async () => {
    assert.deepEqual(
      await run(
        '/echo',
        `for (const given of ['text', undefined, 5, {}, [1]]) log.push(thrown(() => socket.sendBinary(given)));
         socket.on('open', () => socket.close());`,
      ),
      ['string', 'undefined', 'number', 'object', 'object'].map(
        (type) => `expected ArrayBuffer as argument, received: ${type}`,
      ),
    );
  });

  test('carry a large message both ways', async () => {
    assert.deepEqual(
      await run(
        '/echo',
        `const text = 'ü'.repeat(500_000);
         socket.on('open', () => socket.send(text));
         socket.on('message', (data) => { log.push(data === text); socket.close(); });`,
      ),
      [true],
    );
  });

  test('of a socket that is closing, and pings of it, are errors that its handlers hear of, before the close', async () => {
    assert.deepEqual(
      await run(
        '/echo',
        `socket.on('open', () => { socket.close(); socket.send('late'); socket.sendBinary(new ArrayBuffer(1)); socket.ping(); });
         socket.on('error', (e) => log.push(e.error()));
         socket.on('close', () => log.push('close'));`,
      ),
      [...Array(3).fill('websocket: close sent'), 'close'],
    );
  });

  test('may be called while the function sets the socket up', async () => {
    assert.deepEqual(
      await run('/echo', `socket.send('early'); socket.on('message', (data) => { log.push(data); socket.close(); });`),
      ['early'],
    );
  });
});

describe('the end of a socket', () => {
  test('is 1001 for the server unless close() says another code, which both sides see', async () => {
    assert.deepEqual(
      await run(
        '/default',
        `socket.on('open', () => { socket.close(); socket.close(); }); socket.on('close', (code) => log.push(code));`,
      ),
      [1001],
    );
    assert.equal(await server.closedWith('/default'), 1001);
    assert.deepEqual(
      await run(
        '/own',
        `socket.on('open', () => socket.close(4321)); socket.on('error', () => log.push('error')); socket.on('close', (code) => log.push(code));`,
      ),
      [4321],
    );
    assert.equal(await server.closedWith('/own'), 4321);
  });

  test('takes no code that the protocol has not', async () => {
    assert.deepEqual(
      await run(
        '/echo',
        `for (const code of [0, 999, 5000, 1000.5, NaN, 'x', -1]) log.push(thrown(() => socket.close(code)));
         socket.on('open', () => socket.close());`,
      ),
      ['0', '999', '5000', '1000.5', 'NaN', 'x', '-1'].map(
        (given) => `close() takes a code from 1000 to 4999, not ${given}`,
      ),
    );
  });

  test('that the server brings about is an error first, unless it is a normal one', async () => {
    const body = `socket.on('error', (e) => log.push(e.error())); socket.on('close', (code) => log.push(code));`;
    assert.deepEqual(await run('/close?code=1000', body), [1000]);
    assert.deepEqual(await run('/close?code=1001', body), [1001]);
    assert.deepEqual(await run('/close?code=4400&reason=go', body), ['websocket: close 4400: go', 4400]);
    assert.deepEqual(await run('/close', body), ['websocket: close 1005 (no status)', 1005]);
  });

  test('that comes without a word is an error, and 1006', async () => {
    const [message, code] = (await run(
      '/lost',
      `socket.on('error', (e) => log.push(e.error())); socket.on('close', (code) => log.push(code));`,
    )) as [string, number];
    assert.match(message, /^websocket: close 1006 \(abnormal closure\)/);
    assert.equal(code, 1006);
  });

  test('is what an error says in text, too', async () => {
    assert.deepEqual(
      await run(
        '/close?code=1011',
        `socket.on('error', (e) => log.push(String(e) === e.error(), Object.keys(e).includes('error')));`,
      ),
      [true, true],
    );
  });
});

describe('timers of a socket', () => {
  test('go off in the order of their times, and again and again where they are intervals', async () => {
    assert.deepEqual(
      await run(
        '/echo',
        `socket.setTimeout(() => log.push('late'), 40);
         socket.setTimeout(() => log.push('early'), 1);
         let ticks = 0;
         socket.setInterval(() => { if (!log.includes('late')) return; log.push('tick'); if (++ticks === 3) socket.close(); }, 2);`,
      ),
      ['early', 'late', 'tick', 'tick', 'tick'],
    );
  });

  test('have the socket as `this`, and no arguments', async () => {
    assert.deepEqual(
      await run(
        '/echo',
        `socket.setTimeout(function (...args) { log.push(this === socket, args.length); socket.close(); }, 1);`,
      ),
      [true, 0],
    );
  });

  test('need a function and a time above 0', async () => {
    assert.deepEqual(
      await run(
        '/echo',
        `for (const ms of [0, -1, NaN, undefined, 'soon']) log.push(thrown(() => socket.setTimeout(() => {}, ms)), thrown(() => socket.setInterval(() => {}, ms)));
         log.push(thrown(() => socket.setTimeout('f', 1)), thrown(() => socket.setInterval(undefined, 1)));
         socket.on('open', () => socket.close());`,
      ),
      [
        ...['0', '-1', 'NaN', 'undefined', 'soon'].flatMap((ms) =>
          ['setTimeout', 'setInterval'].map((name) => `${name} requires a >0 timeout parameter, received ${ms}`),
        ),
        'setTimeout() takes a function and the time in ms',
        'setInterval() takes a function and the time in ms',
      ],
    );
  });

  test('end with the socket, and keep nobody waiting', async () => {
    const bench = await create(
      '/echo',
      `socket.setTimeout(() => console.log('never'), 3_600_000);
       socket.setInterval(() => console.log('never'), 3_600_000);
       socket.on('open', () => socket.close());
       socket.on('close', () => log.push('close'));`,
    );
    assert.deepEqual(await bench.run(), ['close']);
    assert.deepEqual(bench.logs, []);
  });

  test('do not pile up while a handler blocks', async () => {
    assert.deepEqual(
      await run(
        '/greet',
        `let ticks = 0;
         socket.setInterval(() => { ticks++; }, 1);
         socket.on('message', () => { const before = ticks; sleep(0.05); log.push(ticks - before); socket.setTimeout(() => { log.push(ticks < 20); socket.close(); }, 1); });`,
      ),
      [0, true],
    );
  });
});

test('methods of a socket are called on nothing else, and it comes from connect() only', async () => {
  assert.deepEqual(
    await run(
      '/echo',
      `for (const name of ['on', 'send', 'sendBinary', 'ping', 'setTimeout', 'setInterval', 'close'])
         log.push(thrown(() => socket[name].call({}, name === 'sendBinary' ? new ArrayBuffer(1) : name === 'on' ? 'open' : () => {}, name === 'on' ? () => {} : 1)));
       log.push(thrown(() => new socket.constructor()));
       socket.on('open', () => socket.close());`,
    ),
    [...Array(7).fill('this is not a Socket'), 'a Socket comes from connect(); it cannot be constructed'],
  );
});
