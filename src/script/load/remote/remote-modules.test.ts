import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type ModuleServer, startModuleServer } from '../../../../test/end-to-end/module-server.ts';
import { ScriptError } from '../script-error.ts';
import { integrityOf } from './module-cache.ts';
import { RemoteModules, type RemoteOptions } from './remote-modules.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'sixfold-remote-'));
const authorities = getCACertificates();
let server: ModuleServer;
let made = 0;
let cache: string;
let lockFile: string;

before(async () => {
  server = await startModuleServer(root);
  setDefaultCACertificates([server.authority]);
});
after(async () => {
  setDefaultCACertificates(authorities);
  await server.close();
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  server.answers.clear();
  server.asked.length = 0;
  cache = path.join(root, `cache-${made}`);
  lockFile = path.join(root, `lock-${made++}`);
});

const modules = (options: Partial<RemoteOptions> = {}): RemoteModules =>
  new RemoteModules({ cache, lockFile, offline: false, ...options });
const locked = (): Record<string, { integrity: string; resolved?: string }> =>
  (JSON.parse(readFileSync(lockFile, 'utf8')) as { modules: Record<string, { integrity: string }> }).modules;
const packed = (bodies: Readonly<Record<string, string>>, redirects: Readonly<Record<string, string>> = {}) => ({
  bodies: new Map(Object.entries(bodies).map(([name, text]) => [name, Buffer.from(text)])),
  redirects,
});
/** Loads and records. */
async function load(address: string, options: Partial<RemoteOptions> = {}): Promise<string> {
  const own = modules(options);
  const { text } = await own.load(server.url + address);
  own.save();
  return text;
}
const refused = (why: RegExp) => (error: unknown) =>
  error instanceof ScriptError && error.kind === 'import' && why.test(error.reason);

describe('modules of the web', () => {
  test('are asked for once, however many import them at the same time', async () => {
    server.answers.set('/m.js?_k6=1', 'm');
    const own = modules();
    const address = `${server.url}/m.js`;
    const all = await Promise.all([own.load(address), own.load(address), own.load(address)]);
    assert.deepEqual(new Set(all).size, 1);
    await own.load(address);
    assert.deepEqual(server.asked, ['/m.js?_k6=1']);
    assert.deepEqual([...own.loaded.keys()], [address]);
  });

  test('import their neighbours from where redirects led, and from their address as long as nobody knows better', async () => {
    server.answers.set('/lib?_k6=1', { location: '/v3/lib.js' }).set('/v3/lib.js', 'lib');
    const own = modules();
    const address = `${server.url}/lib`;
    assert.equal(own.baseOf(address), address);
    await own.load(address);
    assert.equal(own.baseOf(address), `${server.url}/v3/lib.js`);
    own.save();
    assert.deepEqual(locked(), { [address]: { integrity: integrityOf('lib'), resolved: `${server.url}/v3/lib.js` } });
    // The copy knows it too, without a word to the server.
    server.answers.clear();
    const again = modules();
    await again.load(address);
    assert.equal(again.baseOf(address), `${server.url}/v3/lib.js`);
  });

  test('are recorded only once the script is joined', async () => {
    server.answers.set('/m.js?_k6=1', 'm');
    const own = modules();
    await own.load(`${server.url}/m.js`);
    assert.equal(existsSync(lockFile), false);
    own.save();
    assert.deepEqual(Object.keys(locked()), [`${server.url}/m.js`]);
  });

  test('that the record knows come from the cache, and from the server where that has lost them', async () => {
    server.answers.set('/m.js?_k6=1', 'm');
    await load('/m.js');
    await load('/m.js');
    assert.equal(server.asked.length, 1);
    rmSync(cache, { recursive: true });
    assert.equal(await load('/m.js'), 'm');
    assert.equal(server.asked.length, 2);
    assert.equal(await load('/m.js', { offline: true }), 'm');
  });

  test('that the record does not know are fetched anew, though there is a copy', async () => {
    server.answers.set('/m.js?_k6=1', 'old');
    await load('/m.js');
    rmSync(lockFile);
    server.answers.set('/m.js?_k6=1', 'new');
    assert.equal(await load('/m.js'), 'new');
    assert.equal(locked()[`${server.url}/m.js`]?.integrity, integrityOf('new'));
  });

  test('that are not what they were are refused, and neither record nor copy is touched', async () => {
    server.answers.set('/m.js?_k6=1', 'old');
    await load('/m.js');
    const record = readFileSync(lockFile, 'utf8');
    server.answers.set('/m.js?_k6=1', 'new');
    await assert.rejects(
      load('/m.js', { cache: null }),
      refused(/m\.js is not what it was: .* If the change is meant, delete its entry/),
    );
    assert.equal(readFileSync(lockFile, 'utf8'), record);
    assert.equal(await load('/m.js'), 'old');
  });

  test('need neither a record nor a cache', async () => {
    server.answers.set('/m.js?_k6=1', 'm');
    assert.equal(await load('/m.js', { cache: null, lockFile: null }), 'm');
    server.answers.set('/m.js?_k6=1', 'other');
    assert.equal(await load('/m.js', { cache: null, lockFile: null }), 'other');
    assert.deepEqual([existsSync(cache), existsSync(lockFile)], [false, false]);
  });

  test('that cannot be fetched are refused with what else there is', async () => {
    server.answers.set('/m.js?_k6=1', 'm');
    await load('/m.js');
    rmSync(lockFile);
    server.answers.clear();
    await assert.rejects(
      load('/m.js'),
      refused(
        /could not be fetched: the server answered 404.*: --offline uses the copy that was fetched before; or save/,
      ),
    );
    await assert.rejects(
      load('/never.js'),
      refused(/never\.js could not be fetched: .*What you can do: save it beside the script and import '\.\/…'$/),
    );
    await assert.rejects(
      modules({ offline: true }).load('https://jslib.k6.io/url/1.0.0/index.js'),
      refused(/is not in the cache, and --offline forbids to fetch it.*instead of it, use the globals URL/),
    );
  });
});

