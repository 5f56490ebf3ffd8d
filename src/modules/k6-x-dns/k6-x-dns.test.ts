// Against a name server of the test's own on loopback.
import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { after, before, test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';
import { readNameServer } from './name-servers.ts';

const CODES: Readonly<Record<string, number>> = { nxdomain: 3, servfail: 2, refused: 5, notimp: 4, formerr: 1 };
const TRUNCATED = 0x0200;

/** Answers by the first label: an error by its name, `many` with two addresses, `none` without any, `long` only over TCP. */
function answer(query: Buffer, overTcp: boolean): Buffer | null {
  const [first = ''] = readLabels(query);
  if (first === 'silent') return null;
  if (first === 'garbage') return Buffer.concat([query.subarray(0, 2), Buffer.alloc(11, 0x81)]);
  const type = query.readUInt16BE(query.indexOf(0, 12) + 1);
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  const records: Buffer[] = [];
  const truncated = first === 'long' && !overTcp;
  if (!(first in CODES) && first !== 'none' && !truncated) {
    const addresses =
      type === 1
        ? [Buffer.from([192, 0, 2, 1]), Buffer.from([192, 0, 2, 2])]
        : [Buffer.from('20010db8000000000000000000000001', 'hex')];
    for (const address of addresses.slice(0, first === 'many' ? 2 : 1)) {
      const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, address.length]);
      records.push(head, address);
    }
  }
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8180 | (truncated ? TRUNCATED : 0) | (CODES[first] ?? 0), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length / 2, 6);
  return Buffer.concat([head, question, ...records]);
}

function readLabels(query: Buffer): string[] {
  const labels: string[] = [];
  for (let at = 12; query[at] !== 0; at += query[at]! + 1)
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!));
  return labels;
}

let udp: Socket;
let tcp: Server;
let server: string;
let port: number;
let asked: string[] = [];

before(async () => {
  udp = createSocket('udp4', (query, from) => {
    asked.push(readLabels(query).join('.'));
    const reply = answer(query, false);
    if (reply !== null) udp.send(reply, from.port, from.address);
  });
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  port = udp.address().port;
  server = `127.0.0.1:${port}`;
  tcp = createServer((socket) => {
    socket.on('data', (data: Buffer) => {
      const reply = answer(data.subarray(2), true)!;
      socket.end(Buffer.concat([Buffer.from([reply.length >> 8, reply.length & 255]), reply]));
    });
  });
  tcp.listen(port, '127.0.0.1');
  await once(tcp, 'listening');
});
after(() => {
  udp.close();
  tcp.close();
});

const script = (body: string): string =>
  `import dns, { resolve } from 'k6/x/dns';
   const server = ${JSON.stringify(server)};
   const outcome = (promise) => promise.then((value) => value, (e) => e.name + ' ' + e.error_code + ' ' + e.message);
   export default async function () { ${body} }`;

test('a server of choice is asked, for A and AAAA, over TCP where UDP has no room; a name without a record has none', async () => {
  const bench = await createScriptBench(
    script(`return [await dns.resolve('many.example', 'A', server), await resolve('one.example', 'aaaa', server), await dns.resolve('none.example', 'A', server),
      await dns.resolve('long.example.', 'A', server)];`),
  );
  assert.deepEqual(await bench.run(), [['192.0.2.1', '192.0.2.2'], ['2001:db8::1'], [], ['192.0.2.1']]);
  const counts = bench.samples.filter(({ metric }) => metric === 'dns_resolutions');
  assert.equal(counts.length, 4);
  assert.deepEqual(counts[1]?.tags, { group: '', query: 'one.example', record_type: 'AAAA', nameserver: server });
  assert.equal(bench.samples.filter(({ metric }) => metric === 'dns_resolution_duration').length, 4);
});

test('each question is asked once and of the server, never of a cache', async () => {
  asked = [];
  const bench = await createScriptBench(
    script(`for (let i = 0; i < 3; i++) await dns.resolve('again.example', 'A', server);
      await outcome(dns.resolve('servfail.example', 'A', server));`),
  );
  await bench.run();
  assert.deepEqual(asked, ['again.example', 'again.example', 'again.example', 'servfail.example']);
});

