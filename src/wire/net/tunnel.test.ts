// What a tunnel is made of on the wire: proxies that answer by a script, octet for octet (RFC 1928, RFC 1929, RFC 9110 section 9.3.6).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { parseProxy } from '../../addresses/proxy-address.ts';
import { openTunnel } from './tunnel.ts';
import { WireError } from './wire-error.ts';

/** Answers to what has come so far, one after the other: the next one is due once so many octets have come in all. */
type Script = readonly { readonly after: number; readonly say: Buffer | string }[];

let script: Script = [];
/** All that the last client said. */
let said: Buffer = Buffer.alloc(0);
const server = net.createServer((socket) => {
  const steps = [...script];
  said = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    said = Buffer.concat([said, chunk]);
    while (steps[0] !== undefined && said.length >= steps[0].after) socket.write(steps.shift()!.say, 'latin1');
  });
});
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => server.close());

interface Outcome {
  readonly error: WireError | null;
  readonly socket: net.Socket;
}

async function open(proxy: string, host: string, steps: Script, port = 443): Promise<Outcome> {
  script = steps;
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  try {
    return await new Promise((resolve) =>
      openTunnel(socket, parseProxy(proxy), { host, port }, (error) => resolve({ error, socket })),
    );
  } catch (thrown) {
    socket.destroy();
    throw thrown;
  }
}

/** What the tunnel says, where it gets through. */
async function through(proxy: string, host: string, steps: Script): Promise<Buffer> {
  const { error, socket } = await open(proxy, host, steps);
  socket.destroy();
  assert.equal(error, null);
  return said;
}

async function refused(proxy: string, host: string, steps: Script): Promise<[code: number, message: string]> {
  const { error, socket } = await open(proxy, host, steps);
  socket.destroy();
  assert.ok(error instanceof WireError);
  return [error.code, error.message];
}

/** The first `length` octets that come through an open tunnel. */
async function readThrough({ error, socket }: Outcome, length: number): Promise<string> {
  assert.equal(error, null);
  let text = '';
  socket.setEncoding('latin1');
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length >= length) resolve();
    });
    socket.resume();
  });
  socket.destroy();
  return text;
}

const SOCKS = 'socks5://proxy.test';
const HTTP = 'http://proxy.test';
const octets = (...values: number[]): Buffer => Buffer.from(values);
/** Lets everybody in, and answers the request with the bound address that is given. */
const socksReply = (reply: Buffer): Script => [
  { after: 3, say: octets(5, 0) },
  { after: 4, say: reply },
];
const GRANTED = octets(5, 0, 0, 1, 0, 0, 0, 0, 0, 0);

