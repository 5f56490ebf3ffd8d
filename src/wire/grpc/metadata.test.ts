// Custom metadata on the wire ("gRPC over HTTP/2", "Custom-Metadata"), and which of it is not the caller's to set.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  copyMetadata,
  fromHeaderFields,
  type Metadata,
  MetadataError,
  sameMetadata,
  toHeaderFields,
} from './metadata.ts';

const sent = (metadata: Metadata): string[] => toHeaderFields(metadata).map(({ name, value }) => `${name}: ${value}`);
const received = (...fields: [string, string][]): Metadata =>
  fromHeaderFields(fields.map(([name, value]) => ({ name, value })));

describe('metadata that is sent', () => {
  test('has lower-case names, keeps its order, and a key may come twice', () => {
    assert.deepEqual(
      sent([
        ['X-Trace', 'a'],
        ['b.c_d-9', '2'],
        ['x-trace', 'b'],
      ]),
      ['x-trace: a', 'b.c_d-9: 2', 'x-trace: b'],
    );
  });

  test('of octets is base64 without padding, whatever view of a buffer it is', () => {
    const whole = Uint8Array.from([9, 251, 255, 254, 9]);
    assert.deepEqual(
      sent([
        ['a-bin', whole.subarray(1, 2)],
        ['b-bin', whole.subarray(1, 3)],
        ['c-bin', whole.subarray(1, 4)],
        ['d-bin', new Uint8Array()],
        ['E-BIN', Buffer.from('é')],
        ['f-bin', 'é'],
      ]),
      ['a-bin: +w', 'b-bin: +/8', 'c-bin: +//+', 'd-bin: ', 'e-bin: w6k', 'f-bin: w6k'],
    );
  });

  test('leaves out what gRPC, HTTP/2 or the connection says itself', () => {
    for (const name of [
      ':path',
      ':authority',
      'Content-Type',
      'user-agent',
      'te',
      'grpc-timeout',
      'grpc-encoding',
      'grpc-accept-encoding',
      'grpc-message',
      'grpc-status',
      'grpc-message-type',
      'Connection',
      'host',
      'keep-alive',
      'proxy-connection',
      'Transfer-Encoding',
      'upgrade',
    ])
      assert.deepEqual(sent([[name, 'x']]), [], name);
    // The rest of the `grpc-` names passes, as in grpc-go.
    assert.deepEqual(sent([['grpc-trace-id', 'x']]), ['grpc-trace-id: x']);
  });

  test('is refused for a name that is none', () => {
    for (const name of ['', 'a b', 'a:b', 'ä', 'a\n', 'a/b', '😀'])
      assert.throws(() => sent([[name, 'x']]), MetadataError, JSON.stringify(name));
  });

  test('is refused for a value that would be a line of its own, or no ASCII', () => {
    for (const value of ['a\r\nb: c', 'a\0', '\t', 'é', '\x7f', '😀'])
      assert.throws(() => sent([['name', value]]), MetadataError, JSON.stringify(value));
    assert.throws(() => sent([['name', Uint8Array.of(0xe9)]]), MetadataError);
    assert.deepEqual(sent([['name', Buffer.from('octets')]]), ['name: octets']);
  });

  test('has no blanks around a value, but keeps those within', () => {
    assert.deepEqual(sent([['name', '  a  b  ']]), ['name: a  b']);
    assert.deepEqual(sent([['name', ' ']]), ['name: ']);
  });
});

describe('metadata that is received', () => {
  test('shows what a caller may see: no pseudo headers, nothing of gRPC’s own but the content type', () => {
    assert.deepEqual(
      received(
        [':status', '200'],
        ['content-type', 'application/grpc'],
        ['grpc-encoding', 'gzip'],
        ['grpc-status', '0'],
        ['date', 'now'],
        ['grpc-trace', 'x'],
      ),
      [
        ['content-type', 'application/grpc'],
        ['date', 'now'],
        ['grpc-trace', 'x'],
      ],
    );
  });

  test('of octets may be padded or not, in either alphabet, and several in one field', () => {
    for (const text of ['+/8', '+/8=', '-_8', ' +/8= '])
      assert.deepEqual(received(['a-bin', text]), [['a-bin', Buffer.from([251, 255])]], text);
    assert.deepEqual(received(['a-bin', 'YQ==,Yg, Yw=='], ['a-bin', 'ZA']), [
      ['a-bin', Buffer.from('a')],
      ['a-bin', Buffer.from('b')],
      ['a-bin', Buffer.from('c')],
      ['a-bin', Buffer.from('d')],
    ]);
    assert.deepEqual(received(['a-bin', '']), [['a-bin', Buffer.alloc(0)]]);
  });

  test('that is text keeps its commas, and comes back as it went', () => {
    assert.deepEqual(received(['list', 'a, b,c']), [['list', 'a, b,c']]);
    const metadata: Metadata = [
      ['text', 'a "quoted" text'],
      ['octets-bin', Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
    ];
    assert.deepEqual(fromHeaderFields(toHeaderFields(metadata)), metadata);
  });
});

describe('two lists', () => {
  const one: Metadata = [
    ['a', 'x'],
    ['b-bin', Uint8Array.of(1, 2)],
  ];

  test('are the same by what they say, in that order', () => {
    assert.equal(sameMetadata(one, copyMetadata(one)), true);
    assert.equal(sameMetadata([], []), true);
    for (const other of [
      [],
      [['a', 'x']],
      [one[1]!, one[0]!],
      [['a', 'y'], one[1]!],
      [['A', 'x'], one[1]!],
      [one[0]!, ['b-bin', Uint8Array.of(1, 3)]],
      [one[0]!, ['b-bin', '\x01\x02']],
      [...one, ['c', '']],
    ] as Metadata[])
      assert.equal(sameMetadata(one, other), false, JSON.stringify(other));
  });

  test('of which one is a copy do not change together', () => {
    const original: Metadata = [['b-bin', Uint8Array.of(1, 2)]];
    const copy = copyMetadata(original);
    (original[0]![1] as Uint8Array)[0] = 9;
    original.push(['c', 'd']);
    assert.deepEqual(copy, [['b-bin', Uint8Array.of(1, 2)]]);
  });
});
