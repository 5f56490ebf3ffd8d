import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonReader } from './json-reader.ts';
import { mergeTracing, resolveTracing, TRACING, type TracingSettings } from './tracing-options.ts';

const fromJson = (value: unknown): TracingSettings => TRACING.fromJson(new JsonReader(value, ['tracing']));

test('it is read alike as an object and as text', () => {
  const cases: [text: string, object: object, expected: TracingSettings][] = [
    ['', {}, { propagator: null, sampling: null }],
    ['propagator=jaeger', { propagator: 'jaeger' }, { propagator: 'jaeger', sampling: null }],
    ['sampling=0', { sampling: 0 }, { propagator: null, sampling: 0 }],
    ['sampling=1', { sampling: 1 }, { propagator: null, sampling: 1 }],
    [
      ' sampling = 0.25 , propagator = w3c ,',
      { sampling: 0.25, propagator: 'w3c' },
      { propagator: 'w3c', sampling: 0.25 },
    ],
    ['sampling=0.1,sampling=0.2', { sampling: 0.2 }, { propagator: null, sampling: 0.2 }],
  ];
  for (const [text, object, expected] of cases) {
    assert.deepEqual(TRACING.fromText(text), expected, text);
    assert.deepEqual(fromJson(text), expected, text);
    assert.deepEqual(fromJson(object), expected, text);
  }
});

test('shares are from 0 to 1, and notations are those that there are', () => {
  for (const text of [
    'sampling=',
    'sampling=-0.1',
    'sampling=1.1',
    'sampling=NaN',
    'sampling=half',
    'sampling=10%',
    'sampling=0.1=5',
  ])
    assert.throws(() => TRACING.fromText(text), /sampling must be a share from 0 to 1/, text);
  for (const text of ['propagator=', 'propagator=W3C', 'propagator=b3'])
    assert.throws(() => TRACING.fromText(text), /propagator must be one of w3c, jaeger/, text);
  assert.throws(() => TRACING.fromText('rate=1'), /tracing has no "rate"/);
  assert.throws(() => fromJson({ sampling: '0.5' }), /"tracing\.sampling" must be a share/);
  assert.throws(() => fromJson({ sampling: 2 }), /must be a share/);
  assert.throws(() => fromJson({ propagator: 'b3' }), /"tracing\.propagator" must be one of/);
  assert.throws(() => fromJson(true), /must be an object/);
});

test('a higher source goes before a lower one field by field, a share of 0 too; the rest is the default', () => {
  const merged = mergeTracing({ propagator: 'jaeger', sampling: 0.5 }, { propagator: null, sampling: 0 });
  assert.deepEqual(merged, { propagator: 'jaeger', sampling: 0 });
  assert.deepEqual(resolveTracing(merged), { propagator: 'jaeger', sampling: 0 });
  assert.deepEqual(resolveTracing(TRACING.fromText('')), { propagator: 'w3c', sampling: 1 });
});
