// Values in DER, by the examples and rules of ITU-T X.690.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('lengths are as short as they can be: one octet to 127, then as many as it takes', () => {
  for (const [length, head] of [
    [0, '0400'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_535, '0482ffff'],
    [65_536, '0483010000'],
  ] as const) {
    const bytes = octetString(new Uint8Array(length));
    assert.equal(hex(bytes.subarray(0, bytes.length - length)), head, String(length));
  }
});

test('whole numbers have no needless zeros, and one where they would be negative', () => {
  for (const [octets, encoded] of [
    [[], '0200'],
    [[0], '020100'],
    [[0, 0], '020100'],
    [[127], '02017f'],
    [[128], '02020080'],
    [[0, 128], '02020080'],
    [[0, 0, 1, 0], '02020100'],
    [[255, 255], '020300ffff'],
  ] as const)
    assert.equal(hex(integer(Uint8Array.from(octets))), encoded, String(octets));
});

test('object identifiers join their first two arcs, and write large ones in groups of seven bits', () => {
  for (const [dotted, encoded] of [
    ['1.2.840.113549', '06062a864886f70d'],
    ['2.5.4.3', '0603550403'],
    ['2.5.29.17', '0603551d11'],
    ['1.3.6.1.5.5.7.3.1', '06082b06010505070301'],
    // X.690, 8.19.5.
    ['2.999.3', '0603883703'],
  ] as const)
    assert.equal(hex(objectIdentifier(dotted)), encoded, dotted);
});

test('values nest, each in its own length', () => {
  assert.equal(hex(sequence(boolean(true), boolean(false))), '30060101ff010100');
  assert.equal(hex(set(utf8String('é'))), '31040c02c3a9');
  assert.equal(hex(sequence()), '3000');
  assert.equal(hex(explicit(0, integer(Uint8Array.of(2)))), 'a003020102');
  assert.equal(hex(implicit(2, Buffer.from('a.test'))), '8206612e74657374');
  assert.equal(hex(bitString(Uint8Array.of(0xa0), 5)), '030205a0');
});

test('times are of two digits of a year until 2049, and of four from then on', () => {
  assert.equal(time(new Date('2026-11-29T21:43:15.999Z')).toString('latin1'), '\x17\x0d261129214315Z');
  assert.equal(time(new Date('2049-12-31T23:59:59Z')).toString('latin1'), '\x17\x0d491231235959Z');
  assert.equal(time(new Date('2050-01-01T00:00:00Z')).toString('latin1'), '\x18\x0f20500101000000Z');
});
