// What makes a client of Redis: addresses and options, read and refused (k6 page "k6/x/redis > Options").
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readClientOptions } from './client-options.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
const thrown = (given: unknown): string => {
  try {
    readClientOptions(given);
  } catch (error) {
    assert.ok(error instanceof TypeError, String(error));
    return error.message;
  }
  return assert.fail(`${JSON.stringify(given)} is taken`);
};

test('an address says host, port, database and who one is; what it leaves out is the usual', () => {
  for (const [given, host, port, database, username, password] of [
    ['redis://', 'localhost', 6379, 0, undefined, undefined],
    ['redis://:6380/2', 'localhost', 6380, 2, undefined, undefined],
    ['redis://cache.example', 'cache.example', 6379, 0, undefined, undefined],
    ['redis://cache.example/', 'cache.example', 6379, 0, undefined, undefined],
    ['redis://:secret@cache.example:1/15', 'cache.example', 1, 15, undefined, 'secret'],
    ['redis://ann:p%40ss%25@cache.example', 'cache.example', 6379, 0, 'ann', 'p@ss%'],
    ['redis://ann@', 'localhost', 6379, 0, 'ann', undefined],
    ['REDIS://[::1]:7', '::1', 7, 0, undefined, undefined],
  ] as const) {
    const options = readClientOptions(given);
    assert.deepEqual(options.servers, [{ host, port }], given);
    assert.deepEqual(
      [options.database, options.username, options.password, options.tls, options.kind],
      [database, username, password, null, 'server'],
      given,
    );
  }
  assert.deepEqual(readClientOptions('rediss://cache.example').tls, {});
});