describe('offline, modules of the web', () => {
  test('are what was fetched last, and are recorded as such', async () => {
    server.answers.set('/lib?_k6=1', { location: '/v1.js' }).set('/v1.js', 'one');
    await load('/lib');
    server.answers.set('/v1.js', 'two');
    rmSync(lockFile);
    await load('/lib');
    rmSync(lockFile);
    server.asked.length = 0;
    const own = modules({ offline: true });
    assert.deepEqual(await own.load(`${server.url}/lib`), { text: 'two', resolved: `${server.url}/v1.js` });
    own.save();
    assert.deepEqual(locked()[`${server.url}/lib`], { integrity: integrityOf('two'), resolved: `${server.url}/v1.js` });
    assert.deepEqual(server.asked, []);
  });

  test('are never another copy than the one on record', async () => {
    server.answers.set('/m.js?_k6=1', 'one');
    await load('/m.js');
    const record = readFileSync(lockFile, 'utf8');
    server.answers.set('/m.js?_k6=1', 'two');
    await load('/m.js', { lockFile: `${lockFile}-other` });
    assert.equal(await load('/m.js', { offline: true }), 'one');
    writeFileSync(lockFile, record.replace(integrityOf('one'), integrityOf('lost')));
    await assert.rejects(load('/m.js', { offline: true }), refused(/is not in the cache/));
  });
});

describe('modules that an archive holds', () => {
  test('come first, before record, cache and server, and are not recorded', async () => {
    server.answers.set('/m.js?_k6=1', 'from the server');
    await load('/m.js');
    const record = readFileSync(lockFile, 'utf8');
    const name = server.url.replace('https://', '');
    const own = modules({ packed: packed({ [`${name}/m.js`]: 'packed', [`${name}/b.js`]: 'b' }) });
    assert.equal((await own.load(`${server.url}/m.js`)).text, 'packed');
    assert.equal((await own.load(`${server.url}/b.js`)).text, 'b');
    own.save();
    assert.equal(readFileSync(lockFile, 'utf8'), record);
  });

  test('are where redirects led when they were packed', async () => {
    const own = modules({
      offline: true,
      packed: packed({ 'a.test/m': 'm' }, { 'https://a.test/m': 'https://b.test/2/m.js' }),
    });
    assert.equal((await own.load('https://a.test/m')).resolved, 'https://b.test/2/m.js');
    assert.equal(own.baseOf('https://a.test/m'), 'https://b.test/2/m.js');
  });

  test('are found by the whole address first; one that has no query answers for all, as in archives of k6', async () => {
    const bodies = { 'a.test/m.js': 'plain', 'a.test/m.js?v=2': 'second' };
    const own = modules({ offline: true, packed: packed(bodies) });
    const text = async (address: string) => (await own.load(`https://a.test/m.js${address}`)).text;
    assert.deepEqual(
      [await text('?v=2'), await text('?v=3'), await text('#top'), await text('')],
      ['second', 'plain', 'plain', 'plain'],
    );
    await assert.rejects(own.load('https://a.test/other.js'), refused(/is not in the cache/));
  });

  test('are no reason to read a record that is spoilt', async () => {
    writeFileSync(lockFile, 'spoilt');
    const own = modules({ packed: packed({ 'a.test/m.js': 'm' }) });
    assert.equal((await own.load('https://a.test/m.js')).text, 'm');
    own.save();
    await assert.rejects(modules().load(`${server.url}/m.js`), refused(/it is no JSON/));
  });
});
