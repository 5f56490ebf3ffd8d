// Against Debian's mosquitto on loopback, and brokers of the test's own that break the protocol.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';
import { type MosquittoServer, NO_MOSQUITTO, spawnMosquitto } from '../../../test/servers/spawn-mosquitto.ts';
import { findFreePort, spawnOnLoopback } from '../../../test/servers/spawn-on-loopback.ts';
import { createCertificates } from '../../demo/certificates.ts';

const bench = (body: string, options = {}) =>
  createScriptBench(
    `import { Client } from 'k6/x/mqtt';
     import { sleep } from 'k6';
     const text = (payload) => String.fromCharCode.apply(null, new Uint8Array(payload));
     const said = (f) => { try { f(); return 'fine'; } catch (e) { return e.name + ' ' + (e.error_code ?? '') + ' ' + e.message; } };
     const outcome = (promise) => promise.then(() => 'fine', (e) => (e.error_code ?? e.name) + ' ' + e.message);
     export default async function () { const log = []; ${body} }
     export function nothing() {}`,
    options,
  );
const sum = (samples: readonly { metric: string; value: number }[], metric: string) =>
  samples.filter((sample) => sample.metric === metric).reduce((total, { value }) => total + value, 0);

describe('mosquitto', { skip: NO_MOSQUITTO }, () => {
  const ports = { plain: 0, tls: 0, web: 0, closed: 0 };
  let broker: MosquittoServer;

  before(async () => {
    broker = await spawnMosquitto(createCertificates(['localhost', '127.0.0.1']), [
      'topic readwrite #',
      'topic deny secret/#',
      'pattern readwrite %c/#',
    ]);
    Object.assign(ports, broker.ports, { closed: await findFreePort() });
  });
  after(() => broker.stop());

  test('a client connects, subscribes, publishes and hears of it, as its documentation shows; calls and messages are counted', async () => {
    const script = await bench(`
      const client = new Client({ tags: { device: 'one' } });
      client.on('connect', async () => {
        log.push('connected ' + client.connected);
        client.subscribe('greeting');
        client.publish('greeting', 'Hello MQTT!');
      });
      client.on('message', (topic, message) => { log.push(topic + ' ' + text(message) + ' ' + (message instanceof ArrayBuffer)); client.end(); });
      let over;
      const ended = new Promise((done) => client.on('end', () => { log.push('ended ' + client.connected); done(); }));
      client.connect('mqtt://127.0.0.1:${ports.plain}');
      log.push(client.connected);
      await ended;
      return log;`);
    assert.deepEqual(await script.run(), [true, 'connected true', 'greeting Hello MQTT! true', 'ended false']);
    const { samples } = script;
    assert.deepEqual(
      [
        'mqtt_calls',
        'mqtt_errors',
        'mqtt_message_sent',
        'mqtt_message_received',
        'mqtt_data_sent',
        'mqtt_data_received',
      ].map((metric) => sum(samples, metric)),
      [5, 0, 1, 1, 11, 11],
    );
    assert.ok(samples.every(({ tags }) => tags['device'] === 'one'));
  });

  test('every QoS is delivered in both directions, binary too, and each once', async () => {
    const script = await bench(`
      const client = new Client();
      const seen = [];
      let all;
      const done = new Promise((resolve) => { all = resolve; });
      client.on('message', (topic, payload) => { seen.push(topic.slice(-1) + text(payload)); if (seen.length === 9) all(); });
      client.connect('127.0.0.1:${ports.plain}');
      for (const qos of [0, 1, 2]) {
        client.subscribe(['qos/' + qos, 'other/' + qos], { qos });
        client.publish('qos/' + qos, 'a', { qos });
        await client.publishAsync('qos/' + qos, new Uint8Array([98]).buffer, { qos, tags: { kind: 'binary' } });
        await Promise.all([client.publishAsync('qos/' + qos, 'c', { qos })]);
      }
      await done;
      await client.unsubscribeAsync(['qos/0', 'qos/1', 'qos/2']);
      client.publish('qos/1', 'unheard', { qos: 1 });
      await client.endAsync();
      return seen.sort();`);
    assert.deepEqual(await script.run(), ['0a', '0b', '0c', '1a', '1b', '1c', '2a', '2b', '2c']);
    assert.equal(
      script.samples.filter(({ metric, tags }) => metric === 'mqtt_message_sent' && tags['kind'] === 'binary').length,
      3,
    );
  });

  test('TLS and WebSockets carry it too; a certificate that is not trusted is refused', async () => {
    const body = (url: string) => `
      const client = new Client();
      const heard = new Promise((done) => client.on('message', (topic, payload) => done(text(payload))));
      const connected = await outcome(client.connectAsync('${url}'));
      if (!client.connected) return connected;
      client.subscribe('tls');
      client.publish('tls', 'x'.repeat(100000), { qos: 1 });
      const { length } = await heard;
      client.end();
      return length;`;
    const insecureSkipTLSVerify = true;
    assert.equal(await (await bench(body(`mqtts://localhost:${ports.tls}`), { insecureSkipTLSVerify })).run(), 100_000);
    assert.equal(await (await bench(body(`ws://127.0.0.1:${ports.web}/mqtt`))).run(), 100_000);
    assert.match(String(await (await bench(body(`ssl://localhost:${ports.tls}`))).run()), /^1310 x509/);
    assert.match(String(await (await bench(body(`mqtt://127.0.0.1:${ports.tls}`))).run()), /^(?:2303|1220) /);
    assert.match(String(await (await bench(body(`mqtts://127.0.0.1:${ports.plain}`))).run()), /^(?:1301|1040|1220) /);
  });

  test('a will is published when the client is cut off, not when it says goodbye; retained messages are there later', async () => {
    const watcher = await bench(`
      const client = new Client();
      let gone;
      const willed = new Promise((done) => { gone = done; });
      client.on('message', (topic, payload) => { log.push(topic + '=' + text(payload)); if (topic === 'will/lost') gone(); });
      client.connect('mqtt://127.0.0.1:${ports.plain}');
      client.subscribe('will/#');
      const polite = new Client({ client_id: 'polite', will: { topic: 'will/polite', payload: 'bye' } });
      polite.connect('mqtt://127.0.0.1:${ports.plain}');
      polite.end();
      // The same identifier again: the broker cuts the first one off.
      const one = new Client({ client_id: 'twin', will: { topic: 'will/lost', payload: 'cut off', qos: 1, retain: true } });
      const lost = new Promise((done) => one.on('error', (e) => done(e.error_code)));
      one.connect('mqtt://127.0.0.1:${ports.plain}');
      const two = new Client({ client_id: 'twin' });
      two.connect('mqtt://127.0.0.1:${ports.plain}');
      log.push(await lost);
      await willed;
      const late = new Client();
      const kept = new Promise((done) => late.on('message', (topic, payload) => done(text(payload))));
      late.connect('mqtt://127.0.0.1:${ports.plain}');
      late.subscribe('will/lost');
      log.push(await kept);
      for (const c of [client, two, late]) c.end();
      return log.sort();`);
    assert.deepEqual(await watcher.run(), [2303, 'cut off', 'will/lost=cut off']);
    assert.deepEqual(
      watcher.samples.filter(({ metric }) => metric === 'mqtt_errors').map(({ tags }) => tags['error_code']),
      ['2303'],
    );
  });

  test('what keeps a client from connecting has its code: thrown, or an event where one listens; the next server is tried', async () => {
    const script = await bench(
      `
      const quiet = new Client();
      const heard = new Promise((done) => quiet.on('error', (e) => { if (log.push(e.error_code) === 3) done(); }));
      quiet.connect('mqtt://127.0.0.1:${ports.closed}');
      log.push(quiet.connected);
      quiet.publish('a', 'b');
      const all = [said(() => new Client().connect('mqtt://127.0.0.1:${ports.closed}')), said(() => new Client().connect('mqtt://blocked.example')), said(() => new Client().publish('a', 'b'))];
      const client = new Client({ client_id: '' });
      all.push(said(() => client.connect('mqtt://127.0.0.1:${ports.plain}', { clean_session: false })));
      all.push(said(() => client.connect('mqtt://127.0.0.1:${ports.closed}', { servers: ['mqtt://127.0.0.1:${ports.plain}'] })), client.connected, said(() => client.connect('127.0.0.1')));
      client.end();
      await heard;
      return [...all, log];`,
      { blockHostnames: ['blocked.example'] },
    );
    const [refused, blocked, idle, identifier, second, connected, twice, log] = (await script.run()) as unknown[];
    assert.equal(refused, 'Error 1212 dial: connection refused');
    assert.match(String(blocked), /^Error 1111 /);
    assert.equal(idle, 'Error 2303 mqtt: not connected');
    assert.equal(
      identifier,
      'TypeError  clean_session: false needs a client_id, by which the broker knows the session',
    );
    assert.deepEqual([second, connected], ['fine', true]);
    assert.equal(twice, 'InvalidStateError  connect() needs a client that is not connected');
    assert.deepEqual(log, [false, 1212, 2303]);
  });

  test('a broker that dies ends the client with an error; a script may connect anew when it is back', async () => {
    const port = await findFreePort();
    const start = () => spawnOnLoopback('mosquitto', ['-p', String(port)], [port]);
    let mortal = await start();
    const script = await bench(`
      const client = new Client();
      client.on('connect', () => log.push('connect'));
      client.on('reconnect', () => log.push('reconnect'));
      const ended = new Promise((done) => client.on('end', () => { log.push('end'); done(); }));
      client.on('error', (e) => { log.push(e.error_code); if (log.length < 3) { for (let i = 0; !client.connected && i < 200; i++) { sleep(0.05); client.reconnect(); } } });
      client.connect('mqtt://127.0.0.1:${port}');
      await ended;
      return [...new Set(log)];`);
    const run = script.run();
    /** A CONNACK has four bytes, and nothing else comes. */
    const isConnected = async (times: number) => {
      while (script.vu.meter.received < 4 * times) await new Promise((resolve) => setImmediate(resolve));
    };
    await isConnected(1);
    await mortal.kill();
    mortal = await start();
    await isConnected(2);
    await mortal.kill();
    const log = (await run) as unknown[];
    assert.equal(log[0], 'connect');
    assert.ok(log.includes('reconnect') && log.includes('end'), JSON.stringify(log));
    assert.ok(log.includes(2303) || log.includes(1220), JSON.stringify(log));
  });
});

