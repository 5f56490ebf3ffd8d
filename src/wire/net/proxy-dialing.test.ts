import assert from 'node:assert/strict';
import net, { type AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import tls from 'node:tls';
import { parseProxy } from '../../addresses/proxy-address.ts';
import { createCertificates } from '../../demo/certificates.ts';
import type { Connection } from './connection.ts';
import { Dialer, type DialRequest } from './dialer.ts';
import type { ProxyRoute } from './proxy.ts';
import { type ProxyServer, type ProxyServerOptions, startProxy } from './proxy-server.fixture.ts';
import type { TlsParams } from './tls-params.ts';
import { WireError } from './wire-error.ts';

const { ca, cert, key } = createCertificates(['shop.test', 'proxy.test', '127.0.0.1']);
const trusting: TlsParams = { alpn: ['h2', 'http/1.1'], rejectUnauthorized: true, ca: [ca] };
const credentials = { user: 'me', password: 'pass:word' };
const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
});

async function listen(server: net.Server): Promise<number> {
  closing.push(() => server.close());
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const echo = (socket: net.Socket): void => {
  socket.on('error', () => {});
  socket.pipe(socket);
};

async function start(options: ProxyServerOptions = {}): Promise<ProxyServer> {
  const proxy = await startProxy(options);
  closing.push(() => proxy.close());
  return proxy;
}

function route(text: string): ProxyRoute {
  const proxy = parseProxy(text);
  return { ...proxy, tls: proxy.secure ? { ...trusting, alpn: ['http/1.1'] } : null };
}

const meter = { sent: 0, received: 0 };
function dial(
  port: number,
  proxy: string,
  more: Partial<DialRequest> = {},
  dialer = new Dialer(),
): Promise<Connection> {
  return dialer.dial({ host: 'shop.test', port, tls: null, timeoutMs: 30_000, meter, proxy: route(proxy), ...more });
}

function roundTrip(connection: Connection, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    connection.handler = {
      onData(chunk) {
        seen += chunk.toString();
        if (seen.length >= text.length) resolve(seen);
      },
      onDrain() {},
      onClose: (error) => reject(error ?? new Error('closed')),
      onFault: reject,
    };
    connection.write(text);
  });
}

async function failure(dialling: Promise<Connection>): Promise<WireError> {
  const error = await dialling.then(
    (connection) => connection.destroy(),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof WireError, `not refused: ${String(error)}`);
  return error;
}

const KINDS: readonly [what: string, scheme: string, options: ProxyServerOptions][] = [
  ['an HTTP proxy', 'http', {}],
  ['an HTTP proxy behind TLS', 'https', { certificate: { cert, key } }],
  ['a SOCKS5 proxy', 'socks5', { kind: 'socks5' }],
];

test('an HTTP proxy is told a password without a name', async () => {
  const port = await listen(net.createServer(echo));
  const proxy = await start({ credentials: { user: '', password: 'token' } });
  const connection = await dial(port, `http://:token@127.0.0.1:${proxy.port}`);
  assert.equal(await roundTrip(connection, 'let in'), 'let in');
  connection.destroy();
  assert.equal((await failure(dial(port, `http://127.0.0.1:${proxy.port}`))).code, 1231);
});

