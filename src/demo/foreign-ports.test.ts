import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { startTarget, type Target } from './target.ts';

let target: Target;
before(async () => {
  target = await startTarget();
});
after(() => target.close());

const placeOf = (address: string) => {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
};

/** What comes back for some octets, until there is as much as is wanted, or the connection ends. */
function exchange(octets: string, enough = 1): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(placeOf(target.addresses.protocols));
    let came = '';
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      came += text;
      if (came.length >= enough) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(came));
    socket.write(Buffer.from(octets, 'latin1'));
  });
}

test('the name server finds names, unless their first label says otherwise', async () => {
  const resolver = new dns.promises.Resolver({ timeout: 5000, tries: 1 });
  resolver.setServers([target.addresses.names]);
  assert.deepEqual(await resolver.resolve4('shop.test'), ['127.0.0.1']);
  await assert.rejects(resolver.resolve6('shop.test'), { code: 'ENODATA' });
  await assert.rejects(resolver.resolve4('SERVFAIL.test'), { code: 'ESERVFAIL' });
  await assert.rejects(resolver.resolve4('nxdomain.test'), { code: 'ENOTFOUND' });
});

test('each protocol is known by what a client says first', async () => {
  assert.equal(await exchange('*1\r\n$4\r\nPING\r\n'), '+PONG\r\n');
  assert.equal(
    await exchange('*2\r\n$3\r\nGET\r\n$9\r\ncode:2002\r\n', 20),
    '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n',
  );
  assert.equal(await exchange('\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0', 4), '\x20\x02\0\0');
  assert.match(await exchange('\0\0\0\x1f\0\x03\0\0user\0a\0database\x0028P01\0\0', 40), /^E.*C28P01\0/s);
  assert.match(await exchange('SSH-2.0-test\r\n', 8), /^SSH-2\.0-/);
});

test('what is none of them, or lies about its length, ends a connection and nothing else', async () => {
  assert.equal(await exchange('GET / HTTP/1.1\r\n\r\n'), '');
  assert.equal(await exchange(`*9999\r\n${'$5\r\n'.repeat(20_000)}`, 1), '');
  assert.equal(await exchange('\x10\xff\xff\xff\x7f'.padEnd(70_000, 'x')), '');
  assert.equal(await exchange('\0\xff\xff\xff'), '');
  assert.equal(await exchange('\0\0\0\0'), '');
  // An MQTT packet without what it should have in it has no answer, and the next one has.
  assert.equal(await exchange('\x10\0\x82\0\x32\x01a\xc0\0', 4), '\x20\x02\0\0\xd0\0');
  const socket = dgram.createSocket('udp4');
  const { host, port } = placeOf(target.addresses.names);
  for (const octets of ['', 'x', '\0'.repeat(12), `\0\0\0\0\0\x01\0\0\0\0\0\0\xff${'a'.repeat(9)}`])
    await new Promise((resolve) => socket.send(Buffer.from(octets, 'latin1'), port, host, resolve));
  socket.send(Buffer.from('\0\x07\x01\0\0\x01\0\0\0\0\0\0\x01a\0\0\x01\0\x01', 'latin1'), port, host);
  const [answer] = (await once(socket, 'message')) as [Buffer];
  assert.equal(answer.readUInt16BE(0), 7);
  socket.close();
  assert.equal(await exchange('*1\r\n$4\r\nPING\r\n'), '+PONG\r\n');
});
