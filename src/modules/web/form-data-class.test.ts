// FormData as https://xhr.spec.whatwg.org, section 4, has it, and as it goes over the wire (RFC 7578, HTML section 4.10.21.8).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runBody } from '../../../test/script-bench.ts';

const HEAD = `
  const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.name; } };
  /** What would be sent, with B for the boundary. */
  const wire = async (form) => {
    const response = new Response(form);
    const boundary = /boundary=(.*)$/.exec(response.headers.get('content-type'))[1];
    return (await response.text()).replaceAll(boundary, 'B');
  };`;
const run = (body: string): Promise<unknown> => runBody(body, HEAD);

describe('entries of a FormData', () => {
  test('that are set take the place of the first of their name, and all of them', async () => {
    assert.deepEqual(
      await run(`
        const f = new FormData();
        for (const [n, v] of [['a', 1], ['b', 2], ['a', 3], ['c', 4], ['a', 5]]) f.append(n, v);
        f.set('a', 'new'); f.set('d', 'last');
        return [...f];`),
      [
        ['a', 'new'],
        ['b', '2'],
        ['c', '4'],
        ['d', 'last'],
      ],
    );
  });

  test('are all deleted by their name, which may be one that nobody has', async () => {
    assert.deepEqual(
      await run(`
        const f = new FormData();
        f.append('a', 1); f.append('b', 2); f.append('a', 3);
        f.delete('a'); f.delete('none');
        return [[...f.keys()], f.get('a'), f.getAll('a'), f.has('a'), f.has('b')];`),
      [['b'], null, [], false, true],
    );
  });

  test('are text as the language makes it, in which lone surrogates are replaced', async () => {
    assert.deepEqual(
      await run(`
        const f = new FormData();
        f.append(null, undefined); f.append('n\\ud800', 'v\\udc00'); f.append('o', { toString: () => 'own' });
        return [[...f], f.get('n\\ud801'), thrown(() => f.append('s', Symbol())), thrown(() => f.append(Symbol(), 's'))];`),
      [
        [
          ['null', 'undefined'],
          ['n\ufffd', 'v\ufffd'],
          ['o', 'own'],
        ],
        'v\ufffd',
        'TypeError',
        'TypeError',
      ],
    );
  });

  test('of a Blob are Files called blob, unless they are called otherwise; a File stays the very same', async () => {
    assert.deepEqual(
      await run(`
        const f = new FormData();
        const file = new File(['f'], 'own.txt', { type: 'a/b', lastModified: 5 });
        f.append('x', new Blob(['b'], { type: 'c/d' }));
        f.append('x', new Blob(['b']), 'called.bin');
        f.append('x', file);
        f.append('x', file, 'renamed.txt');
        const all = f.getAll('x');
        return [all.map((v) => [v instanceof File, v.name, v.type, v.size]), all[2] === file, all[3] === file];`),
      [
        [
          [true, 'blob', 'c/d', 1],
          [true, 'called.bin', '', 1],
          [true, 'own.txt', 'a/b', 1],
          [true, 'renamed.txt', 'a/b', 1],
        ],
        true,
        false,
      ],
    );
  });

  test('take a file name with nothing but a file, and need a name and a value', async () => {
    assert.deepEqual(
      await run(`
        const f = new FormData();
        return [() => f.append('a', 'text', 'name'), () => f.set('a', 5, 'name'), () => f.append('a'), () => f.set('a'), () => f.append(), () => f.get(), () => f.getAll(),
          () => f.has(), () => f.delete(), () => new FormData({}), () => new FormData(null), () => FormData(), () => FormData.prototype.get.call(new Headers(), 'a')].map(thrown);`),
      Array(13).fill('TypeError'),
    );
  });

  test('may be the files of k6/http, with the name and the type that those have', async () => {
    assert.deepEqual(
      await runBody(
        `const f = new FormData();
         const bytes = new Uint8Array([1, 2]);
         f.append('f', http.file(bytes.buffer, 'n.bin', 'x/y'));
         f.append('f', http.file('text', 'n.txt'), 'other.txt');
         bytes[0] = 9;
         const [a, b] = f.getAll('f');
         return [a.name, a.type, [...await a.bytes()], b.name, await b.text()];`,
        `import http from 'k6/http';`,
      ),
      ['n.bin', 'x/y', [1, 2], 'other.txt', 'text'],
    );
  });

  test('are iterated over as they are at the time', async () => {
    assert.deepEqual(
      await run(`
        const f = new FormData();
        f.append('a', 1); f.append('b', 2);
        const seen = [];
        for (const [name] of f) { seen.push(name); if (name === 'a') f.append('c', 3); if (name === 'b') f.delete('a'); }
        f.forEach((value, name, form) => seen.push(value + name + (form === f)));
        return seen;`),
      ['a', 'b', '2btrue', '3ctrue'],
    );
  });
});

