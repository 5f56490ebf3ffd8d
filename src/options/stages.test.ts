import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { JsonReader } from './json-reader.ts';
import { STAGES } from './stages.ts';

describe('stages', () => {
  it('are read alike from JSON, from the environment and from a flag', () => {
    const expected = [
      { duration: 30_000, target: 10 },
      { duration: 60_000, target: 0 },
    ];
    const json = [
      { duration: '30s', target: 10 },
      { duration: '1m', target: 0 },
    ];
    assert.deepEqual(STAGES.fromJson(new JsonReader(json, ['stages'])), expected);
    assert.deepEqual(STAGES.fromText('30s:10,1m:0'), expected);
    assert.deepEqual(STAGES.fromFlag?.(' 30s:10 , 1m:0 ,'), expected);
  });

  it('are shown in a form that brings the same stages', () => {
    const stages = STAGES.fromText('1m30s:10,:5,250ms');
    assert.deepEqual(STAGES.fromJson(new JsonReader(STAGES.show(stages), ['stages'])), stages);
  });

  it('of several flags follow one another', () => {
    assert.deepEqual(STAGES.join?.(STAGES.fromText('1s:1'), STAGES.fromText('2s:2')), STAGES.fromText('1s:1,2s:2'));
  });

  it('behind a flag need a duration each, and a unit everywhere in text', () => {
    assert.deepEqual(STAGES.fromText(':5'), [{ duration: null, target: 5 }]);
    assert.throws(() => STAGES.fromFlag?.(':5'), /":5" has a stage without a duration: write duration:target/);
    assert.throws(() => STAGES.fromText('30:5'));
  });

  it('have whole numbers as targets', () => {
    for (const text of ['1s:x', '1s:1.5', '1s:1:2'])
      assert.throws(() => STAGES.fromText(text), /is not a whole number/);
  });
});
