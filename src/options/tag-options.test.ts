import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonReader } from './json-reader.ts';
import { systemTagFlags } from './system-tag-flags.ts';
import { DEFAULT_SYSTEM_TAGS, OPT_IN_TAGS, SYSTEM_TAGS, TAGS } from './tag-options.ts';

test('tags of a variable are names and values, of which values may hold anything but a comma', () => {
  const cases: [text: string, tags: Record<string, string>][] = [
    ['a:1', { a: '1' }],
    ['a:1,b:2', { a: '1', b: '2' }],
    [' a:1 , b:2 ,', { a: '1', b: '2' }],
    ['url:http://x:80/', { url: 'http://x:80/' }],
    ['a:', { a: '' }],
    ['a:1,a:2', { a: '2' }],
    ['größe:🍕', { größe: '🍕' }],
    ['', {}],
  ];
  for (const [text, tags] of cases) assert.deepEqual(TAGS.fromText(text), tags, text);
  for (const text of ['a', ':1', 'a=1', 'a:1,b'])
    assert.throws(() => TAGS.fromText(text), /must have the form name:value/, text);
});

test('a name that objects have something for is a tag like the others', () => {
  for (const [name, tags] of [
    ['__proto__', TAGS.fromText('__proto__:x,a:1')],
    ['constructor', TAGS.fromText('constructor:x,a:1')],
    ['__proto__', TAGS.join!(TAGS.fromFlag!('__proto__=x'), TAGS.fromFlag!('a=1'))],
  ] as const)
    assert.deepEqual(Object.entries(tags), [
      [name, 'x'],
      ['a', '1'],
    ]);
});

test('tags behind flags are one each, with a name and a value', () => {
  for (const [text, tags] of [
    ['a=1', { a: '1' }],
    ['a=b=c', { a: 'b=c' }],
    ['a= ', { a: ' ' }],
    ['a:b=1', { 'a:b': '1' }],
  ] as const)
    assert.deepEqual(TAGS.fromFlag!(text), tags, text);
  for (const text of ['', 'a', 'a=', '=1', '=']) assert.throws(() => TAGS.fromFlag!(text), /must have/, text);
  assert.deepEqual(TAGS.join!({ a: '1', b: '2' }, { a: '3' }), { a: '3', b: '2' });
});

test('in JSON tags are texts', () => {
  const read = (value: unknown) => TAGS.fromJson(new JsonReader(value, ['tags']));
  assert.deepEqual(read({ a: '1' }), { a: '1' });
  for (const value of [{ a: 1 }, { a: null }, { a: true }, { a: {} }, [], 'a:1'])
    assert.throws(() => read(value), /must be/, JSON.stringify(value));
});

test('system tags come once each, in the order of k6, and are shown by the alphabet', () => {
  const ignored: string[] = [];
  const read = (value: unknown) => SYSTEM_TAGS.fromJson(new JsonReader(value, ['systemTags'], ignored));
  assert.deepEqual(read(['url', 'proto', 'url', 'nonsense', 'stauts']), ['proto', 'url']);
  assert.deepEqual(ignored, [
    '"systemTags" has an unknown "nonsense"; it is ignored',
    '"systemTags" has an unknown "stauts" (did you mean "status"?); it is ignored',
  ]);
  assert.deepEqual(SYSTEM_TAGS.fromText(' vu , iter,'), ['vu', 'iter']);
  const sifted: string[] = [];
  assert.deepEqual(
    SYSTEM_TAGS.sift!(['vu', 'stauts', 'iter', 'stauts', 'vu'], (what) => sifted.push(what)),
    ['iter', 'vu'],
  );
  assert.deepEqual(sifted, ['has an unknown "stauts" (did you mean "status"?); it is ignored']);
  assert.deepEqual(read([]), []);
  assert.deepEqual(SYSTEM_TAGS.join!(['url'], ['proto', 'url']), ['url', 'proto', 'url']);
  assert.deepEqual(SYSTEM_TAGS.show(['url', 'group']), ['group', 'url']);
  assert.ok(OPT_IN_TAGS.every((tag) => !DEFAULT_SYSTEM_TAGS.includes(tag)));
});

test('what is asked at every iteration follows the list that is asked about', () => {
  const [all, some] = [['group', 'check', 'iter'], ['check']];
  for (let round = 0; round < 2; round++) {
    assert.deepEqual(systemTagFlags(all), { group: true, check: true, iter: true });
    assert.deepEqual(systemTagFlags(some), { group: false, check: true, iter: false });
    assert.deepEqual(systemTagFlags([]), { group: false, check: false, iter: false });
  }
});
