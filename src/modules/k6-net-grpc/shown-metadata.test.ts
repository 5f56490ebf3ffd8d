import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRealm } from '../../script/realm.ts';
import type { HeaderField } from '../../wire/http2/hpack/header-field.ts';
import { ShownMetadata } from './shown-metadata.ts';

const fields = (...list: [name: string, value: string][]): HeaderField[] =>
  list.map(([name, value]) => ({ name, value }));

/** Entries, since prototypes are the realm's: `[name, list]` in order. */
const entries = (shown: object): [string, string[]][] =>
  Object.entries(shown).map(([name, list]) => [name, [...(list as string[])]]);

const ANSWERS = 250;

test('metadata look alike in the first answer and in the thousandth, and a script that changes them changes only its own', () => {
  const shown = new ShownMetadata(createRealm());
  const list = fields(
    [':status', '200'],
    ['content-type', 'application/grpc'],
    ['grpc-encoding', 'identity'],
    ['x-seen', 'once "quoted"\u2028'],
    ['x-many', 'a'],
    ['__proto__', 'p'],
    ['x-many', 'b'],
    ['constructor', 'c'],
    ['x-octets-bin', Buffer.from('é').toString('base64')],
  );
  const expected = [
    ['content-type', ['application/grpc']],
    ['x-seen', ['once "quoted"\u2028']],
    ['x-many', ['a', 'b']],
    ['__proto__', ['p']],
    ['constructor', ['c']],
    ['x-octets-bin', ['é']],
  ];
  const prototypes = new Set<unknown>();
  for (let at = 0; at < ANSWERS; at++) {
    for (const each of [shown.headers(list), shown.trailers(list)]) {
      assert.deepEqual(entries(each), expected, `answer ${at}`);
      prototypes.add(Object.getPrototypeOf(each));
      each['x-many']?.push('more');
      delete each['x-seen'];
    }
  }
  assert.equal(prototypes.size, 1);
  assert.equal(prototypes.has(Object.prototype), false);
});

test('answers that differ are never taken for each other, be they as many as they like and each as frequent', () => {
  const shown = new ShownMetadata(createRealm());
  const lists = Array.from({ length: 40 }, (_, i) => fields(['x-number', String(i)]));
  for (const [i, list] of [...lists, ...lists].entries()) {
    for (let at = 0; at < ANSWERS; at++) {
      const got = i % 2 === 0 ? shown.headers(list) : shown.trailers(list);
      assert.deepEqual(entries(got), [['x-number', [String(i % 40)]]]);
    }
  }
});
