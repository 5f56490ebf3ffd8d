// Against Debian's sshd on loopback with keys of its own, and servers that break off.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import ssh2, { type Connection as ServerConnection } from 'ssh2';
import { createScriptBench } from '../../../test/script-bench.ts';
import { findFreePort } from '../../../test/servers/spawn-on-loopback.ts';
import { createSshKey, NO_SSHD, type SshServer, spawnSshd } from '../../../test/servers/spawn-sshd.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-ssh-'));
after(() => rmSync(folder, { recursive: true }));

const bench = (body: string, options = {}) =>
  createScriptBench(
    `import ssh from 'k6/x/ssh';
     const said = (f) => { try { f(); return 'fine'; } catch (e) { return (e.error_code ?? e.name) + ' ' + e.message; } };
     export default function () { ${body} }
     export function nothing() {}`,
    options,
    `${folder}/`,
  );
const codes = (samples: readonly { metric: string; tags: Readonly<Record<string, string>> }[], metric: string) =>
  samples.filter((sample) => sample.metric === metric).map(({ tags }) => tags['error_code'] ?? '');

describe('sshd', { skip: NO_SSHD }, () => {
  const { username } = os.userInfo();
  let server: SshServer;
  let port: number;
  let fingerprint: string;

  before(async () => {
    createSshKey(folder, 'stranger', 'ed25519');
    createSshKey(folder, 'locked', 'ed25519', 'secret');
    writeFileSync(path.join(folder, 'no-key'), 'this is no key');
    server = await spawnSshd(folder);
    ({ port, fingerprint } = server);
  });
  after(() => server.kill());

  const connect = (more = '') =>
    `ssh.connect({ username: ${JSON.stringify(username)}, host: '127.0.0.1', port: ${port}, rsa_key: 'user'${more} });`;

  test('commands run one after another on one connection; what they write and how they end is known', async () => {
    const script = await bench(`
      ${connect(", tags: { machine: 'one' }")}
      const failing = said(() => ssh.run('echo oops >&2; exit 3'));
      let thrown;
      try { ssh.run('echo out; exit 4'); } catch (e) { thrown = [e.name, e.exit_code, e.stdout]; }
      const all = [ssh.run('echo hello'), ssh.exec('cat; echo e >&2', { input: 'äöü' }), ssh.exec('kill -TERM $$').signal, failing, thrown, ssh.run('head -c 200000 /dev/zero').length];
      ssh.close();
      return [...all, said(() => ssh.run('true'))];`);
    assert.deepEqual(await script.run(), [
      'hello\n',
      { stdout: 'äöü', stderr: 'e\n', signal: '', exit_code: 0 },
      'TERM',
      'CommandError the command ended with status 3: oops',
      ['CommandError', 4, 'out\n'],
      200_000,
      '2403 ssh: not connected',
    ]);
    const { samples } = script;
    assert.deepEqual(codes(samples, 'ssh_connections'), ['']);
    assert.deepEqual(codes(samples, 'ssh_commands'), ['', '', '', '', '', '', '2403']);
    assert.deepEqual(
      samples.filter(({ metric }) => metric === 'ssh_command_failed').map(({ value }) => value),
      [1, 1, 0, 0, 1, 0, 1],
    );
    const { tags } = samples.find(({ metric }) => metric === 'ssh_command_duration')!;
    assert.deepEqual([tags['machine'], tags['name'], tags['server']], ['one', 'echo', `127.0.0.1:${port}`]);
    assert.ok(script.vu.meter.received > 200_000);
  });

  test('a connection stays for the next iterations, and another takes its place', async () => {
    const script = await bench(`
      if (said(() => ssh.run('true')) !== 'fine') { ${connect()} ${connect()} }
      return ssh.run('echo here');`);
    assert.equal(await script.run(), 'here\n');
    assert.equal(await script.run(), 'here\n');
    assert.deepEqual(codes(script.samples, 'ssh_connections'), ['', '']);
    script.vu.dispose();
  });

  test('wrong keys, a wrong host key and an account that is not there have their codes', async () => {
    const base = `username: ${JSON.stringify(username)}, host: '127.0.0.1', port: ${port}`;
    const script = await bench(`
      const outcome = (options) => said(() => ssh.connect({ ${base}, ...options }));
      return [outcome({ rsa_key: 'stranger' }), outcome({ rsa_key: 'user', host_key: 'SHA256:${'A'.repeat(43)}' }), outcome({ rsa_key: 'user', host_key: '${fingerprint}' }),
        outcome({ password: 'wrong' }), outcome({ rsa_key: 'no-key' }), outcome({ rsa_key: 'locked' }), outcome({ rsa_key: 'locked', passphrase: 'secret' }), outcome({ rsa_key: 'user', username: 'nobody-there' })];`);
    const [stranger, hostKey, right, password, noKey, locked, unlocked, nobody] = (await script.run()) as string[];
    const refused = '2401 ssh: all configured authentication methods failed';
    assert.equal(stranger, refused);
    assert.equal(hostKey, `2402 ssh: the host key is not the one that is expected: ${fingerprint}`);
    assert.equal(right, 'fine');
    assert.equal(password, refused);
    assert.match(noKey!, /^2401 ssh: Cannot parse privateKey/);
    assert.match(locked!, /^2401 ssh: .*passphrase/);
    // It can be read then, but the server does not know it.
    assert.equal(unlocked, refused);
    assert.equal(nobody, refused);
    assert.deepEqual(codes(script.samples, 'ssh_connections'), [
      '2401',
      '2402',
      '',
      '2401',
      '2401',
      '2401',
      '2401',
      '2401',
    ]);
  });

  test('a command that takes too long, writes too much, or whose connection dies, is given up', async () => {
    const script = await bench(
      `${connect()}
      return [said(() => ssh.run('sleep 60', { timeout: '200ms' })), said(() => ssh.run('yes')), said(() => ssh.run('echo still there')), said(() => ssh.run('kill -KILL $PPID; sleep 60'))];`,
      { maxResponseBytes: 100_000 },
    );
    const [late, much, fine, killed] = (await script.run()) as string[];
    assert.equal(late, '2404 ssh: the command did not end in time (200 ms)');
    assert.equal(much, '1702 ssh: the command wrote more than 100000 bytes (maxResponseBytes)');
    assert.equal(fine, 'fine');
    // Whichever shows first: the end of the connection, or that nothing can be written to it.
    assert.match(killed!, /^(?:2403|1220|1040|1201) /);
    script.vu.dispose();
  });

  test('the end of the iteration ends a command, and it is measured', async () => {
    const begun = path.join(folder, 'begun');
    const script = await bench(`${connect()} ssh.run('touch ${begun}; sleep 60'); return 'not reached';`);
    const run = script.run().catch(String);
    while (!existsSync(begun)) await new Promise((resolve) => setImmediate(resolve));
    script.vu.interrupt();
    assert.match(String(await run), /interrupted/);
    await script.run('nothing');
    assert.deepEqual(codes(script.samples, 'ssh_commands'), ['1030']);
  });
});

