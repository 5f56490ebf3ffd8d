import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { createScriptBench, type ScriptBench } from '../../../test/script-bench.ts';
import { NO_REDIS, type RedisServer, spawnRedis } from '../../../test/servers/spawn-redis.ts';
import { createCertificates } from '../../demo/certificates.ts';
import type { Options } from '../../options/options.ts';

const benches: ScriptBench[] = [];
afterEach(() => {
  for (const { vu } of benches.splice(0)) vu.dispose();
});

/** A script whose `client` is made of `options`, an expression. */
async function bench(options: string, body: string, settings: Partial<Options> = {}): Promise<ScriptBench> {
  const made = await createScriptBench(
    `import redis, { Client } from 'k6/x/redis';
     const client = new redis.Client(${options});
     const outcome = (promise) => promise.then((value) => value, (e) => e.message + ' / ' + e.error_code);
     export default async function () { ${body} }`,
    settings,
  );
  benches.push(made);
  return made;
}

const codesOf = ({ samples }: ScriptBench): (string | undefined)[] =>
  samples.filter(({ metric }) => metric === 'redis_reqs').map(({ tags }) => tags['error_code']);

describe('k6/x/redis', { skip: NO_REDIS }, () => {
  let server: RedisServer;
  before(async () => {
    server = await spawnRedis();
  });
  after(() => server.stop());
  const url = () => `'redis://127.0.0.1:${server.port}'`;

  test('every method of k6 gives what k6 says', async () => {
    const script = await bench(
      url(),
      `const all = [];
       const add = async (promise) => all.push(await outcome(promise));
       await add(client.set('a', 'x', 0)); await add(client.get('a')); await add(client.getSet('a', 7)); await add(client.getSet('new', 1));
       await add(client.set('t', true, 100)); await add(client.get('t')); await add(client.ttl('t')); await add(client.persist('t')); await add(client.persist('t'));
       await add(client.expire('t', 50)); await add(client.expire('none', 50)); await add(client.exists('a', 't', 'none')); await add(client.exists(['a']));
       await add(client.mget('a', 'none')); await add(client.mget(['a', 't'])); await add(client.getDel('a')); await add(client.getDel('a')); await add(client.get('a'));
       await add(client.incr('n')); await add(client.incrBy('n', 4)); await add(client.decr('n')); await add(client.decrBy('n', 2));
       await add(client.lpush('l', 'b', 'a')); await add(client.rpush('l', 3, false)); await add(client.lrange('l', 0, -1)); await add(client.lindex('l', 1)); await add(client.lindex('l', 9));
       await add(client.lset('l', 0, 'z')); await add(client.lrem('l', 0, 'b')); await add(client.llen('l')); await add(client.lpop('l')); await add(client.rpop('l')); await add(client.lpop('none'));
       await add(client.hset('h', 'f', 1)); await add(client.hsetnx('h', 'f', 'x')); await add(client.hsetnx('h', '__proto__', 'p')); await add(client.hget('h', 'f')); await add(client.hget('h', 'none'));
       await add(client.hincrby('h', 'f', 5)); await add(client.hkeys('h')); await add(client.hvals('h')); await add(client.hlen('h'));
       all.push(Object.entries(await client.hgetall('h'))); all.push(Object.getPrototypeOf(await client.hgetall('h')) === Object.prototype); await add(client.hdel('h', 'f', 'none'));
       await add(client.sadd('s', 'm', 1)); await add(client.sismember('s', 1)); await add(client.sismember('s', 'x')); await add(client.srem('s', 1)); await add(client.smembers('s')); await add(client.srandmember('s')); await add(client.spop('s')); await add(client.spop('s'));
       await add(client.sendCommand('ECHO', 'Hello world')); await add(client.sendCommand('GET', 'none')); await add(client.sendCommand('EVAL', 'return {1, {"a", false}}', 0));
       await add(client.del('t', 'n', ['l', 'h', 'new'])); await add(client.randomKey());
       return all;`,
    );
    const nil = 'redis: nil / undefined';
    assert.deepEqual(await script.run(), [
      ...['OK', 'x', 'x', nil],
      ...['OK', '1', 100, true, false],
      ...[true, false, 2, 1],
      ...[['7', null], ['7', '1'], '7', nil, nil],
      ...[1, 5, 4, 2],
      ...[2, 4, ['a', 'b', '3', '0'], 'b', nil],
      ...['OK', 1, 3, 'z', '0', nil],
      ...[1, false, true, '1', nil],
      ...[6, ['f', '__proto__'], ['6', 'p'], 2],
      ...[
        [
          ['f', '6'],
          ['__proto__', 'p'],
        ],
        true,
        1,
      ],
      ...[2, true, false, 1, ['m'], 'm', 'm', nil],
      ...['Hello world', nil, [1, ['a', null]]],
      ...[5, nil],
    ]);
    assert.ok(
      codesOf(script).every((code) => code === undefined),
      'a reply of nothing is no failure',
    );
    const durations = script.samples.filter(({ metric }) => metric === 'redis_req_duration');
    assert.ok(
      durations.length > 50 && durations.every(({ tags }) => tags['url'] === `redis://127.0.0.1:${server.port}`),
    );
    assert.ok(durations.some(({ tags }) => tags['name'] === 'HINCRBY'));
    assert.equal(script.samples.filter(({ metric }) => metric === 'redis_connecting').length, 1);
    assert.ok(script.vu.meter.sent > 0 && script.vu.meter.received > 0);
  });

  test('an error reply has its code, and arguments that cannot be sent say which', async () => {
    const script = await bench(
      url(),
      `await client.set('text', 'x', 0);
       const refused = [client.incr('text'), client.lpush('text', 1), client.sendCommand('NOSUCH'), client.sendCommand('SUBSCRIBE', 'a')];
       const unsent = [client.set('a', {}, 0), client.set('a', 'b', 0.5), client.set('a', 'b', -1), client.get(), client.get(null), client.incrBy('a', '1'), client.lpush('a'), client.sendCommand()];
       return Promise.all([...refused, ...unsent].map(outcome));`,
    );
    assert.deepEqual(await script.run(), [
      'ERR value is not an integer or out of range / 2000',
      'WRONGTYPE Operation against a key holding the wrong kind of value / 2002',
      "ERR unknown command 'NOSUCH', with args beginning with:  / 2000",
      'SUBSCRIBE turns a connection into a stream of messages, which a client of commands cannot read / undefined',
      'argument 2 of set() must be text, a number or a boolean, not object / undefined',
      'argument 3 of set() must be a whole number, not 0.5 / undefined',
      'argument 3 of set() must be a number of seconds, 0 for no expiration / undefined',
      'argument 1 of get() must be text, not undefined / undefined',
      'argument 1 of get() must be text, not null / undefined',
      'argument 2 of incrBy() must be a whole number, not string / undefined',
      'argument 2 of lpush() must be text, a number or a boolean, not undefined / undefined',
      'sendCommand() takes the name of a command first / undefined',
    ]);
    assert.deepEqual(codesOf(script), [undefined, '2000', '2002', '2000']);
    assert.equal(script.samples.find(({ tags }) => tags['error_code'] === '2002')?.tags['error'], 'WRONGTYPE');
  });

  test('a command that blocks does not hold up the others', async () => {
    const script = await bench(
      url(),
      `const waiting = Promise.all([client.sendCommand('BLPOP', 'queue-1', 10), client.sendCommand('BLPOP', 'queue-2', 10)]);
       await client.rpush('queue-2', 'b'); await client.rpush('queue-1', 'a');
       return waiting;`,
    );
    assert.deepEqual(await script.run(), [
      ['queue-1', 'a'],
      ['queue-2', 'b'],
    ]);
  });

  test('connections go where hosts and block lists let them', async () => {
    const mapped = await bench(`'redis://store.test:6379'`, `return client.sendCommand('ECHO', 'mapped')`, {
      hosts: { 'store.test:6379': `127.0.0.1:${server.port}` },
    });
    assert.equal(await mapped.run(), 'mapped');
    const blocked = await bench(url(), `return outcome(client.get('a'))`, { blacklistIPs: ['127.0.0.0/8'] });
    assert.match(String(await blocked.run()), /IP \(127\.0\.0\.1\) is in a blacklisted range .* \/ 1110$/);
    assert.deepEqual(codesOf(blocked), ['1110']);
    const named = await bench(`'redis://store.test:6379'`, `return outcome(client.get('a'))`, {
      blockHostnames: ['*.test'],
    });
    assert.match(String(await named.run()), / 1111$/);
  });

  test('in init code nothing is sent', async () => {
    const script = await createScriptBench(
      `import redis from 'k6/x/redis'; const client = new redis.Client(${url()}); const early = client.get('a').catch((e) => e.message); export default () => early;`,
    );
    assert.equal(await script.run(), 'sending commands to Redis in the init context is not supported');
  });

  test('a server that dies is named, and used again when it is back', async () => {
    const first = await spawnRedis();
    const script = await bench(
      `'redis://127.0.0.1:${first.port}'`,
      `await client.set('a', 'b', 0);
       const asleep = outcome(client.sendCommand('BLPOP', 'none', 0));
       while (!(await client.sendCommand('CLIENT', 'LIST')).includes('cmd=blpop')) {}
       const dying = await outcome(client.sendCommand('SHUTDOWN', 'NOSAVE'));
       return [await asleep, dying, await outcome(client.get('a')), await outcome(client.get('a'))];`,
    );
    const [asleep, dying, ...later] = (await script.run()) as string[];
    await first.stop();
    // The system tells of it by an end or, where something was on its way, by a reset.
    for (const one of [asleep, dying]) assert.match(String(one), /(EOF.* \/ 1040|reset.* \/ 1220)$/);
    assert.deepEqual(later, ['dial: connection refused / 1212', 'dial: connection refused / 1212']);
    assert.equal(codesOf(script).filter((code) => code === '1212').length, 2);
    const second = await spawnRedis([], 'server', first.port);
    const [, refused] = (await script.run()) as string[];
    assert.match(String(refused), /(EOF.* \/ 1040|reset.* \/ 1220)$/, 'it was there to be shut down once more');
    await second.stop();
  });

  test('a server that does not answer, or answers with something else, is named', async () => {
    const mute = net.createServer((socket) => socket.on('error', () => {}).resume());
    const other = net.createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    try {
      const late = await bench(
        `{ socket: { host: '127.0.0.1', port: ${await listen(mute)}, readTimeout: 0.2 } }`,
        'return outcome(client.get("a"))',
      );
      assert.equal(await late.run(), 'request timeout: no reply within 0.2 s / 1050');
      const foreign = await bench(`'redis://127.0.0.1:${await listen(other)}'`, 'return outcome(client.get("a"))');
      assert.equal(await foreign.run(), 'the server does not speak the protocol of Redis / 1041');
    } finally {
      mute.close();
      other.close();
    }
  });

  test('TLS: the certificate is looked at, and a client certificate shown', async () => {
    const { ca, cert, key } = createCertificates(['127.0.0.1']);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-redis-tls-'));
    for (const [name, text] of Object.entries({ ca, cert, key })) writeFileSync(path.join(folder, name), text);
    const secure = await spawnRedis([
      'tls-port PORT',
      ...[`tls-cert-file ${folder}/cert`, `tls-key-file ${folder}/key`, `tls-ca-cert-file ${folder}/ca`],
    ]);
    const outcomes = async (tls: string, settings: Partial<Options> = {}) =>
      (
        await bench(
          `{ socket: { host: '127.0.0.1', port: ${secure.port}, tls: ${tls} } }`,
          'return outcome(client.set("a", "b", 0))',
          settings,
        )
      ).run();
    try {
      const pem = JSON.stringify({ ca: [ca], cert, key });
      assert.equal(await outcomes(pem), 'OK');
      assert.match(String(await outcomes(JSON.stringify({ ca: [ca] }))), / \/ 1322$/, 'the server wants a certificate');
      assert.match(String(await outcomes(JSON.stringify({ cert, key }))), /unknown authority \/ 1310$/);
      assert.equal(await outcomes(JSON.stringify({ cert, key }), { insecureSkipTLSVerify: true }), 'OK');
      const bytes = `new Uint8Array(${JSON.stringify([...Buffer.from(ca)])}).buffer`;
      assert.equal(
        await outcomes(`{ ca: [${bytes}], cert: ${JSON.stringify(cert)}, key: ${JSON.stringify(key)} }`),
        'OK',
      );
      const plain = await bench(`'redis://127.0.0.1:${secure.port}'`, 'return outcome(client.get("a"))');
      assert.match(String(await plain.run()), / \/ (1040|1041|1220)$/);
    } finally {
      await secure.stop();
      rmSync(folder, { recursive: true });
    }
  });

  test('users of an ACL, and databases', async () => {
    const guarded = await spawnRedis([
      'user default off',
      'user ann on >s3cret ~own:* +@all',
      'user bob on >pw ~* +get',
    ]);
    const outcomes = async (user: string, body: string) =>
      (await bench(`'redis://${user}127.0.0.1:${guarded.port}'`, body)).run();
    try {
      const both = 'return [await outcome(client.set("own:a", 1, 0)), await outcome(client.get("other"))]';
      const [mine, others] = (await outcomes('ann:s3cret@', both)) as string[];
      assert.equal(mine, 'OK');
      assert.match(String(others), /^NOPERM .* \/ 2001$/);
      assert.match(
        String(await outcomes('bob:pw@', 'return outcome(client.set("own:a", 1, 0))')),
        /^NOPERM .* \/ 2001$/,
      );
      assert.match(
        String(await outcomes('ann:wrong@', 'return outcome(client.get("own:a"))')),
        /^WRONGPASS .* \/ 2001$/,
      );
      assert.match(String(await outcomes('', 'return outcome(client.get("own:a"))')), /^NOAUTH .* \/ 2001$/);
      const options = (database: number) =>
        `{ socket: { host: '127.0.0.1', port: ${guarded.port} }, username: 'ann', password: 's3cret', clientName: 'k6-load', database: ${database} }`;
      const named = await bench(
        options(3),
        'return [await outcome(client.get("own:a")), (await client.sendCommand("CLIENT", "LIST")).includes("name=k6-load")]',
      );
      assert.deepEqual(await named.run(), ['redis: nil / undefined', true]);
      const beyond = await bench(options(99), 'return outcome(client.get("own:a"))');
      assert.match(String(await beyond.run()), /DB index is out of range/);
    } finally {
      await guarded.stop();
    }
  });

  test('a cluster of three nodes: each key at its node, redirections followed, one that dies named', async () => {
    const nodes = await Promise.all(
      [0, 1, 2].map(() => spawnRedis(['cluster-enabled yes', 'cluster-node-timeout 60000'])),
    );
    const [a, b, c] = nodes as [RedisServer, RedisServer, RedisServer];
    try {
      await formCluster(nodes);
      const seed = `{ cluster: { nodes: ['redis://127.0.0.1:${a.port}'] } }`;
      const script = await bench(
        seed,
        `const keys = []; for (let i = 0; i < 60; i++) keys.push('key' + i);
         await Promise.all(keys.map((key) => client.set(key, key, 0)));
         const back = await Promise.all(keys.map((key) => client.get(key)));
         return [back.every((value, i) => value === keys[i]), await outcome(client.mget('key1', 'key2')), await client.mget('{t}1', '{t}2')];`,
      );
      const [all, crossing, tagged] = (await script.run()) as [boolean, string, unknown];
      assert.equal(all, true);
      assert.match(crossing, /^CROSSSLOT .* \/ 2005$/);
      assert.deepEqual(tagged, [null, null]);
      for (const node of nodes) assert.ok(Number((await node.ask('DBSIZE')).slice(1)) > 5, 'all nodes hold keys');
      assert.equal(script.samples.filter(({ metric }) => metric === 'redis_connecting').length, 3);
      const alone = await bench(
        `'redis://127.0.0.1:${a.port}'`,
        'const all = []; for (let i = 0; i < 20; i++) all.push(await outcome(client.get("key" + i))); return all',
      );
      assert.ok(((await alone.run()) as string[]).some((one) => /^MOVED .* \/ 2005$/.test(one)));
      // A slot that changes its node while the client goes on.
      const moving = await bench(
        seed,
        'const old = await client.set("foo", 1, 0); await client.sendCommand("DEL", "foo"); return old',
      );
      assert.equal(await moving.run(), 'OK');
      const owner = nodes[Math.floor(12182 / 5462)] as RedisServer; // CLUSTER KEYSLOT foo
      const id = bulk(await a.ask('CLUSTER', 'MYID'));
      for (const node of [a, owner, ...nodes]) await node.ask('CLUSTER', 'SETSLOT', '12182', 'NODE', id);
      assert.equal(await moving.run(), 'OK');
      await c.stop();
      const dead = await bench(
        seed,
        'const all = []; for (let i = 0; i < 20; i++) all.push(await outcome(client.get("key" + i))); return all',
      );
      const answers = (await dead.run()) as string[];
      assert.ok(answers.includes('dial: connection refused / 1212') && answers.includes('key1'), answers.join());
      await Promise.all([a.stop(), b.stop()]);
      const gone = await bench(seed, 'return outcome(client.get("a"))');
      assert.equal(await gone.run(), 'dial: connection refused / 1212');
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
    }
  });

  test('sentinels tell where the master is', async () => {
    const sentinel = await spawnRedis([`sentinel monitor shop 127.0.0.1 ${server.port} 1`], 'sentinel');
    try {
      const options = (name: string) =>
        `{ socket: { host: '127.0.0.1', port: ${sentinel.port} }, masterName: '${name}' }`;
      const found = await bench(options('shop'), 'return client.sendCommand("INFO", "server")');
      assert.match(String(await found.run()), new RegExp(`tcp_port:${server.port}\\b`));
      const unknown = await bench(options('other'), 'return outcome(client.get("a"))');
      assert.equal(await unknown.run(), 'no sentinel knows a master named "other" / 2003');
    } finally {
      await sentinel.stop();
    }
  });
});