describe('a FormData on the wire', () => {
  test('of nothing is its end alone', async () => {
    assert.equal(await run(`return wire(new FormData());`), '--B--\r\n');
  });

  test('has a part for each entry, and ends with its boundary', async () => {
    assert.equal(
      await run(`
        const f = new FormData();
        f.append('a', '1'); f.append('f', new File(['content'], 'n.txt', { type: 'text/x' })); f.append('g', new Blob(['']));
        return wire(f);`),
      [
        '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n',
        '--B\r\nContent-Disposition: form-data; name="f"; filename="n.txt"\r\nContent-Type: text/x\r\n\r\ncontent\r\n',
        '--B\r\nContent-Disposition: form-data; name="g"; filename="blob"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n',
        '--B--\r\n',
      ].join(''),
    );
  });

  test('has the quotes and line ends of names escaped, so that none of them makes a header', async () => {
    const sent = (await run(`
      const f = new FormData();
      f.append('a"\\r\\nX-Injected: 1', 'v'); f.append('n', new File(['x'], 'f"\\n.txt'));
      return wire(f);`)) as string;
    assert.match(sent, /name="a%22%0D%0AX-Injected: 1"\r\n/);
    assert.match(sent, /filename="f%22%0A\.txt"\r\n/);
    assert.doesNotMatch(sent, /^X-Injected/m);
  });

  test('has all line ends of text written alike, and those of files as they are', async () => {
    assert.deepEqual(
      await run(`
        const f = new FormData();
        f.append('t', 'a\\nb\\rc\\r\\nd'); f.append('n\\nm', ''); f.append('f', new Blob(['a\\nb\\rc']), 'x');
        const form = await new Response(f).formData();
        return [form.get('t'), [...form.keys()], await form.get('f').text()];`),
      ['a\r\nb\r\nc\r\nd', ['t', 'n\r\nm', 'f'], 'a\nb\rc'],
    );
  });

  test('is another one for each body, with a boundary of its own', async () => {
    assert.deepEqual(
      await run(`
        const f = new FormData();
        f.append('a', '1');
        const [one, two] = [new Response(f), new Response(f)];
        const boundary = (r) => r.headers.get('content-type');
        f.append('b', '2');
        return [boundary(one) === boundary(two), [...(await one.formData()).keys()]];`),
      [false, ['a']],
    );
  });

  test('comes back as it was: names in any language, bytes of any value, the empty and the large', async () => {
    assert.deepEqual(
      await run(`
        const f = new FormData();
        const bytes = new Uint8Array(70_000).map((_, i) => i * 7);
        f.append('ключ', '値 🎈'); f.append('', ''); f.append('file', new File([bytes, '\\r\\n--'], 'имя.bin', { type: 'x/y' }));
        const back = await new Response(f).formData();
        const file = back.get('file');
        const got = await file.bytes();
        return [back.get('ключ'), back.get(''), file.name, file.type, got.length, bytes.every((b, i) => got[i] === b)];`),
      ['値 🎈', '', 'имя.bin', 'x/y', 70_004, true],
    );
  });
});
