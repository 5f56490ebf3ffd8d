// What the body argument of a request becomes (k6 pages "http.post()" and "FileData"), and what it cannot be.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type EncodedBody, encodeBody, type FilePart } from './request-body.ts';

const files = new WeakSet<object>();
const file = (data: unknown, filename = 'f.txt', contentType = 'text/plain'): FilePart => {
  const part = { data, filename, content_type: contentType };
  files.add(part);
  return part;
};
const isFile = (value: unknown): value is FilePart => typeof value === 'object' && value !== null && files.has(value);
const warnings: string[] = [];

const encode = (body: unknown, readObject: Parameters<typeof encodeBody>[3] = () => null): EncodedBody | null =>
  encodeBody(body, isFile, (message) => warnings.push(message), readObject);
/** The parts of a multipart body, B for its boundary. */
function parts(body: unknown): string {
  const { data, contentType } = encode(body)!;
  const [, boundary] = /^multipart\/form-data; boundary=(\w+)$/.exec(contentType!)!;
  return Buffer.from(data as Uint8Array)
    .toString('latin1')
    .replaceAll(boundary!, 'B');
}

describe('a body', () => {
  test('of null or undefined is none, one of empty text is empty', () => {
    assert.equal(encode(null), null);
    assert.equal(encode(undefined), null);
    assert.deepEqual(encode(''), { data: '', shown: '', contentType: null });
  });

  test('of text goes out as it is, also where it is a String object', () => {
    assert.deepEqual(encode('ü'), { data: 'ü', shown: 'ü', contentType: null });
    assert.deepEqual(encode(new String('{}')), { data: '{}', shown: '{}', contentType: null });
  });

  test('of bytes is a copy of those that a view shows', () => {
    const bytes = new Uint8Array([0x61, 0x62, 0x63, 0x64]);
    const bodies = [
      bytes.buffer,
      bytes.subarray(1, 3),
      new DataView(bytes.buffer, 3),
      new Uint16Array(bytes.buffer, 2, 1),
    ];
    const encoded = bodies.map((body) => encode(body)!);
    bytes.fill(0);
    assert.deepEqual(
      encoded.map(({ data, shown, contentType }) => [Buffer.from(data as Uint8Array).toString(), shown, contentType]),
      [
        ['abcd', 'abcd', null],
        ['bc', 'bc', null],
        ['d', 'd', null],
        ['cd', 'cd', null],
      ],
    );
  });

  test("is no number, no boolean, no function, no symbol, no list and none of the language's own collections", () => {
    const bodies: readonly (readonly [body: unknown, type: string])[] = [
      [5, 'number'],
      [true, 'boolean'],
      [1n, 'bigint'],
      [() => 1, 'function'],
      [Symbol('s'), 'symbol'],
      [[], 'array'],
      [['a'], 'array'],
      [new Date(0), 'Date'],
      [new Map(), 'Map'],
      [new Set(), 'Set'],
    ];
    for (const [body, type] of bodies)
      assert.throws(
        () => encode(body),
        (error) => error instanceof TypeError && error.message === `unknown request body type ${type}`,
        type,
      );
  });

  test('that is a file alone is refused with what to do', () => {
    assert.throws(() => encode(file('x')), /a file must be a member of an object/);
  });

  test('of an object that has one of its own, such as a FormData, is that', () => {
    const whole = { bytes: Buffer.from('ä=1'), type: 'own/type' };
    assert.deepEqual(
      encode({ a: 1 }, () => whole),
      { data: whole.bytes, shown: 'ä=1', contentType: 'own/type' },
    );
  });
});

describe('an object as a form', () => {
  test('is sorted by its names, with a pair for each value of a list', () => {
    assert.deepEqual(encode({ b: 'x y', a: [1, 'ü', true, null], c: [] }), {
      data: 'a=1&a=%C3%BC&a=true&a=&b=x+y',
      shown: 'a=1&a=%C3%BC&a=true&a=&b=x+y',
      contentType: 'application/x-www-form-urlencoded',
    });
  });

  test('without members is empty, and a form all the same', () => {
    assert.deepEqual(encode({}), { data: '', shown: '', contentType: 'application/x-www-form-urlencoded' });
  });

  test('sends what a form cannot hold empty, with a warning that names it', () => {
    warnings.length = 0;
    assert.equal(encode({ a: {}, b: () => 1, c: null, d: undefined, e: [[1]] })!.data, 'a=&b=&c=&d=&e=');
    assert.deepEqual(
      warnings.map((message) => /"(\w)"/.exec(message)![1]),
      ['a', 'b', 'e'],
    );
  });

  test('has its own enumerable members only', () => {
    const body = Object.create({ inherited: 1 }, { hidden: { value: 2 }, shown: { value: 3, enumerable: true } });
    assert.equal(encode(body)!.data, 'shown=3');
  });
});

describe('an object with a file in it', () => {
  test('is multipart, in the order of its members, lists of files and values included', () => {
    assert.equal(
      parts({ z: 1, f: [file('one', '1.txt'), 'between', file('two', '2.bin', 'x/y')], a: null }),
      [
        '--B\r\nContent-Disposition: form-data; name="z"\r\n\r\n1\r\n',
        '--B\r\nContent-Disposition: form-data; name="f"; filename="1.txt"\r\nContent-Type: text/plain\r\n\r\none\r\n',
        '--B\r\nContent-Disposition: form-data; name="f"\r\n\r\nbetween\r\n',
        '--B\r\nContent-Disposition: form-data; name="f"; filename="2.bin"\r\nContent-Type: x/y\r\n\r\ntwo\r\n',
        '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n',
        '--B--\r\n',
      ].join(''),
    );
  });

  test('has a boundary of its own each time', () => {
    const boundary = (): string => encode({ f: file('x') })!.contentType!;
    assert.notEqual(boundary(), boundary());
  });

  test('keeps the bytes of a file, whatever they are', () => {
    const bytes = new Uint8Array([0, 255, 13, 10, 45, 45, 128]);
    assert.ok(parts({ f: file(bytes.buffer) }).includes('\r\n\r\n\0\xff\r\n--\x80\r\n--B--'));
    assert.ok(parts({ f: file(bytes.subarray(5)) }).includes('\r\n\r\n-\x80\r\n--B--'));
  });

  test('lets no name make a header of its own', () => {
    const sent = parts({ 'a"\r\nX: 1': file('x', 'b"\\\r\nY: 2', 'text/plain\r\nZ: 3') });
    assert.doesNotMatch(sent, /^[XYZ]: /m);
    assert.ok(sent.includes('name="a\\"%0D%0AX: 1"; filename="b\\"\\\\%0D%0AY: 2"'));
  });

  test('has a type for a file that names none', () => {
    assert.match(parts({ f: file('x', 'n', '') }), /Content-Type: application\/octet-stream\r\n/);
  });
});