test('what a server answers, or does not, has its code', async () => {
  const closed = createSocket('udp4');
  closed.bind(0, '127.0.0.1');
  await once(closed, 'listening');
  const nobody = `127.0.0.1:${closed.address().port}`;
  await new Promise<void>((done) => closed.close(done));
  const bench = await createScriptBench(
    script(`const names = ['nxdomain', 'servfail', 'refused', 'notimp', 'silent'];
      return Promise.all([...names.map((name) => outcome(dns.resolve(name + '.example', 'A', server))), outcome(dns.resolve('a.example', 'A', '${nobody}'))])
        .then(async (all) => [...all, await outcome(dns.resolve('garbage.example', 'A', server))]);`),
  );
  assert.deepEqual(await bench.run(), [
    `Error 1101 lookup nxdomain.example on ${server}: no such host`,
    `Error 1103 lookup servfail.example on ${server}: temporary failure in name resolution`,
    `Error 1104 lookup refused.example on ${server}: query refused`,
    `Error 1100 lookup notimp.example on ${server}: queryA ENOTIMP notimp.example`,
    `Error 1102 lookup silent.example on ${server}: i/o timeout`,
    `Error 1104 lookup a.example on ${nobody}: query refused`,
    `Error 1100 lookup garbage.example on ${server}: queryA EBADRESP garbage.example`,
  ]);
  const codes = bench.samples
    .filter(({ metric }) => metric === 'dns_resolutions')
    .map(({ tags }) => tags['error_code']);
  assert.deepEqual(codes.sort(), ['1100', '1100', '1101', '1102', '1103', '1104', '1104']);
});

test('the network options hold for the name server; look-ups ask the system', async () => {
  const bench = await createScriptBench(
    script(`return [await outcome(dns.resolve('one.example', 'A', 'ns.example:${port}')), await outcome(dns.resolve('one.example', 'A', 'blocked.example:53')),
      await outcome(dns.resolve('one.example', 'A', '10.0.0.1')), (await dns.lookup('localhost')).length > 0, await outcome(dns.lookup('nowhere.invalid'))];`),
    { hosts: { 'ns.example': '127.0.0.1' }, blacklistIPs: ['10.0.0.0/8'], blockHostnames: ['blocked.example'] },
  );
  const [mapped, blocked, banned, found, missing] = (await bench.run()) as unknown[];
  assert.deepEqual(mapped, ['192.0.2.1']);
  assert.equal(
    blocked,
    'Error 1111 name server blocked.example: hostname (blocked.example) is in a blocked pattern (blocked.example)',
  );
  assert.equal(banned, 'Error 1110 name server 10.0.0.1: IP (10.0.0.1) is in a blacklisted range (10.0.0.0/8)');
  assert.equal(found, true);
  // Without a network the system's resolver fails in another way.
  assert.match(String(missing), /^Error 110[0-4] lookup/);
  const lookups = bench.samples.filter(({ metric }) => metric === 'dns_lookups');
  assert.deepEqual(
    lookups.map(({ tags }) => tags['hostname']),
    ['localhost', 'nowhere.invalid'],
  );
});

test('wrong input is refused before anything is asked, and counts as no question', async () => {
  const bench = await createScriptBench(
    script(`const said = (f) => f.then(() => 'asked', (e) => e.name + ': ' + e.message);
      return [await said(dns.resolve('', 'A', server)), await said(dns.resolve('a b', 'A', server)), await said(dns.resolve('a.example', 'MX', server)),
        await said(dns.resolve('a.example', 'A')), await said(dns.resolve('a.example', 'A', '1.2.3.4:x')), await said(dns.lookup('')), await said(dns.lookup('x'.repeat(64)))];`),
  );
  assert.deepEqual(await bench.run(), [
    "TypeError: resolve() takes a name such as 'example.com'",
    'TypeError: resolve() cannot ask for "a b": it is no name of a host',
    'TypeError: resolve() knows the record types A and AAAA, not "MX"',
    "TypeError: resolve() takes the name server as its third argument: '8.8.8.8:53'",
    'TypeError: cannot read the name server "1.2.3.4:x": write 8.8.8.8:53, or [2606:4700:4700::1111]:53',
    "TypeError: lookup() takes a name such as 'example.com'",
    `TypeError: lookup() cannot ask for "${'x'.repeat(64)}": it is no name of a host`,
  ]);
  assert.deepEqual(bench.samples, []);
  await assert.rejects(
    createScriptBench(`import dns from 'k6/x/dns'; await dns.lookup('localhost'); export default () => {};`),
    /looking up names in the init context is not supported/,
  );
});

test('name servers are read as scripts write them', () => {
  assert.deepEqual(['8.8.8.8:53', '[::1]:5353', '::1', 'ns.example', '1.1.1.1'].map(readNameServer), [
    { host: '8.8.8.8', port: 53 },
    { host: '::1', port: 5353 },
    { host: '::1', port: 53 },
    { host: 'ns.example', port: 53 },
    { host: '1.1.1.1', port: 53 },
  ]);
  for (const wrong of ['', ':53', '1.1.1.1:0', '1.1.1.1:65536', '[1.1.1.1]:53', 'a:b:c'])
    assert.throws(() => readNameServer(wrong), TypeError, wrong);
});