test('what is no address is refused without a word of its password, even where that has an @', () => {
  for (const given of [
    'http://zoe:hunter2@cache.example',
    'redis://zoe:hunter2@cache.example/one',
    'redis://zoe:hunter2@cache.example/0?db=1',
    'redis://zoe:hunter2@cache.example/0#x',
    'redis://zoe:hunter2@cache.example:port',
    'redis://zoe:hunter2@cache.example:70000',
    'redis://zoe:hun%ter2@cache.example',
    'tcp://zoe:hun@hunter2@cache.example',
  ]) {
    const message = thrown(given);
    assert.match(message, /is no address of a Redis server: .* \(redis\[s\]:\/\//, given);
    assert.doesNotMatch(message, /hunter2|hun%ter2|zoe/, given);
    assert.match(message, /cache\.example/, 'but with the host');
  }
  assert.match(thrown('cache.example:6379'), /it must begin with redis:\/\/ or rediss:\/\//);
});

test('an object says the same, and goes before nothing', () => {
  const options = readClientOptions({
    socket: { host: 'cache.example', port: 6380, dialTimeout: 0.5, readTimeout: -1, poolSize: 0, poolTimeout: 2 },
    username: 'ann',
    password: 'secret',
    clientName: 'load',
    database: 3,
  });
  assert.deepEqual(options.servers, [{ host: 'cache.example', port: 6380 }]);
  assert.deepEqual(
    [options.username, options.password, options.clientName, options.database],
    ['ann', 'secret', 'load', 3],
  );
  assert.deepEqual(
    [options.dialTimeoutMs, options.readTimeoutMs, options.poolTimeoutMs, options.poolSize],
    [500, Number.POSITIVE_INFINITY, 2000, 1],
  );
});

test('times that nothing is said of are those of the documentation, and a pool waits a second longer than a read', () => {
  const { dialTimeoutMs, readTimeoutMs, poolTimeoutMs, poolSize, maxRedirects } = readClientOptions('redis://');
  assert.deepEqual([dialTimeoutMs, readTimeoutMs, poolTimeoutMs, poolSize, maxRedirects], [5000, 3000, 4000, 10, 3]);
  const patient = readClientOptions({ socket: { host: 'a', readTimeout: 10 } });
  assert.equal(patient.poolTimeoutMs, 11_000);
});

test('a cluster has nodes, by address or by socket, and says who answers what only reads', () => {
  const nodes = ['redis://a:1', { host: 'b', port: 2 }];
  const options = readClientOptions({ cluster: { nodes, maxRedirects: 0 } });
  assert.deepEqual(
    [options.kind, options.servers, options.maxRedirects],
    [
      'cluster',
      [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
      0,
    ],
  );
  const reads = (more: object) => readClientOptions({ cluster: { nodes, ...more } }).reads;
  assert.deepEqual(
    [
      reads({}),
      reads({ readOnly: true }),
      reads({ routeByLatency: true }),
      reads({ routeRandomly: true, readOnly: true }),
    ],
    ['master', 'slave', 'all', 'all'],
  );
  for (const wrong of [undefined, [], 'redis://a', {}])
    assert.equal(thrown({ cluster: { nodes: wrong } }), 'cluster.nodes must be a list with at least one URL or socket');
  assert.equal(
    thrown({ cluster: { nodes: ['redis://a', 'rediss://b'] } }),
    'cluster.nodes must all be reached by TLS, or none',
  );
});

test('a name of a master makes sentinels of the servers', () => {
  const socket = { host: 'sentinel.example', port: 26_379 };
  const options = readClientOptions({ socket, masterName: 'main', sentinelUsername: 'u', sentinelPassword: 'p' });
  assert.deepEqual(
    [options.kind, options.masterName, options.sentinelUsername, options.sentinelPassword],
    ['sentinel', 'main', 'u', 'p'],
  );
});

test('TLS is what a script has read, as text or as octets, a certificate with its key', () => {
  const octets = new TextEncoder().encode(PEM);
  const tls = (given: unknown) => readClientOptions({ socket: { host: 'a', tls: given } }).tls;
  assert.deepEqual(tls({}), {});
  assert.deepEqual(tls({ ca: [octets, PEM], cert: octets.buffer, key: PEM }), { ca: [PEM, PEM], cert: PEM, key: PEM });
  const part = new Uint8Array([1, ...octets, 1]).subarray(1, octets.length + 1);
  assert.deepEqual(tls({ ca: [part] }), { ca: [PEM] }, 'a part of a buffer is that part');
  for (const [given, message] of [
    [{ ca: PEM }, 'socket.tls.ca must be a list of certificates'],
    [{ cert: PEM }, 'socket.tls needs both cert and key for a client certificate'],
    [{ key: PEM }, 'socket.tls needs both cert and key for a client certificate'],
    [{ ca: ['nonsense'] }, "socket.tls.ca must be PEM, as open(path) or open(path, 'b') gives it"],
    [{ ca: [5] }, "socket.tls.ca must be PEM, as open(path) or open(path, 'b') gives it"],
    [{ verify: false }, 'unknown option "verify" in socket.tls: there are ca, cert, key'],
    [true, 'socket.tls must be an object'],
  ] as const)
    assert.equal(thrown({ socket: { host: 'a', tls: given } }), message);
});

test('each option that cannot be used is named', () => {
  const socket = { host: 'a' };
  for (const [given, message] of [
    [undefined, 'the options must be an object'],
    [5, 'the options must be an object'],
    [{}, /^the options need socket: \{ host, port \}, or cluster: \{ nodes \}; or give a URL/],
    [{ socket: {} }, 'socket needs a host'],
    [{ socket: { host: '' } }, 'socket needs a host'],
    [{ socket: { host: 5 } }, 'host must be text, not number'],
    [{ socket: { host: 'a', port: '1' } }, 'port must be a whole number from 0 on, not 1'],
    [{ socket: { host: 'a', port: 65_536 } }, 'port must be a number from 1 to 65535, not 65536'],
    [{ socket: { host: 'a', port: 0 } }, 'port must be a number from 1 to 65535, not 0'],
    [{ socket: { host: 'a', dialTimeout: -2 } }, 'dialTimeout must be a number of seconds, or -1 for no limit, not -2'],
    [
      { socket: { host: 'a', readTimeout: '5s' } },
      'readTimeout must be a number of seconds, or -1 for no limit, not 5s',
    ],
    [{ socket, database: -1 }, 'database must be a whole number from 0 on, not -1'],
    [{ socket, database: 1.5 }, 'database must be a whole number from 0 on, not 1.5'],
    [{ socket, password: 5 }, 'password must be text, not number'],
    [{ socket, user: 'ann' }, /^unknown option "user" in the options: there are socket, cluster, username/],
    [{ socket: { host: 'a', timeout: 5 } }, /^unknown option "timeout" in socket: there are host, port, tls/],
  ] as const) {
    const said = thrown(given);
    if (typeof message === 'string') assert.equal(said, message);
    else assert.match(said, message);
  }
  // Null and undefined say nothing.
  assert.equal(readClientOptions({ socket: { host: 'a', port: null }, database: undefined, user: null }).database, 0);
});

test('a script’s getter is asked once', () => {
  let asked = 0;
  const socket = {
    get host() {
      asked++;
      return asked === 1 ? 'allowed.example' : 'forbidden.example';
    },
  };
  assert.deepEqual(readClientOptions({ socket }).servers, [{ host: 'allowed.example', port: 6379 }]);
  assert.equal(asked, 1);
});
