import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { JsonReader } from './json-reader.ts';

const read = (value: unknown): JsonReader => new JsonReader(value, ['scenarios']);

describe('a value of the options', () => {
  it('is named with the way to it when it has the wrong type', () => {
    const stages = read({ main: { stages: [{ target: 1 }, { target: 'many' }] } })
      .at('main')
      .field('stages');
    assert.throws(() => stages.readList((item) => item.field('target').readInteger()), {
      name: 'OptionValueError',
      message: '"scenarios.main.stages[1].target" must be a whole number, but it is "many"',
      path: ['scenarios', 'main', 'stages', '1', 'target'],
      value: 'many',
    });
  });

  it('is shown cut when it is long', () => {
    assert.throws(() => read({ a: 'x'.repeat(200) }).readString(), /but it is \{"a":"x{71}\.\.\.$/);
  });

  it('is found whatever the case of its key, the last one of several', () => {
    const reader = read({ VUS: 1, vus: 2, vUs: 3, other: 4 });
    assert.equal(reader.field('vus').readInteger(), 3);
    assert.equal(reader.field('Other').readInteger(), 4);
    assert.equal(reader.field('none').missing, true);
  });

  it('counts as not set when it is null', () => {
    assert.equal(read({ vus: null }).field('vus').missing, true);
    assert.equal(read({ vus: 0 }).field('vus').missing, false);
  });

  it('may be the text of a whole number, but of no other', () => {
    assert.equal(read('-12').readInteger(), -12);
    for (const value of ['', '1.5', '1e3', ' 1', '0x10', 1.5, 2 ** 53, Number.NaN, true, null])
      assert.throws(() => read(value).readInteger(), /must be a whole number/, String(value));
  });

  it('is a duration in milliseconds or in text', () => {
    assert.equal(read(1500).readDuration(), 1500);
    assert.equal(read('1m30s').readDuration(), 90_000);
    assert.throws(() => read('soon').readDuration(), /must be a duration such as "30s", "1m30s" or "250ms"/);
    assert.throws(() => read([]).readDuration(), /must be a duration: text such as "1m30s", or a number/);
  });

  it('is one of the choices, which the error lists', () => {
    assert.equal(read('b').readChoice(['a', 'b']), 'b');
    assert.throws(() => read('c').readChoice(['a', 'b']), /must be one of "a", "b", but it is "c"/);
  });

  it('is an object only if it is no list and not null', () => {
    for (const value of [[], null, 'text', 1]) assert.throws(() => read(value).readObject(), /must be an object/);
  });

  it('may have a field called __proto__, which is one like the others', () => {
    const map = read(JSON.parse('{"__proto__":"x","a":"y"}')).readStringMap();
    assert.deepEqual(Object.entries(map), [
      ['__proto__', 'x'],
      ['a', 'y'],
    ]);
    assert.equal(Object.getPrototypeOf(map), Object.prototype);
  });
});

describe('a field that no option has', () => {
  it('is told of once, with the name that was meant, and is read on', () => {
    const ineffective: string[] = [];
    const reader = new JsonReader({ targett: 1, duration: '1s', DURATION: '2s', zzz: 2 }, ['stages', '0'], ineffective);
    reader.ignoreOthers(['duration', 'target']);
    assert.deepEqual(ineffective, [
      '"stages[0]" has an unknown field "targett" (did you mean "target"?); it is ignored',
      '"stages[0]" has an unknown field "zzz"; it is ignored',
    ]);
  });
});