for (const [what, scheme, options] of KINDS) {
  describe(what, () => {
    test('leads to a host that it resolves itself, and carries bytes both ways', async () => {
      const port = await listen(net.createServer(echo));
      const proxy = await start(options);
      const own = { sent: 0, received: 0 };
      const connection = await dial(port, `${scheme}://127.0.0.1:${proxy.port}`, { meter: own });
      assert.equal(await roundTrip(connection, 'there and back'), 'there and back');
      assert.deepEqual(proxy.asked, [`${scheme === 'socks5' ? 'SOCKS' : 'CONNECT'} shop.test:${port}`]);
      assert.deepEqual([connection.remoteAddress, connection.remotePort], ['127.0.0.1', proxy.port]);
      assert.ok(connection.marks.connectMs > 0);
      assert.ok(own.sent > 14 && own.received > 14, JSON.stringify(own));
      connection.destroy();
    });

    test('carries megabytes', async () => {
      const port = await listen(net.createServer(echo));
      const proxy = await start(options);
      const connection = await dial(port, `${scheme}://127.0.0.1:${proxy.port}`);
      const text = 'x'.repeat(3_000_000);
      assert.equal(await roundTrip(connection, text), text);
      connection.destroy();
    });

    test('leads to TLS, with the certificate and the protocol of the host', async () => {
      const port = await listen(tls.createServer({ cert, key, ALPNProtocols: ['h2'] }, echo));
      const proxy = await start(options);
      const connection = await dial(port, `${scheme}://127.0.0.1:${proxy.port}`, { tls: trusting });
      assert.equal(connection.alpn, 'h2');
      assert.ok(connection.marks.tlsMs > 0);
      assert.equal(await roundTrip(connection, 'y'.repeat(300_000)), 'y'.repeat(300_000));
      connection.destroy();
      const wrong = await failure(
        dial(port, `${scheme}://127.0.0.1:${proxy.port}`, { host: 'other.test', tls: trusting }),
      );
      assert.deepEqual([wrong.code, wrong.message], [1311, "x509: certificate doesn't match hostname"]);
    });

    test('that wants credentials gets them, or says that it wants them', async () => {
      const port = await listen(net.createServer(echo));
      const proxy = await start({ ...options, credentials });
      const connection = await dial(port, `${scheme}://me:pass%3Aword@127.0.0.1:${proxy.port}`);
      assert.equal(await roundTrip(connection, 'in'), 'in');
      connection.destroy();
      for (const given of ['', 'me:secret@']) {
        const error = await failure(dial(port, `${scheme}://${given}127.0.0.1:${proxy.port}`));
        assert.equal(error.code, 1231, error.message);
        assert.match(error.message, /^proxyconnect tcp: .*127\.0\.0\.1:\d+\)$/);
        assert.doesNotMatch(error.message, /secret/);
      }
    });

    test('that cannot reach the host says so', async () => {
      const closed = await listen(net.createServer());
      closing.pop()?.();
      const proxy = await start(options);
      const error = await failure(dial(closed, `${scheme}://127.0.0.1:${proxy.port}`));
      assert.equal(error.code, 1230, error.message);
      assert.match(error.message, scheme === 'socks5' ? /connection refused/ : /502 Bad Gateway/);
    });

    test('is dialled by the options: its name may stand in hosts', async () => {
      const port = await listen(net.createServer(echo));
      const proxy = await start(options);
      const dialer = new Dialer({ hosts: { 'proxy.test': '127.0.0.1' }, blockHostnames: ['*.blocked.test'] });
      const connection = await dial(port, `${scheme}://proxy.test:${proxy.port}`, {}, dialer);
      connection.destroy();
      const error = await failure(
        dial(port, `${scheme}://proxy.test:${proxy.port}`, { host: 'a.blocked.test' }, dialer),
      );
      assert.deepEqual([error.code, /proxyconnect/.test(error.message)], [1111, false]);
    });
  });
}

describe('what should be a proxy', () => {
  const answers = async (
    answer: (socket: net.Socket) => void,
    scheme = 'http',
    timeoutMs = 5000,
  ): Promise<WireError> => {
    const port = await listen(
      net.createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => answer(socket));
      }),
    );
    return failure(dial(443, `${scheme}://127.0.0.1:${port}`, { timeoutMs }));
  };

  test('and is not there is named', async () => {
    const port = await listen(net.createServer());
    closing.pop()?.();
    const error = await failure(dial(443, `http://127.0.0.1:${port}`));
    assert.equal(error.code, 1212);
    assert.equal(error.message, `proxyconnect tcp: dial: connection refused (http://127.0.0.1:${port})`);
    assert.equal(error.kind, 'proxyconnect tcp: dial: connection refused');
  });

  for (const [what, bytes] of [
    ['another protocol', 'SSH-2.0-OpenSSH\r\n'],
    ['a head without a status', 'HTTP/1.1 OK\r\n\r\n'],
    ['nothing but zeros', Buffer.alloc(100)],
    ['a head without end', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`],
  ] as const)
    test(`and answers ${what} is none`, async () => {
      for (const scheme of ['http', 'socks5']) {
        const error = await answers((socket) => socket.write(bytes), scheme);
        assert.equal(error.code, 1232, `${scheme}: ${error.message}`);
      }
    });

  test('and closes the connection is none', async () => {
    for (const scheme of ['http', 'socks5']) {
      const error = await answers((socket) => socket.end(), scheme);
      assert.equal(error.code, 1232, `${scheme}: ${error.message}`);
    }
  });

  test('and says nothing is given up in time', async () => {
    const error = await answers(() => {}, 'http', 150);
    assert.deepEqual([error.code, error.kind], [1211, 'proxyconnect tcp: dial: i/o timeout']);
  });

  test('and has another certificate than its name is not told anything', async () => {
    const proxy = await start({ certificate: { cert, key } });
    const dialer = new Dialer({ hosts: { 'stranger.test': '127.0.0.1' } });
    const error = await failure(dial(443, `https://stranger.test:${proxy.port}`, {}, dialer));
    assert.equal(error.code, 1311);
    assert.match(error.message, /^proxyconnect tcp: x509/);
    assert.deepEqual(proxy.asked, []);
  });

  test('may answer in pieces, with what the host says right behind', async () => {
    const port = await listen(
      net.createServer((socket) => {
        socket.once('data', () => {
          const [first, second] = ['HTTP/1.1 200 Fine\r\nX: y', '\r\n\r\nhello from the host'];
          socket.write(first, () => setImmediate(() => socket.write(second)));
        });
      }),
    );
    const connection = await dial(443, `http://127.0.0.1:${port}`);
    assert.equal(await roundTrip(connection, 'nineteen characters'), 'hello from the host');
    connection.destroy();
  });
});
