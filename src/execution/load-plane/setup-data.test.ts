import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Realm } from '../../script/realm-interface.ts';
import { serialiseSetupData } from './setup-data.ts';

const realm = { intrinsics: { JSON } } as unknown as Realm;

test('data becomes JSON, undefined stays undefined, and undefined members are null', () => {
  assert.equal(serialiseSetupData(realm, undefined), undefined);
  assert.equal(serialiseSetupData(realm, null), 'null');
  assert.equal(serialiseSetupData(realm, { a: [1, 'x', undefined], b: undefined }), '{"a":[1,"x",null],"b":null}');
});

test('what JSON cannot hold is refused with its place', () => {
  assert.throws(() => serialiseSetupData(realm, { login() {} }), /JSON cannot hold: a function \("login"\)/);
  assert.throws(() => serialiseSetupData(realm, { n: Number.NaN }), /JSON cannot hold: NaN \("n"\)/);
  assert.throws(() => serialiseSetupData(realm, () => {}), /JSON cannot hold: a function; return plain values only/);
});