/** Joins three empty nodes and shares the slots among them. */
async function formCluster(nodes: readonly RedisServer[]): Promise<void> {
  const [first] = nodes as [RedisServer];
  for (const [i, node] of nodes.entries()) {
    await node.ask('CLUSTER', 'ADDSLOTSRANGE', String(i * 5462), String(Math.min(16383, (i + 1) * 5462 - 1)));
    await first.ask('CLUSTER', 'MEET', '127.0.0.1', String(node.port));
  }
  for (const node of nodes)
    while (!/cluster_state:ok[\s\S]*cluster_known_nodes:3/.test(await node.ask('CLUSTER', 'INFO')));
}

/** The text of a bulk reply. */
function bulk(reply: string): string {
  return reply.split('\r\n')[1] ?? '';
}

async function listen(mock: net.Server): Promise<number> {
  mock.listen(0, '127.0.0.1');
  await once(mock, 'listening');
  return (mock.address() as net.AddressInfo).port;
}

test('options that cannot be used are named', async () => {
  const messageOf = async (options: string) =>
    (
      await createScriptBench(
        `import { Client } from 'k6/x/redis'; let message = 'none'; try { new Client(${options}); } catch (e) { message = e.message; } export default () => message;`,
      )
    ).run();
  const expected: Readonly<Record<string, RegExp>> = {
    "'http://localhost'": /must begin with redis:\/\/ or rediss:\/\//,
    "'redis://u:hidden@localhost/x'": /^"redis:\/\/\*\*\*\*:\*\*\*\*@localhost\/x" .* the database "x" is no number/,
    undefined: /^the options must be an object/,
    '{}': /need socket: .* or cluster/,
    "{ socket: { host: 'a', prot: 1 } }": /unknown option "prot" in socket: there are host, port/,
    "{ socket: { host: 'a', port: '1' } }": /port must be a whole number/,
    '{ socket: {} }': /socket needs a host/,
    '{ cluster: { nodes: [] } }': /cluster.nodes must be a list/,
    "{ cluster: { nodes: ['redis://a', 'rediss://b'] } }": /all be reached by TLS, or none/,
    "{ socket: { host: 'a', tls: { ca: ['x'] } } }": /socket.tls.ca must be PEM/,
    "{ socket: { host: 'a', tls: { cert: 'x' } } }": /needs both cert and key/,
    "{ socket: { host: 'a', readTimeout: '5s' } }": /readTimeout must be a number of seconds/,
    "'redis://'": /^none$/,
    "'rediss://u:p%40ss@[::1]:7000/3'": /^none$/,
  };
  for (const [options, pattern] of Object.entries(expected))
    assert.match(String(await messageOf(options)), pattern, options);
});
