// For tests: what the Autobahn test suite (https://github.com/crossbario/autobahn-testsuite) sends to a client, by the numbers of its cases,
// as bytes, and what has to come of them.
import { constants, deflateRawSync } from 'node:zlib';
import { OPCODE } from './protocol.ts';

interface FrameOptions {
  readonly final?: boolean;
  /** Of the three reserved bits, 4 is RSV1. */
  readonly reserved?: number;
  readonly masked?: boolean;
}

/** A frame as a server sends it, or should not. */
export function frameOf(opcode: number, payload: string | Uint8Array = '', options: FrameOptions = {}): Buffer {
  const { final = true, reserved = 0, masked = false } = options;
  const body = Buffer.from(payload as Uint8Array);
  const { length } = body;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + extended + (masked ? 4 : 0));
  head[0] = (final ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) head.writeUInt16BE(length, 2);
  else if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, body]);
}

/** The payload of a close frame. */
export function closeOf(code: number, reason: string | Uint8Array = ''): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return Buffer.concat([head, Buffer.from(reason as Uint8Array)]);
}

export function packed(payload: string | Uint8Array): Buffer {
  const bytes = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH });
  return bytes.subarray(0, bytes.length - 4);
}

export interface AutobahnCase {
  readonly id: string;
  readonly bytes: Buffer;
  /** `text N`, `binary N` (octets), `ping N`, `pong N`, and the end: `close CODE`, or `fault CODE` with what the server is told. */
  readonly events: readonly string[];
  readonly compression?: boolean;
}

const { continuation, text, binary, close, ping, pong } = OPCODE;
const NORMAL = frameOf(close, closeOf(1000));
const part = (opcode: number, payload: string | Uint8Array = 'fragment', options: FrameOptions = {}): Buffer =>
  frameOf(opcode, payload, { final: false, ...options });

function good(id: string, frames: readonly Buffer[], ...events: string[]): AutobahnCase {
  return { id, bytes: Buffer.concat([...frames, NORMAL]), events: [...events, 'close 1000'] };
}

/** What is after the fault must not be heard. */
function bad(id: string, closeCode: number, frames: readonly Buffer[], ...events: string[]): AutobahnCase {
  return {
    id,
    bytes: Buffer.concat([...frames, frameOf(text, 'after'), NORMAL]),
    events: [...events, `fault ${closeCode}`],
  };
}

const SIZES = [0, 125, 126, 127, 128, 65_535, 65_536];
const KAPPA = Buffer.from('κόσμε');
/** Autobahn 6.3, 6.5 to 6.22: surrogates, overlong forms, beyond U+10FFFF, cut-off sequences. */
const NOT_UTF8 = [
  'cebae1bdb9cf83cebcceb5eda080656469746564',
  'f8888080',
  'fc8480808080',
  'f4908080',
  'eda080',
  'edbfbf',
  'eda080edb080',
  'c0af',
  'e080af',
  'f08080af',
  'c1bf',
  '80',
  'bf',
  'fe',
  'ff',
  'c0',
  'e0a0',
  'f0908f',
].map((hex) => Buffer.from(hex, 'hex'));
const IS_UTF8 = [
  '00',
  'c280',
  'e0a080',
  'f0908080',
  '7f',
  'dfbf',
  'efbfbf',
  'f48fbfbf',
  'ed9fbf',
  'ee8080',
  'efbfbd',
  'efbfbe',
  'f09fbfbe',
].map((hex) => Buffer.from(hex, 'hex'));

const compressed = (id: string, frames: readonly Buffer[], ...events: string[]): AutobahnCase => ({
  ...good(id, frames, ...events),
  compression: true,
});

