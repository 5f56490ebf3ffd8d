import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { integrityOf, ModuleCache } from './module-cache.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'sixfold-module-cache-'));
after(() => rmSync(root, { recursive: true }));
let made = 0;
const newFolder = (): string => path.join(root, `cache-${made++}`);

const TEXT = 'export default "ž";\n';
const known = (address: string, text = TEXT, resolved = address) => ({
  address,
  resolved,
  integrity: integrityOf(text),
});
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? path.join(entry.parentPath, entry.name) : [],
  );

test('the sum of a text is that of its octets in UTF-8, as in web pages', () => {
  const digest = createHash('sha256').update(Buffer.from(TEXT)).digest('base64');
  assert.equal(integrityOf(TEXT), `sha256-${digest}`);
  // https://www.w3.org/TR/SRI/ takes SHA-256 as in FIPS 180-4, whose value for no octets is well known.
  assert.equal(integrityOf(''), 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
});

describe('the cache of modules of the web', () => {
  test('gives back what was kept, by its content and by its address, to whoever opens the folder', () => {
    const folder = newFolder();
    const entry = known('https://a.test/m.js?v=1', TEXT, 'https://b.test/deep/m.js');
    new ModuleCache(folder).keep(entry, TEXT);
    const cache = new ModuleCache(folder);
    assert.deepEqual(cache.find(entry.address), entry);
    assert.equal(cache.read(entry.integrity), TEXT);
  });

  test('knows nothing of other addresses, other contents, and of a folder that is not there', () => {
    const cache = new ModuleCache(newFolder());
    assert.deepEqual([cache.find('https://a.test/'), cache.read(integrityOf('x'))], [null, null]);
    cache.keep(known('https://a.test/m.js'), TEXT);
    for (const address of ['https://a.test/m.js?', 'https://a.test/M.js', 'https://a.test/m.js#x'])
      assert.equal(cache.find(address), null, address);
    assert.equal(cache.read(integrityOf(`${TEXT} `)), null);
  });

  test('has one copy of what two addresses give, and the last of what one address gave', () => {
    const folder = newFolder();
    const cache = new ModuleCache(folder);
    cache.keep(known('https://a.test/m.js'), TEXT);
    cache.keep(known('https://b.test/m.js'), TEXT);
    assert.equal(readdirSync(path.join(folder, 'content')).length, 1);
    cache.keep(known('https://a.test/m.js', 'newer'), 'newer');
    assert.equal(cache.find('https://a.test/m.js')?.integrity, integrityOf('newer'));
    // A record of an older run may still ask for what it was.
    assert.deepEqual([cache.read(integrityOf('newer')), cache.read(integrityOf(TEXT))], ['newer', TEXT]);
  });

  test('takes no copy that somebody has changed, cut short or lengthened', () => {
    const folder = newFolder();
    const cache = new ModuleCache(folder);
    const entry = known('https://a.test/m.js');
    cache.keep(entry, TEXT);
    const [file] = filesBelow(path.join(folder, 'content'));
    for (const changed of ['', TEXT.slice(1), `${TEXT} `, TEXT.replace('ž', 'z'), `\uFEFF${TEXT}`]) {
      writeFileSync(file!, changed);
      assert.equal(cache.read(entry.integrity), null, JSON.stringify(changed));
    }
    cache.keep(entry, TEXT);
    assert.equal(cache.read(entry.integrity), TEXT);
  });

  test('takes nothing for an entry that is none, or that is of another address', () => {
    const folder = newFolder();
    const cache = new ModuleCache(folder);
    const entry = known('https://a.test/m.js');
    cache.keep(entry, TEXT);
    const [file] = filesBelow(path.join(folder, 'addresses'));
    const whole = readFileSync(file!, 'utf8');
    const spoilt = [
      '',
      'null',
      '[]',
      '"text"',
      whole.slice(0, -5),
      JSON.stringify({ ...entry, address: 'https://b.test/m.js' }),
      JSON.stringify({ ...entry, resolved: undefined }),
      JSON.stringify({ ...entry, integrity: 7 }),
    ];
    for (const text of spoilt) {
      writeFileSync(file!, text);
      assert.equal(cache.find(entry.address), null, text);
    }
  });

  test('stays within its folder, whatever is asked for', () => {
    const folder = newFolder();
    writeFileSync(path.join(root, 'secret'), TEXT);
    const cache = new ModuleCache(folder);
    for (const integrity of ['../../secret', 'sha256-', '', 'sha256-Li4vLi4vc2VjcmV0'])
      assert.equal(cache.read(integrity), null, integrity);
    const address = 'https://a.test/../../../../secret';
    cache.keep(known(address), TEXT);
    assert.deepEqual(cache.find(address), known(address));
    assert.equal(filesBelow(folder).length, 2);
  });

  test('is no reason to fail where it cannot be written to, and leaves no drafts where it can', () => {
    const taken = newFolder();
    writeFileSync(taken, 'a file');
    const cache = new ModuleCache(taken);
    cache.keep(known('https://a.test/m.js'), TEXT);
    assert.equal(cache.find('https://a.test/m.js'), null);
    const folder = newFolder();
    const half = new ModuleCache(folder);
    const entry = known('https://a.test/m.js');
    half.keep(entry, TEXT);
    const [content] = filesBelow(path.join(folder, 'content'));
    rmSync(content!);
    mkdirSync(content!);
    half.keep(entry, TEXT);
    assert.equal(half.read(entry.integrity), null);
    assert.deepEqual(
      filesBelow(folder).map((file) => path.basename(path.dirname(file))),
      ['addresses'],
    );
  });
});
