import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { type CredsWish, writeCreds } from './creds.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'sixfold-creds-'));
after(() => rmSync(root, { recursive: true }));
let made = 0;
const wish = (change: Partial<CredsWish> = {}): CredsWish => ({
  folder: path.join(root, `creds-${made++}`),
  agents: [],
  listen: 'nats.test:4222',
  tlsCert: null,
  tlsKey: null,
  tlsCa: null,
  ...change,
});

describe('what a NATS server and those that it lets in are given', () => {
  test('is a file for each of them, for its owner alone, and no key twice', async () => {
    const own = wish({ agents: ['eu-1', 'us_1', 'eu-1'] });
    await writeCreds(own);
    const names = readdirSync(own.folder).sort();
    assert.deepEqual(names, ['agents.nk', 'eu-1.nk', 'lead.nk', 'nats.conf', 'sign.key', 'sign.pub', 'us_1.nk']);
    for (const name of names) assert.equal(statSync(path.join(own.folder, name)).mode & 0o777, 0o600, name);
    assert.equal(statSync(own.folder).mode & 0o777, 0o700);
    const keys = names
      .filter((name) => name.endsWith('.nk'))
      .map((name) => readFileSync(path.join(own.folder, name), 'utf8'));
    assert.equal(new Set(keys).size, keys.length);
  });

  test('lets nobody’s secret into the server’s configuration', async () => {
    const own = wish({ agents: ['eu-1'] });
    await writeCreds(own);
    const config = readFileSync(path.join(own.folder, 'nats.conf'), 'utf8');
    for (const name of ['lead.nk', 'agents.nk', 'eu-1.nk', 'sign.key'])
      for (const word of readFileSync(path.join(own.folder, name), 'utf8').match(/\bS[A-Z2-7]{50,}\b|[\w+/=-]{40,}/g) ??
        [])
        assert.ok(!config.includes(word), name);
    assert.match(config, /nats\.test:4222/);
  });

  test('is shown with the command lines that use it', async () => {
    const plain = wish({ agents: ['eu-1', 'eu-2'] });
    const told = await writeCreds(plain);
    assert.ok(told.includes(`nats-server -c ${path.join(plain.folder, 'nats.conf')}\n`));
    assert.ok(
      told.includes(
        `sixfold agent --nats nats://nats.test:4222 --nats-creds ${path.join(plain.folder, 'eu-2.nk')} --trust`,
      ),
    );
    assert.match(told, /sixfold run --nats nats:.* --agents 2 script\.js\n$/);
    const secured = await writeCreds(wish({ tlsCert: 'c.pem', tlsKey: 'k.pem', tlsCa: 'ca.pem' }));
    assert.match(secured, /--nats tls:\/\/nats\.test:4222 .*--agents 1 script\.js/);
  });

  test('names certificates by paths that hold wherever the server is started', async () => {
    const own = wish({ tlsCert: 'c.pem', tlsKey: '/etc/k.pem' });
    await writeCreds(own);
    const config = readFileSync(path.join(own.folder, 'nats.conf'), 'utf8');
    assert.ok(config.includes(path.resolve('c.pem')) && config.includes('/etc/k.pem'));
    assert.doesNotMatch(config, /verify/);
  });
});

describe('is not written', () => {
  test('where any of its files is there already; then none is', async () => {
    const own = wish();
    await writeCreds(own);
    const before = readFileSync(path.join(own.folder, 'lead.nk'), 'utf8');
    await assert.rejects(writeCreds(own), {
      exitCode: 255,
      message: /nats\.conf is there already, and is not replaced/,
    });
    rmSync(path.join(own.folder, 'nats.conf'));
    await assert.rejects(writeCreds(own), { exitCode: 255, message: /is there already/ });
    assert.equal(existsSync(path.join(own.folder, 'nats.conf')), false);
    assert.equal(readFileSync(path.join(own.folder, 'lead.nk'), 'utf8'), before);
  });

  test('for names that would be other files, or anybody else’s', async () => {
    for (const name of ['', 'a/b', '../x', 'a.b', 'lead', 'agents', 'a b', 'x'.repeat(61), 'ž']) {
      const own = wish({ agents: ['fine', name] });
      await assert.rejects(writeCreds(own), { exitCode: 255, message: /letters, digits, _ and -/ }, name);
      assert.equal(existsSync(own.folder), false);
    }
  });

  test('with half of a certificate', async () => {
    for (const half of [{ tlsCert: 'c' }, { tlsKey: 'k' }, { tlsCa: 'a' }])
      await assert.rejects(writeCreds(wish(half)), { exitCode: 255, message: /--tls-cert and --tls-key go together/ });
  });

  test('where the folder is a file', async () => {
    const folder = path.join(root, 'taken');
    writeFileSync(folder, '');
    await assert.rejects(writeCreds(wish({ folder })), (error: Error) => /taken/.test(error.message));
  });
});
