import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonReader } from './json-reader.ts';
import {
  checkedAsFlag,
  DURATION,
  INTEGER,
  inJson,
  listThat,
  parseBoolean,
  parseInteger,
  splitList,
  TEXT,
  TRUTH,
  type ValueForm,
} from './value-forms.ts';

const fromJson = <T>(form: ValueForm<T>, value: unknown): T => form.fromJson(new JsonReader(value, ['it']));

test('truth is what Go’s strconv.ParseBool takes, and nothing else', () => {
  for (const text of ['1', 't', 'T', 'TRUE', 'true', 'True']) assert.equal(parseBoolean(text), true, text);
  for (const text of ['0', 'f', 'F', 'FALSE', 'false', 'False']) assert.equal(parseBoolean(text), false, text);
  for (const text of ['', ' true', 'tRUE', 'yes', 'on', '2', '-1', '1.0', 'null'])
    assert.throws(() => parseBoolean(text), /is neither true nor false/, text);
  for (const value of [1, 0, 'true', null, [], {}])
    assert.throws(() => fromJson(TRUTH, value), /must be true or false/, JSON.stringify(value));
});

test('whole numbers are exact, or refused', () => {
  for (const [text, value] of [
    ['0', 0],
    ['+7', 7],
    ['-7', -7],
    ['007', 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
  ] as const) {
    assert.equal(parseInteger(text), value);
    assert.equal(fromJson(INTEGER, text), value);
  }
  for (const text of ['', ' 1', '1 ', '1.0', '1e3', '0x10', '1_000', '--1', '९', '9007199254740992', '9'.repeat(400)]) {
    assert.throws(() => parseInteger(text), /is not a whole number/, text);
    assert.throws(() => fromJson(INTEGER, text), /must be a whole number/, text);
  }
});

test('a duration needs its unit behind a flag alone', () => {
  assert.equal(DURATION.fromText('1500'), 1500);
  assert.equal(fromJson(DURATION, '1500'), 1500);
  assert.equal(fromJson(DURATION, 1500), 1500);
  assert.throws(() => DURATION.fromFlag!('1500'), /it has no unit/);
  assert.equal(DURATION.fromFlag!('1.5s'), 1500);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e300])
    assert.throws(() => fromJson(DURATION, value), /must be a duration/, String(value));
  assert.equal(DURATION.show(90_000), '1m30s');
});

test('a check that only flags make lets other sources pass, to be judged when all are together', () => {
  const form = checkedAsFlag(TEXT, (text) => {
    if (text !== 'good') throw new Error(`"${text}" is not good`);
  });
  assert.equal(form.fromText('bad'), 'bad');
  assert.equal(fromJson(form, 'bad'), 'bad');
  assert.equal(form.fromFlag!('good'), 'good');
  assert.throws(() => form.fromFlag!('bad'), /"bad" is not good/);
});

test('lists are split at commas, each item checked, wherever they come from', () => {
  const form = listThat((item) => {
    if (item.length > 3) throw new Error(`"${item}" is too long`);
  });
  for (const [text, items] of [
    ['', []],
    [' , ,', []],
    ['a', ['a']],
    [' a ,b,, c d ', ['a', 'b', 'c d']],
  ] as const) {
    assert.deepEqual(splitList(text), items, text);
    assert.deepEqual(form.fromText(text), items, text);
  }
  assert.deepEqual(fromJson(form, ['a,b', '']), ['a,b', ''], 'in JSON an item is as it stands');
  assert.deepEqual(form.join!(['a'], ['b', 'a']), ['a', 'b', 'a']);
  for (const read of [() => form.fromText('a,long'), () => fromJson(form, ['a', 'long'])])
    assert.throws(read, /"long" is too long/);
  assert.throws(() => fromJson(form, 'a,b'), /must be a list/);
  assert.throws(() => fromJson(form, ['a', 1]), /"it\[1\]" must be text, but it is 1/);
});

test('what is JSON everywhere is read in a variable too, and shown where it is none', () => {
  const form = inJson((reader) => reader.readStringMap());
  assert.deepEqual(form.fromText('{"a":"b"}'), { a: 'b' });
  for (const text of ['', '{', "{'a':'b'}", 'a:b', 'undefined'])
    assert.throws(() => form.fromText(text), /is not valid JSON/, text);
  assert.throws(() => form.fromText('[]'), /must be an object/);
  assert.throws(
    () => form.fromText(`{"a":${'x'.repeat(500)}`),
    (error: Error) => error.message.length < 250,
  );
});
