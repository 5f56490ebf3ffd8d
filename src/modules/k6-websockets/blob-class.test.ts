// Blob and File as https://w3c.github.io/FileAPI has them, as far as scripts have them; from compiled scripts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runBody } from '../../../test/script-bench.ts';

const HEAD = `const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.name; } };`;
const run = (body: string): Promise<unknown> => runBody(body, HEAD);

describe('a Blob', () => {
  test('is its parts one after the other: text as UTF-8, bytes, views of them, other Blobs, and whatever else as text', async () => {
    assert.deepEqual(
      await run(`
        const bytes = new Uint8Array([65, 66, 67, 68]);
        const blob = new Blob(['ü', bytes, bytes.subarray(1, 2), new DataView(bytes.buffer, 3), bytes.buffer, new Blob(['x', 'y']), 5, null, { toString: () => 'own' }, new Uint16Array([0x4241])]);
        return [blob.size, await blob.text()];`),
      [2 + 4 + 1 + 1 + 4 + 2 + 1 + 4 + 3 + 2, 'üABCDBDABCDxy5nullownAB'],
    );
  });

  test('keeps its bytes, whatever becomes of what it was made of, and of what it gives', async () => {
    assert.deepEqual(
      await run(`
        const bytes = new Uint8Array([1, 2, 3]);
        const blob = new Blob([bytes]);
        bytes.fill(9);
        new Uint8Array(await blob.arrayBuffer()).fill(8);
        (await blob.bytes()).fill(7);
        return [...await blob.bytes()];`),
      [1, 2, 3],
    );
  });

  test('without parts is empty', async () => {
    assert.deepEqual(
      await run(
        `return [new Blob().size, new Blob([]).size, new Blob(undefined).size, new Blob([]).type, await new Blob().text(), (await new Blob().arrayBuffer()).byteLength];`,
      ),
      [0, 0, 0, '', '', 0],
    );
  });

  test('takes a list of parts and nothing else', async () => {
    assert.deepEqual(
      await run(
        `return [null, 'text', 5, {}, true].map((v) => thrown(() => new Blob(v))).concat(thrown(() => Blob([])));`,
      ),
      Array(6).fill('TypeError'),
    );
  });

  test('has a type in small letters, or none where it holds what a type cannot', async () => {
    assert.deepEqual(
      await run(
        `return ['Text/PLAIN; Charset=UTF-8', '', 'a\\u00e9', 'a\\n', undefined, 5].map((type) => new Blob([], { type }).type).concat(new Blob([], {}).type);`,
      ),
      ['text/plain; charset=utf-8', '', '', '', '', '5', ''],
    );
  });

  test('takes no symbols, neither as parts nor as its type', async () => {
    assert.deepEqual(
      await run(`
        const caught = (make) => { try { return make().size } catch (error) { return error.name } };
        return [() => new Blob(['a', Symbol('b')]), () => new Blob([], { type: Symbol('b') }), () => new Blob(['a']).slice(0, 1, Symbol('b')), () => new Blob([{ toString: () => 'abc' }])].map(caught);`),
      ['TypeError', 'TypeError', 'TypeError', 3],
    );
  });

  test('as text has what is no UTF-8 replaced, and no mark at its beginning', async () => {
    assert.deepEqual(
      await run(`
        const text = (...bytes) => new Blob([new Uint8Array(bytes)]).text();
        return [await text(0x61, 0xff, 0x62), await text(0xef, 0xbb, 0xbf, 0x61), await new Blob(['\\ud800']).text(), await text(0xf0, 0x9f, 0x98, 0x80)];`),
      ['a\ufffdb', 'a', '\ufffd', '\u{1F600}'],
    );
  });

  test('gives an ArrayBuffer and a Uint8Array of the script, and a promise in any case', async () => {
    assert.deepEqual(
      await run(`
        const blob = new Blob(['ab']);
        const wrong = Blob.prototype.text.call({});
        return [(await blob.arrayBuffer()) instanceof ArrayBuffer, (await blob.bytes()) instanceof Uint8Array, blob.text() instanceof Promise, await wrong.catch((e) => e.name)];`),
      [true, true, true, 'TypeError'],
    );
  });
});

describe('a slice of a Blob', () => {
  test('counts from the end where it is told to, and never beyond', async () => {
    assert.deepEqual(
      await run(`
        const blob = new Blob(['abcdef']);
        const ranges = [[], [2], [-2], [1, 3], [1, -1], [-3, -1], [4, 2], [0, 99], [-99, 2], [6], [undefined, 2], [null, null], [1, undefined], ['1', '3'], [NaN, 2]];
        return Promise.all(ranges.map((range) => blob.slice(...range).text()));`),
      ['abcdef', 'cdef', 'ef', 'bc', 'bcde', 'de', '', 'abcdef', 'ab', '', 'ab', '', 'bcdef', 'bc', 'ab'],
    );
  });

  test('has a type of its own only, and is a Blob also of a File', async () => {
    assert.deepEqual(
      await run(`
        const file = new File(['abc'], 'f', { type: 'a/b' });
        const slice = file.slice(1, 2);
        return [slice.type, file.slice(0, 1, 'C/D').type, slice instanceof File, slice instanceof Blob, slice.size, await file.slice(1).slice(1).text()];`),
      ['', 'c/d', false, true, 1, 'c'],
    );
  });
});

describe('a File', () => {
  test('is a Blob with a name and the time of its last change', async () => {
    const before = Date.now();
    const [isBlob, name, type, size, at, given, tag] = (await run(`
      const f = new File(['ab', new Blob(['c'])], 'ünï/n:1', { type: 'A/B' });
      return [f instanceof Blob, f.name, f.type, f.size, f.lastModified, ['7.9', -5, null, 'x', undefined].map((lastModified) => new File([], '', { lastModified }).lastModified).slice(0, 4), String(f)];`)) as [
      boolean,
      string,
      string,
      number,
      number,
      number[],
      string,
    ];
    assert.deepEqual(
      [isBlob, name, type, size, given, tag],
      [true, 'ünï/n:1', 'a/b', 3, [7, -5, 0, 0], '[object File]'],
    );
    assert.ok(at >= before && at <= Date.now());
  });

  test('needs parts and a name', async () => {
    assert.deepEqual(
      await run(
        `return [thrown(() => new File()), thrown(() => new File([])), thrown(() => new File('x', 'n')), thrown(() => Object.getOwnPropertyDescriptor(File.prototype, 'name').get.call(new Blob())), new File([], undefined).name];`,
      ),
      ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'undefined'],
    );
  });
});