test('what is no SSH server, hangs up, is silent or is nobody has its code', async () => {
  const servers = [
    createTcpServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    createTcpServer((socket) => socket.on('error', () => {}).end()),
    createTcpServer((socket) => socket.on('error', () => {})),
  ];
  const ports: number[] = [];
  for (const one of servers) {
    one.listen(0, '127.0.0.1');
    await once(one, 'listening');
    ports.push((one.address() as AddressInfo).port);
  }
  ports.push(await findFreePort());
  const script = await bench(
    `return [...${JSON.stringify(ports)}.map((port) => said(() => ssh.connect({ username: 'a', password: 'b', host: '127.0.0.1', port, timeout: '300ms' }))),
      said(() => ssh.connect({ username: 'a', password: 'b', host: 'blocked.example' }))];`,
    { blockHostnames: ['blocked.example'] },
  );
  const results = (await script.run()) as string[];
  for (const one of servers) one.close();
  assert.deepEqual(
    results.map((text) => text.slice(0, 4)),
    ['2403', '2403', '2404', '1212', '1111'],
  );
});

test('passwords serve too; a server that refuses a command, or dies in it, is told by its code', async () => {
  const { private: hostKey } = ssh2.utils.generateKeyPairSync('ed25519');
  const clients = new Set<ServerConnection>();
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    clients.add(client);
    client.on('error', () => {});
    client.on('authentication', (context) => {
      if (context.method === 'password' && context.username === 'ann' && context.password === 'right') context.accept();
      else context.reject(['password']);
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, rejectExec, { command }) => {
        if (command === 'refuse') rejectExec();
        else if (command === 'die') {
          acceptExec();
          client.end();
        } else {
          const channel = acceptExec();
          channel.write('done');
          channel.exit(0);
          channel.end();
        }
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const script = await bench(`
    const connect = (password) => ssh.connect({ username: 'ann', password, host: '127.0.0.1', port: ${port} });
    const wrong = said(() => connect('wrong'));
    connect('right');
    return [wrong, ssh.run('work'), said(() => ssh.run('refuse')), said(() => ssh.run('die')), said(() => ssh.run('work'))];`);
  const [wrong, work, refused, died, gone] = (await script.run()) as string[];
  server.close();
  assert.equal(wrong, '2401 ssh: all configured authentication methods failed');
  assert.equal(work, 'done');
  assert.match(refused!, /^2405 ssh: Unable to exec/);
  assert.match(died!, /^2403 ssh: /);
  assert.match(gone!, /^2403 ssh: /);
  script.vu.dispose();
});

test('wrong input is named', async () => {
  const script = await bench(`
    return [said(() => ssh.connect()), said(() => ssh.connect({ host: 'x' })), said(() => ssh.connect({ username: 'x' })), said(() => ssh.connect({ username: 'x', host: 'y', port: '22' })),
      said(() => ssh.connect({ username: 'x', host: 'y', rsa_key: 'missing' })), said(() => ssh.connect({ username: 'x', host: 'y', password: 5 })), said(() => ssh.connect({ username: 'x', host: 'y', password: 'z', host_key: 'MD5:1' })),
      said(() => ssh.run('')), said(() => ssh.run('ls', 5)), said(() => ssh.run('ls', { input: 5 }))];`);
  assert.deepEqual(await script.run(), [
    'TypeError connect() takes an object: { username, host, port, password or rsa_key }',
    'TypeError connect() takes the username as text',
    'TypeError connect() takes the host as text',
    'TypeError port must be a number from 1 to 65535, not 22',
    'TypeError cannot read the key missing (ENOENT): give rsa_key, the path of a private key, or a password',
    'TypeError password must be text, not number',
    'TypeError host_key must be a fingerprint as ssh-keygen -l writes it: SHA256: and 43 characters',
    'TypeError run() takes a command as text',
    'TypeError run() takes options as an object, not number',
    'TypeError input must be text, not number',
  ]);
});
