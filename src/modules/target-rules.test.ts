// Whatever a script speaks goes by the rules of whoever lets it run, and nothing that it sets changes them.
import assert from 'node:assert/strict';
import net, { type AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { runFiles } from '../vu/script-lab.fixture.ts';
import { startProxy } from '../wire/net/proxy-server.fixture.ts';
import type { TargetSettings } from '../wire/net/target-rules.ts';

let port = 0;
let accepted = 0;
const server = net.createServer((socket) => {
  accepted++;
  socket.on('error', () => {}).on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
});
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
after(() => void server.close());

/** What a script does to reach AT, 127.0.0.1:PORT, each in its own words; it says or throws what came of it. */
const WAYS: Readonly<Record<string, string>> = {
  http: "say(http.get('http://' + AT).error)",
  https: "say(http.get('https://' + AT).error)",
  batch: "say(http.batch(['http://' + AT])[0].error)",
  async: "say((await http.asyncRequest('GET', 'http://' + AT)).error)",
  grpc: "new grpc.Client().connect(AT, { plaintext: true, timeout: '20s' })",
  ws: "say(ws.connect('ws://' + AT, () => {}).error)",
  websockets: "await new Promise((done) => { new WebSocket('ws://' + AT).onerror = (e) => done(say(e.error)); })",
  sse: "say(sse.open('http://' + AT, (client) => client.on('error', (e) => say(e.error()))).error)",
  redis: "await new redis.Client('redis://' + AT).get('a')",
  mqtt: "await new Promise((done) => { const c = new mqtt.Client(); c.on('error', (e) => done(say(e.message))); c.connect('mqtt://' + AT); })",
  tcp: "await new tcp.Socket().connect(PORT, '127.0.0.1')",
  tls: 'await tls.getCertificate(AT)',
  ssh: "ssh.connect({ host: '127.0.0.1', port: PORT, username: 'a', password: 'b' })",
  postgres: "sql.open(postgres, 'postgres://a:b@' + AT + '/c?sslmode=disable').query('SELECT 1')",
  mysql: "sql.open(mysql, 'a:b@tcp(' + AT + ')/c').query('SELECT 1')",
  dns: "await dns.resolve('shop.test', 'A', AT)",
};

/** @returns what came of each way, by its name */
async function attempt(
  targets: TargetSettings,
  ways: Readonly<Record<string, string>>,
  options = '{}',
): Promise<Record<string, string>> {
  const main = `
    import http from 'k6/http'; import grpc from 'k6/net/grpc'; import ws from 'k6/ws'; import { WebSocket } from 'k6/websockets';
    import sse from 'k6/x/sse'; import redis from 'k6/x/redis'; import * as mqtt from 'k6/x/mqtt'; import * as tcp from 'k6/x/tcp';
    import tls from 'k6/x/tls'; import ssh from 'k6/x/ssh'; import sql from 'k6/x/sql'; import dns from 'k6/x/dns';
    import postgres from 'k6/x/sql/driver/postgres'; import mysql from 'k6/x/sql/driver/mysql';
    const PORT = ${port}, AT = '127.0.0.1:${port}';
    export const options = ${options};
    const ways = { ${Object.entries(ways).map(([name, body]) => `${name}: async (say) => { ${body} }`)} };
    export default async function () {
      for (const name of Object.keys(ways)) {
        let said = '';
        try { await ways[name]((text) => { said += text; }); } catch (error) { said += error.message ?? error; }
        console.log(name + ' ' + said);
      }
    }`;
  const { said, complaints } = await runFiles({ 'main.js': main }, { targets });
  assert.equal(said.length, Object.keys(ways).length, complaints.join('\n'));
  return Object.fromEntries(said.map((line) => [line.split(' ', 1)[0]!, line.slice(line.indexOf(' ') + 1)]));
}

test('each protocol is refused what is blocked and what is not allowed, and contacts nothing', async () => {
  for (const [targets, sentence] of [
    [{ allowed: null, blocked: ['127.0.0.0/8'] }, /the service blocks 127\.0\.0\.1:\d+ for all runs/],
    [{ allowed: ['10.0.0.0/8'], blocked: [] }, /the project of the run does not allow 127\.0\.0\.1:\d+/],
  ] as const) {
    const said = await attempt(targets, WAYS);
    for (const name of Object.keys(WAYS)) assert.match(said[name]!, sentence, name);
  }
  assert.equal(accepted, 0);
});

test('a proxy of the script’s own is no way out, whatever host its connection was made for', async () => {
  const proxy = await startProxy();
  try {
    const at = `127.0.0.1:${proxy.port}`;
    const ways = {
      first: "say(http.get('http://' + AT).body ?? '')",
      second: "say(http.get('http://127.0.0.2:' + PORT).error)",
      tunnel: "say(http.get('https://127.0.0.2:' + PORT).error)",
    };
    const options = `{ httpProxy: 'http://${at}' }`;
    const closed = await attempt({ allowed: [`127.0.0.1:${port}`], blocked: [] }, { only: ways.tunnel }, options);
    assert.match(closed['only']!, /the project of the run does not allow 127\.0\.0\.2:/);
    const unknown = { only: "say(http.get('http://' + AT).error)" };
    const direct = await attempt({ allowed: [`127.0.0.1:${port}`], blocked: [] }, unknown, options);
    assert.match(direct['only']!, new RegExp(`the project of the run does not allow ${at}: `));
    assert.deepEqual(proxy.asked, []);
    const open = await attempt({ allowed: [`127.0.0.1:${port}`, at], blocked: [] }, ways, options);
    assert.equal(open['first'], 'ok');
    assert.match(open['second']!, /the project of the run does not allow 127\.0\.0\.2:/);
    assert.match(open['tunnel']!, /the project of the run does not allow 127\.0\.0\.2:/);
    assert.deepEqual(proxy.asked, [`GET http://127.0.0.1:${port}/`]);
  } finally {
    proxy.close();
  }
});

test('what is allowed is reached; options of the script do not widen it', async () => {
  const allowed = [`127.0.0.1:${port}`, 'shop.localhost'];
  const ways = {
    own: "say(http.get('http://' + AT).body)",
    other: "say(http.get('http://127.0.0.2:' + PORT).error)",
    mapped: "say(http.get('http://shop.localhost:' + PORT).error)",
    redirected: "say(http.get('http://[::1]:' + PORT).error)",
  };
  const options = `{ hosts: { 'shop.localhost': '127.0.0.2' }, blacklistIPs: [], blockHostnames: [], targets: { allowed: null, blocked: [] },
    allowedTargets: null, dns: { policy: 'any' } }`;
  const said = await attempt({ allowed, blocked: [] }, ways, options);
  assert.equal(said['own'], 'ok');
  for (const name of ['other', 'mapped', 'redirected'])
    assert.match(said[name]!, /the project of the run does not allow /, name);
});