describe('brokers that break the protocol', () => {
  const servers: Server[] = [];
  const CONNACK = Buffer.from([0x20, 2, 0, 0]);

  /** @param answer given what the client sent last */
  async function listen(answer: (socket: Socket, data: Buffer, turn: number) => void): Promise<number> {
    const server = createServer((socket) => {
      let turn = 0;
      socket.on('error', () => {});
      socket.on('data', (data: Buffer) => answer(socket, data, turn++));
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  after(() => {
    for (const server of servers) server.close();
  });

  // Patient, so that a slow machine changes no outcome; who waits for a silent broker says how long.
  const connecting = async (port: number, more = '', settings = 'connect_timeout: 60000, keepalive: 60') =>
    (
      await bench(
        `const client = new Client(); let heard = ''; client.on('error', (e) => { heard += ' heard ' + e.error_code; });
         const said = await outcome(client.connectAsync('127.0.0.1:${port}', { ${settings} }));
         ${more}
         return said + heard;`,
        { maxResponseBytes: 1000 },
      )
    ).run();

  test('garbage, silence, hanging up, a wrong code and what a broker must not send are told apart', async () => {
    const garbage = await listen((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const silent = await listen(() => {});
    const hangsUp = await listen((socket) => socket.end());
    const refuses = await listen((socket) => socket.write(Buffer.from([0x20, 2, 0, 5])));
    const early = await listen((socket) => socket.write(Buffer.from([0x30, 4, 0, 1, 97, 98])));
    assert.match(String(await connecting(garbage)), /^2304 mqtt: /);
    assert.match(
      String(await connecting(silent, '', 'connect_timeout: 200')),
      /^2305 mqtt: no CONNACK in time \(\d+ ms\)/,
    );
    assert.match(String(await connecting(hangsUp)), /^2303 mqtt: the broker has closed the connection/);
    assert.match(String(await connecting(refuses)), /^2301 mqtt: connection refused: not authorized/);
    assert.match(String(await connecting(early)), /^2304 mqtt: a PUBLISH before CONNACK/);
  });

  test('a broker that answers no ping, refuses a subscription, or sends more than may be, is told by its code', async () => {
    const deaf = await listen((socket, _data, turn) => turn === 0 && socket.write(CONNACK));
    const lost = `await new Promise((done) => client.on('end', done));`;
    assert.equal(await connecting(deaf, lost, 'keepalive: 0.05'), 'fine heard 2305');
    const refusing = await listen((socket, data, turn) =>
      socket.write(turn === 0 ? CONNACK : Buffer.from([0x90, 4, data[2]!, data[3]!, 0, 0x80])),
    );
    assert.equal(
      await connecting(
        refusing,
        `const refused = await outcome(client.subscribeAsync(['free', 'secret'])); client.end(); return refused;`,
      ),
      '2302 mqtt: the broker refuses the subscription to secret',
    );
    const endless = await listen((socket, _data, turn) =>
      socket.write(
        turn === 0 ? Buffer.concat([CONNACK, Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(5000)]) : '',
      ),
    );
    assert.match(String(await connecting(endless, 'return said;')), /^2304 mqtt: a packet has more than 1000 bytes/);
  });

  test('a publication of QoS 2 that comes again before it is released is one message', async () => {
    const publish = Buffer.from([0x34, 6, 0, 1, 97, 0, 7, 120]);
    const repeating = await listen((socket, _data, turn) => {
      if (turn === 0) socket.write(Buffer.concat([CONNACK, publish, publish]));
      if (turn === 1) socket.write(Buffer.concat([Buffer.from([0x62, 2, 0, 7]), publish]));
    });
    const result = await connecting(
      repeating,
      `let count = 0; await new Promise((done) => client.on('message', () => { if (++count === 2) done(); })); client.end(); return count;`,
    );
    assert.equal(result, 2);
  });
});

test('wrong input is named', async () => {
  const script = await bench(`
    const client = new Client();
    return [said(() => new Client({ username: 5 })), said(() => new Client({ will: { topic: 'a/#' } })), said(() => new Client({ will: { topic: 'a', qos: 3 } })), said(() => new Client(5)),
      said(() => client.connect()), said(() => client.connect('amqp://x')), said(() => client.connect('mqtt://')), said(() => client.connect('x', { keepalive: -1 })), said(() => client.connect('x', { servers: 'y' })), said(() => client.connect('x', { clean_session: 'no' })),
      said(() => client.publish('a/+', 'x')), said(() => client.publish('a')), said(() => client.publish('a', 'x', { qos: '1' })), said(() => client.subscribe('a#')), said(() => client.subscribe([])), said(() => client.on('close', () => {})),
      said(() => client.reconnect()), said(() => client.end()), said(() => client.publish.call({}, 'a', 'b')), said(() => new Client({ credentials_provider: () => 5 }).connect('127.0.0.1'))];`);
  assert.deepEqual(await script.run(), [
    'TypeError  username must be text, not number',
    'TypeError  will: publish() takes a topic without + and #, not "a/#"',
    'TypeError  qos is 0, 1 or 2, not 3',
    'TypeError  Client() takes options must be an object, not number',
    'TypeError  connect() takes the URL of a broker: mqtt://broker.example:1883',
    "TypeError  a broker's URL begins with mqtt://, tcp://, mqtts://, ssl://, tls://, ws://, wss://, not amqp://",
    'TypeError  cannot read the broker\'s URL "mqtt://": write mqtt://broker.example:1883',
    'TypeError  keepalive must be a number from 0 to 65535, not -1',
    'TypeError  servers must be a list of URLs',
    'TypeError  clean_session must be true or false, not string',
    'TypeError  publish() takes a topic without + and #, not "a/+"',
    'TypeError  publish() takes the payload as text or an ArrayBuffer, not undefined',
    'TypeError  qos is 0, 1 or 2, not 1',
    'TypeError  subscribe() cannot read "a#": + stands for a whole level, # for all at the end',
    'TypeError  subscribe() takes at least one topic',
    'TypeError  unknown event "close": there are connect, message, end, reconnect, error',
    'InvalidStateError  reconnect() needs a client that was connected before',
    'fine',
    'TypeError  this is not a Client',
    'TypeError  credentials_provider must return { username, password }, which must be an object, not number',
  ]);
});