export const AUTOBAHN_CASES: readonly AutobahnCase[] = [
  ...SIZES.flatMap((size, i) => [
    good(`1.1.${i + 1}`, [frameOf(text, '*'.repeat(size))], `text ${size}`),
    good(`1.2.${i + 1}`, [frameOf(binary, Buffer.alloc(size, 0xfe))], `binary ${size}`),
  ]),
  good('2.1', [frameOf(ping)], 'ping 0'),
  good('2.2', [frameOf(ping, 'Hello, world!')], 'ping 13'),
  good('2.4', [frameOf(ping, Buffer.alloc(125, 0xfe))], 'ping 125'),
  bad('2.5', 1002, [frameOf(ping, Buffer.alloc(126, 0xfe))]),
  good('2.7', [frameOf(pong)], 'pong 0'),
  good('2.8', [frameOf(pong, 'unsolicited')], 'pong 11'),
  good(
    '2.10',
    Array.from({ length: 10 }, (_, i) => frameOf(ping, `payload-${i}`)),
    ...Array(10).fill('ping 9'),
  ),
  ...[1, 2, 3, 4, 5, 6, 7].map((reserved) =>
    bad(
      `3.${reserved}`,
      1002,
      [frameOf(text, 'before'), frameOf(reserved % 2 ? text : ping, 'x', { reserved })],
      'text 6',
    ),
  ),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) =>
    bad(`4 opcode ${opcode}`, 1002, [frameOf(text, 'before'), frameOf(opcode, 'x')], 'text 6'),
  ),
  bad('5.1', 1002, [part(ping), frameOf(continuation, 'rest')]),
  bad('5.2', 1002, [part(pong), frameOf(continuation, 'rest')]),
  good('5.3', [part(text), frameOf(continuation, 'rest')], 'text 12'),
  good('5.6', [part(text), frameOf(ping, 'ping'), frameOf(continuation, 'rest')], 'ping 4', 'text 12'),
  bad('5.9', 1002, [frameOf(continuation, 'nothing before'), frameOf(text, 'x')]),
  bad('5.11', 1002, [part(continuation), frameOf(text, 'x')]),
  bad('5.15', 1002, [part(text), frameOf(continuation, 'rest'), part(continuation), frameOf(text)], 'text 12'),
  bad('5.18', 1002, [part(text), frameOf(text, 'another')]),
  good(
    '5.19',
    [
      part(text),
      part(continuation),
      frameOf(ping, '1'),
      part(continuation),
      part(continuation),
      frameOf(ping, '2'),
      frameOf(continuation, 'x'),
    ],
    'ping 1',
    'ping 1',
    'text 33',
  ),
  good('6.1.1', [frameOf(text)], 'text 0'),
  good('6.1.2', [part(text, ''), part(continuation, ''), frameOf(continuation)], 'text 0'),
  good('6.1.3', [part(text, ''), part(continuation, 'x'), frameOf(continuation)], 'text 1'),
  good('6.2.2', [part(text, KAPPA.subarray(0, 4)), frameOf(continuation, KAPPA.subarray(4))], `text ${KAPPA.length}`),
  good(
    '6.2.3',
    [part(text, ''), ...[...KAPPA].map((octet) => part(continuation, Buffer.of(octet))), frameOf(continuation)],
    `text ${KAPPA.length}`,
  ),
  ...NOT_UTF8.map((bytes) => bad(`6 not UTF-8: ${bytes.toString('hex')}`, 1007, [frameOf(text, bytes)])),
  ...NOT_UTF8.map((bytes) =>
    bad(`6 not UTF-8 in pieces: ${bytes.toString('hex')}`, 1007, [part(text, bytes), frameOf(continuation)]),
  ),
  ...IS_UTF8.map((bytes) => good(`6 UTF-8: ${bytes.toString('hex')}`, [frameOf(text, bytes)], `text ${bytes.length}`)),
  good('7.1.2', [NORMAL, NORMAL]),
  good('7.1.3', [NORMAL, frameOf(ping)]),
  good('7.1.4', [NORMAL, frameOf(text, 'too late')]),
  good('7.1.5', [part(text), NORMAL, frameOf(continuation)]),
  { id: '7.3.1', bytes: frameOf(close), events: ['close 1005'] },
  bad('7.3.2', 1002, [frameOf(close, 'a')]),
  { id: '7.3.5', bytes: frameOf(close, closeOf(1000, '*'.repeat(123))), events: ['close 1000'] },
  bad('7.3.6', 1002, [frameOf(close, closeOf(1000, '*'.repeat(124)))]),
  bad('7.5.1', 1007, [frameOf(close, closeOf(1000, NOT_UTF8[0]))]),
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code) => ({
    id: `7.7 code ${code}`,
    bytes: frameOf(close, closeOf(code)),
    events: [`close ${code}`],
  })),
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) =>
    bad(`7.9 code ${code}`, 1002, [frameOf(close, closeOf(code))]),
  ),
  good('9.1', [frameOf(text, '*'.repeat(1 << 20))], `text ${1 << 20}`),
  good('9.2', [frameOf(binary, Buffer.alloc(1 << 20))], `binary ${1 << 20}`),
  good(
    '9.3',
    [part(text, ''), ...Array.from({ length: 512 }, () => part(continuation, '*'.repeat(128))), frameOf(continuation)],
    'text 65536',
  ),
  bad('9 over the limit', 1009, [frameOf(binary, Buffer.alloc((2 << 20) + 1))]),
  bad('9 over the limit in pieces', 1009, [part(binary, Buffer.alloc(2 << 20)), frameOf(continuation, 'x')]),
  bad('masked', 1002, [frameOf(text, 'x', { masked: true })]),
  bad('length longer than it has to be: 16 bits', 1002, [Buffer.from('817e0005', 'hex')]),
  bad('length longer than it has to be: 64 bits', 1002, [Buffer.from('817f0000000000000100', 'hex')]),
  bad('length beyond what there can be', 1002, [Buffer.from('817fffffffffffffffff', 'hex')]),
  ...[16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072].flatMap((size, i) => [
    compressed(`12.1.${i + 1}`, [frameOf(text, packed('*'.repeat(size)), { reserved: 4 })], `text ${size}`),
    compressed(`12.2.${i + 1}`, [frameOf(binary, packed(noise(size)), { reserved: 4 })], `binary ${size}`),
  ]),
  compressed('12 empty', [frameOf(text, Buffer.of(0), { reserved: 4 })], 'text 0'),
  compressed('12 not compressed', [frameOf(text, 'plain')], 'text 5'),
  compressed(
    '13 in pieces, pings between, plain ones after',
    [
      part(binary, packed(noise(60_000)).subarray(0, 20_000), { reserved: 4 }),
      frameOf(ping, 'p'),
      frameOf(continuation, packed(noise(60_000)).subarray(20_000)),
      frameOf(text, 'behind it'),
      frameOf(ping, 'q'),
    ],
    'ping 1',
    'binary 60000',
    'text 9',
    'ping 1',
  ),
  {
    ...bad('13 RSV1 on a continuation', 1002, [part(text), frameOf(continuation, 'x', { reserved: 4 })]),
    compression: true,
  },
  { ...bad('13 RSV1 on a ping', 1002, [frameOf(ping, 'x', { reserved: 4 })]), compression: true },
  { ...bad('13 no deflate', 1002, [frameOf(text, Buffer.alloc(40, 0xff), { reserved: 4 })]), compression: true },
  {
    ...bad('13 no deflate, large', 1002, [frameOf(text, Buffer.alloc(40_000, 0xff), { reserved: 4 })]),
    compression: true,
  },
  { ...bad('13 not UTF-8', 1007, [frameOf(text, packed(Buffer.of(0xff)), { reserved: 4 })]), compression: true },
  { ...bad('13 bomb', 1009, [frameOf(text, packed(Buffer.alloc(8 << 20)), { reserved: 4 })]), compression: true },
  {
    ...bad('13 large bomb', 1009, [frameOf(text, packed(Buffer.alloc(64 << 20)), { reserved: 4 })]),
    compression: true,
  },
];

/** Octets that cannot be packed. */
function noise(size: number): Buffer {
  const octets = Buffer.alloc(size);
  let state = 1;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    octets[i] = state >>> 24;
  }
  return octets;
}
