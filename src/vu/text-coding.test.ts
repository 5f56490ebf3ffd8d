// TextEncoder and TextDecoder of scripts against Node's own: the same octets and texts, objects of the script's realm.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../test/script-bench.ts';

const run = async (body: string): Promise<unknown> =>
  (await createScriptBench(`export default () => { ${body} };`)).run();

const TEXTS = ['', 'plain', 'Größe', '€', '🍕', '\ud800', 'a\udc00b', '\u0000', '\ufeffmark', 'x'.repeat(3000)];

test('texts become the octets that they are in UTF-8', async () => {
  const got = await run(
    `const e = new TextEncoder(); return ${JSON.stringify(TEXTS)}.map((t) => Array.from(e.encode(t)));`,
  );
  assert.deepEqual(
    got,
    TEXTS.map((text) => [...new TextEncoder().encode(text)]),
  );
  assert.deepEqual(
    await run(`const e = new TextEncoder();
      return [e.encode().length, Array.from(e.encode(null)), Array.from(e.encode(12)), e.encoding, e.encode('a') instanceof Uint8Array];`),
    [0, [110, 117, 108, 108], [49, 50], 'utf-8', true],
  );
});

test('a text is written into what there is, as far as whole characters fit', async () => {
  const cases = [
    ['abc', 2],
    ['größe', 3],
    ['€€', 5],
    ['🍕', 3],
    ['🍕', 4],
    ['', 1],
    ['a', 0],
  ] as const;
  const expected = cases.map(([text, size]) => {
    const target = new Uint8Array(size);
    const { read, written } = new TextEncoder().encodeInto(text, target);
    return [read, written, [...target]];
  });
  const got = await run(`return ${JSON.stringify(cases)}.map(([text, size]) => {
    const target = new Uint8Array(size);
    const { read, written } = new TextEncoder().encodeInto(text, target);
    return [read, written, Array.from(target)];
  });`);
  assert.deepEqual(got, expected);
});

test('octets become text in each encoding, wrong ones too, and marks are dropped unless they are wanted', async () => {
  const labels = ['utf-8', 'UTF8', 'utf-16le', 'utf-16be', 'latin1', 'windows-1251', 'shift_jis', 'gbk', ' utf-8 '];
  const octets = [
    [],
    [65, 66],
    [0xef, 0xbb, 0xbf, 65],
    [0xff, 0xfe, 65, 0],
    [0xc3],
    [0xe2, 0x82],
    [0x80, 0xff],
    [0xf0, 0x9f, 0x8d, 0x95],
  ];
  const expected = labels.flatMap((label) =>
    octets.flatMap((one) =>
      [false, true].map((ignoreBOM) => new TextDecoder(label, { ignoreBOM }).decode(Uint8Array.from(one))),
    ),
  );
  const got = await run(`return ${JSON.stringify(labels)}.flatMap((label) => ${JSON.stringify(octets)}.flatMap((one) =>
    [false, true].map((ignoreBOM) => new TextDecoder(label, { ignoreBOM }).decode(Uint8Array.from(one)))));`);
  assert.deepEqual(got, expected);
});

test('a stream may be cut anywhere, also within a character', async () => {
  const octets = [...new TextEncoder().encode('\ufeffa€🍕ü')];
  for (let cut = 0; cut <= octets.length; cut++) {
    const got = await run(`const d = new TextDecoder();
      return d.decode(Uint8Array.from(${JSON.stringify(octets.slice(0, cut))}), { stream: true }) + d.decode(Uint8Array.from(${JSON.stringify(octets.slice(cut))})) + d.decode();`);
    assert.equal(got, 'a€🍕ü', `cut at ${cut}`);
  }
});

test('what cannot be done is an error of the script’s own realm', async () => {
  const body = `const fail = (f) => { try { f(); return 'fine'; } catch (e) { return [e instanceof Error, e.name]; } };
    const strict = new TextDecoder('utf-8', { fatal: true });
    return [
      fail(() => new TextDecoder('klingon')), fail(() => strict.decode(Uint8Array.of(255))),
      fail(() => strict.decode('text')), fail(() => strict.decode({})), fail(() => strict.decode(null)),
      fail(() => new TextEncoder().encode(Symbol('x'))), fail(() => new TextEncoder().encodeInto('a', [])), fail(() => new TextEncoder().encodeInto('a')),
      fail(() => TextDecoder.prototype.decode.call({})), fail(() => TextDecoder('utf-8')), strict.decode(Uint8Array.of(65)),
    ];`;
  assert.deepEqual(await run(body), [[true, 'RangeError'], ...new Array(9).fill([true, 'TypeError']), 'A']);
});

test('an exception of a getter among the options comes back as it was thrown', async () => {
  const body = `const options = { get stream() { throw 'mine'; } };
    try { new TextDecoder().decode(Uint8Array.of(65), options); } catch (error) { return error; }`;
  assert.equal(await run(body), 'mine');
});

test('all kinds of views and buffers are read from where they begin', async () => {
  const body = `const b = Uint8Array.of(120, 97, 98, 99, 100, 120, 120, 120).buffer;
    const d = new TextDecoder();
    return [d.decode(new Uint8Array(b, 1, 4)), d.decode(new DataView(b, 1, 3)), d.decode(new Uint16Array(b, 2, 1)), d.decode(b), d.fatal, d.ignoreBOM, d.encoding];`;
  assert.deepEqual(await run(body), ['abcd', 'abc', 'bc', 'xabcdxxx', false, false, 'utf-8']);
});