describe('a SOCKS5 proxy', () => {
  test('is asked for a name as a name, which it resolves itself', async () => {
    const bytes = await through(SOCKS, 'shop.test', socksReply(GRANTED));
    assert.deepEqual(bytes, Buffer.concat([octets(5, 1, 0, 5, 1, 0, 3, 9), Buffer.from('shop.test'), octets(1, 187)]));
  });

  test('is asked for addresses in octets, with the port in network order', async () => {
    const request = async (host: string): Promise<Buffer> =>
      (await through(SOCKS, host, socksReply(GRANTED))).subarray(3);
    assert.deepEqual(await request('10.1.2.255'), octets(5, 1, 0, 1, 10, 1, 2, 255, 1, 187));
    const ipv6 = (...groups: number[]): Buffer =>
      Buffer.concat([
        octets(5, 1, 0, 4),
        octets(...groups.flatMap((group) => [group >> 8, group & 255])),
        octets(1, 187),
      ]);
    assert.deepEqual(await request('::'), ipv6(0, 0, 0, 0, 0, 0, 0, 0));
    assert.deepEqual(await request('::1'), ipv6(0, 0, 0, 0, 0, 0, 0, 1));
    assert.deepEqual(await request('2001:db8::'), ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0));
    assert.deepEqual(await request('1:2:3:4:5:6:7:8'), ipv6(1, 2, 3, 4, 5, 6, 7, 8));
    assert.deepEqual(await request('::ffff:10.1.2.3'), ipv6(0, 0, 0, 0, 0, 0xffff, 0x0a01, 0x0203));
  });

  test('cannot be asked for an address of one interface of ours, nor for a name that is too long', async () => {
    assert.equal((await refused(SOCKS, 'fe80::1%lo', socksReply(GRANTED)))[0], 1020);
    assert.equal((await refused(SOCKS, `${'a'.repeat(256)}`, socksReply(GRANTED)))[0], 1020);
    assert.equal((await through(SOCKS, 'a'.repeat(255), socksReply(GRANTED))).length, 3 + 5 + 255 + 2);
  });

  test('that wants a password is told user and password, each with its length', async () => {
    const bytes = await through('socks5://m%C3%A9:p%3Aw@proxy.test', 'h', [
      { after: 4, say: octets(5, 2) },
      { after: 5, say: octets(1, 0) },
      { after: 4 + 3 + 3 + 3 + 1, say: GRANTED },
    ]);
    assert.deepEqual(bytes.subarray(0, 4), octets(5, 2, 0, 2));
    assert.deepEqual(
      bytes.subarray(4, 13),
      Buffer.concat([octets(1, 3), Buffer.from('mé'), octets(3), Buffer.from('p:w')]),
    );
  });

  test('that lets everybody in is told no password, though there is one', async () => {
    const bytes = await through('socks5://me:secret@proxy.test', 'h', [
      { after: 4, say: octets(5, 0) },
      { after: 5, say: GRANTED },
    ]);
    assert.equal(bytes.includes('secret'), false);
  });

  test('that wants what we have not got is no way', async () => {
    for (const method of [1, 2, 255])
      assert.deepEqual(await refused(SOCKS, 'h', [{ after: 3, say: octets(5, method) }]), [
        1231,
        'the SOCKS proxy wants other credentials',
      ]);
  });

  test('says why it refuses', async () => {
    for (const [code, message] of [
      [1, 'general SOCKS server failure'],
      [2, 'connection not allowed by ruleset'],
      [3, 'network unreachable'],
      [4, 'host unreachable'],
      [5, 'connection refused'],
      [6, 'TTL expired'],
      [7, 'command not supported'],
      [8, 'address type not supported'],
      [99, 'SOCKS reply 99'],
    ] as const)
      assert.deepEqual(await refused(SOCKS, 'h', socksReply(octets(5, code, 0, 1, 0, 0, 0, 0, 0, 0))), [1230, message]);
  });

  test('may say by an address of any kind where it is bound: what follows is the host’s', async () => {
    for (const bound of [
      octets(1, 1, 2, 3, 4),
      octets(4, ...Array(16).fill(7)),
      octets(3, 4, 104, 111, 115, 116),
      octets(3, 0),
    ]) {
      const reply = Buffer.concat([octets(5, 0, 0), bound, octets(0, 80), Buffer.from('from the host')]);
      assert.equal(await readThrough(await open(SOCKS, 'h', socksReply(reply)), 13), 'from the host');
    }
  });

  test('that is bound to an address of a kind that there is not is none', async () => {
    for (const kind of [0, 2, 5, 255])
      assert.equal((await refused(SOCKS, 'h', socksReply(octets(5, 0, 0, kind, 0, 0, 0, 0, 0, 0))))[0], 1232);
  });

  test('may answer octet by octet', async () => {
    const reply = Buffer.concat([GRANTED, Buffer.from('!')]);
    const { promise, resolve } = Promise.withResolvers<string>();
    const drip = net.createServer((socket) => {
      socket.setNoDelay(true);
      const send = (bytes: Buffer): void => {
        if (bytes.length > 0) socket.write(bytes.subarray(0, 1), () => setImmediate(() => send(bytes.subarray(1))));
      };
      socket.once('data', () => {
        send(octets(5, 0));
        socket.once('data', () => send(reply));
      });
    });
    drip.listen(0, '127.0.0.1');
    await once(drip, 'listening');
    const socket = net.connect((drip.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    openTunnel(socket, parseProxy(SOCKS), { host: 'h', port: 1 }, (error) => {
      void readThrough({ error, socket }, 1).then(resolve);
    });
    assert.equal(await promise, '!');
    drip.close();
  });
});

describe('an HTTP proxy', () => {
  const answer = (say: string): Script => [{ after: 4, say }];

  test('is asked to CONNECT to host and port, IPv6 in brackets', async () => {
    const ok = answer('HTTP/1.1 200 OK\r\n\r\n');
    assert.equal(
      (await through(HTTP, 'shop.test', ok)).toString(),
      'CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n\r\n',
    );
    assert.match(
      (await through(HTTP, '::1', ok)).toString(),
      /^CONNECT \[::1\]:443 HTTP\/1\.1\r\nHost: \[::1\]:443\r\n/,
    );
    assert.match(
      (await through('http://me:p%40ss@proxy.test', 'h', ok)).toString(),
      new RegExp(`\r\nProxy-Authorization: Basic ${Buffer.from('me:p@ss').toString('base64')}\r\n\r\n$`),
    );
  });

  test('is never asked for what would be a line of its own', async () => {
    for (const host of ['a b', 'a\r\nX: y', 'a\0', 'ä', ''])
      assert.deepEqual((await refused(HTTP, host, []))[0], 1020, JSON.stringify(host));
    assert.equal(said.length, 0);
  });

  test('opens the tunnel by any status of success, whatever length it gives: a tunnel has no body', async () => {
    for (const head of [
      'HTTP/1.0 200 Connection established\r\n\r\n',
      'HTTP/1.1 200\r\n\r\n',
      'HTTP/1.1 204 No Content\r\nX: y\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    ])
      assert.equal(await readThrough(await open(HTTP, 'h', answer(`${head}SSH-2.0`)), 7), 'SSH-2.0', head);
  });

  test('may say something in between before it answers (RFC 9110 section 15.2)', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    const answered = await open(HTTP, 'h', answer(`HTTP/1.1 100 Continue\r\n\r\n${hints}HTTP/1.1 200 OK\r\n\r\nhello`));
    assert.equal(await readThrough(answered, 5), 'hello');
    assert.deepEqual(await refused(HTTP, 'h', answer(`${hints}HTTP/1.1 403 Forbidden\r\n\r\n`)), [
      1230,
      '403 Forbidden',
    ]);
  });

  test('refuses by its status and reason, which are shown without what a terminal would obey', async () => {
    assert.deepEqual(await refused(HTTP, 'h', answer('HTTP/1.1 403 For\x1b[31mbidden\r\n\r\n')), [
      1230,
      '403 For[31mbidden',
    ]);
    assert.deepEqual(await refused(HTTP, 'h', answer('HTTP/1.1 407\r\n\r\n')), [1231, '407']);
    assert.deepEqual(await refused(HTTP, 'h', answer('HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n')), [
      1230,
      '302 Found',
    ]);
    const [, long] = await refused(HTTP, 'h', answer(`HTTP/1.1 500 ${'x'.repeat(5000)}\r\n\r\n`));
    assert.equal(long.length, 84);
  });

  test('that never comes to an end with what goes before its answer is given up', async () => {
    const flood = 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(8000);
    assert.equal((await refused(HTTP, 'h', answer(flood)))[0], 1232);
  });
});
