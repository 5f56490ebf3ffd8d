import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailureSample } from './failure-sample.ts';
import { FailureTally, failureOf } from './failure-tally.ts';
import type { FailureNote } from './sample-batch.ts';

type Tags = readonly (readonly [string, string])[];

function count(tally: FailureTally, metric: string, tags: Tags): void {
  tally.counterFor(metric, tags)?.add(1, 0);
}

test('counts failures by code, with the share of all requests of their protocol', () => {
  const tally = new FailureTally();
  count(tally, 'http_reqs', [['status', '200']]);
  count(tally, 'http_reqs', [
    ['error', 'dial: connection refused'],
    ['error_code', '1212'],
    ['url', 'http://127.0.0.1:1/'],
  ]);
  const [failure, ...others] = tally.list();
  assert.deepEqual(others, []);
  assert.deepEqual(
    [failure.protocol, failure.code, failure.count, failure.total, failure.message, failure.names],
    ['http', 1212, 1, 2, 'dial: connection refused', [{ name: 'http://127.0.0.1:1/', count: 1 }]],
  );
});

test('counts gRPC connections that do not come about apart from calls', () => {
  const tally = new FailureTally();
  count(tally, 'grpc_connecting', [['url', '127.0.0.1:1']]);
  count(tally, 'grpc_connecting', [
    ['error_code', '1212'],
    ['url', '127.0.0.1:1'],
  ]);
  count(tally, 'grpc_req_duration', [['status', '0']]);
  assert.deepEqual(
    tally.list().map(({ protocol, code, count: times, total }) => [protocol, code, times, total]),
    [['grpc-connect', 1212, 1, 2]],
  );
});

test('takes a gRPC status without a code for one that the server sent', () => {
  const tally = new FailureTally();
  count(tally, 'grpc_req_duration', [['status', '14']]);
  assert.deepEqual(
    tally.list().map(({ code }) => code),
    [1814],
  );
});

const sampleOf = (text: string): FailureSample => ({
  timeMs: 0,
  text,
  target: '',
  scenario: '',
  group: '',
  vu: null,
  iteration: null,
  remote: '',
  timings: [],
  request: null,
  response: null,
});

const noteOf = (code: number, text: string, rest: Partial<FailureNote> = {}): FailureNote => ({
  protocol: 'http',
  code,
  text,
  stack: '',
  ...rest,
});

const failedAt = (name: string, code = '1212'): Tags => [
  ['name', name],
  ['error_code', code],
];

test('pieces of a series count as its samples would', () => {
  const [single, pieces] = [new FailureTally(), new FailureTally()];
  for (let index = 0; index < 7; index++) count(single, 'http_reqs', failedAt('/a'));
  for (let index = 0; index < 3; index++) count(single, 'http_reqs', [['status', '200']]);
  pieces.counterFor('http_reqs', failedAt('/a'))!.mergeDelta({ type: 'counter', count: 7, sum: 7 }, 0);
  pieces.counterFor('http_reqs', [['status', '200']])!.mergeDelta({ type: 'counter', count: 3, sum: 3 }, 0);
  assert.deepEqual(pieces.list(), single.list());
  assert.equal(single.list()[0].total, 10);
});

test('names past the fiftieth are counted and not named, and the most frequent come first', () => {
  const tally = new FailureTally();
  for (let name = 0; name < 60; name++)
    for (let times = 0; times <= name % 7; times++) count(tally, 'http_reqs', failedAt(`/${name}`));
  const [{ names, count: all }] = tally.list();
  assert.equal(names.length, 50);
  assert.ok(names.every((one, index) => index === 0 || names[index - 1].count >= one.count));
  assert.ok(names.every(({ name, count: times }) => times === (Number(name.slice(1)) % 7) + 1));
  assert.equal(
    all,
    Array.from({ length: 60 }, (_, name) => (name % 7) + 1).reduce((a, b) => a + b),
  );
});

test('a failure without a name or an address counts, and names nothing', () => {
  const tally = new FailureTally();
  count(tally, 'http_reqs', [['error_code', '1000']]);
  assert.deepEqual(
    tally.list().map(({ count: times, names, message }) => [times, names, message]),
    [[1, [], '']],
  );
});

test('a series that has been described and has no samples yet is no failure', () => {
  const tally = new FailureTally();
  tally.counterFor('http_reqs', failedAt('/a'));
  tally.note(noteOf(1212, 'refused'));
  assert.deepEqual(tally.list(), []);
});

test('the first whole text goes before a tag, whichever comes first, and its stack with it', () => {
  for (const notesFirst of [true, false]) {
    const tally = new FailureTally();
    const counts = (): void => count(tally, 'http_reqs', [...failedAt('/a'), ['error', 'short']]);
    if (!notesFirst) counts();
    tally.note(noteOf(1212, ''));
    tally.note(noteOf(1212, 'the whole text', { stack: 'at x' }));
    tally.note(noteOf(1212, 'another text', { stack: 'at y' }));
    if (notesFirst) counts();
    const [{ message, stack }] = tally.list();
    assert.deepEqual([message, stack], ['the whole text', 'at x']);
  }
});

test('as many failures are kept whole as are asked for: of each code, and over all codes no more than 500', () => {
  const tally = new FailureTally(3);
  for (let code = 1000; code < 1200; code++)
    for (let index = 0; index < 5; index++) {
      count(tally, 'http_reqs', failedAt('/a', String(code)));
      tally.note(noteOf(code, '', { sample: sampleOf(`${code} ${index}`) }));
    }
  const kept = tally.list().map(({ samples }) => samples.map(({ text }) => text));
  assert.deepEqual(kept[0], ['1000 0', '1000 1', '1000 2'], 'the first of them');
  assert.equal(kept.flat().length, 500);
  const none = new FailureTally();
  count(none, 'http_reqs', failedAt('/a'));
  none.note(noteOf(1212, '', { sample: sampleOf('x') }));
  assert.deepEqual(none.list()[0].samples, []);
});

test('equally frequent codes come by their number, and the same code of two protocols stays two', () => {
  const tally = new FailureTally();
  for (const code of ['1300', '1212', '1400']) count(tally, 'http_reqs', failedAt('/a', code));
  count(tally, 'ws_failures', failedAt('/a', '1212'));
  count(tally, 'ws_failures', failedAt('/a', '1212'));
  assert.deepEqual(
    tally.list().map(({ protocol, code, total }) => `${protocol} ${code} of ${total}`),
    ['websocket 1212 of 2', 'http 1212 of 3', 'http 1300 of 3', 'http 1400 of 3'],
  );
});

test('of statuses and codes that are out of range none is a failure', () => {
  const cases: [metric: string, tags: Tags, code: number | undefined][] = [
    ['grpc_req_duration', [['status', '16']], 1816],
    ['grpc_req_duration', [['status', '17']], undefined],
    ['grpc_req_duration', [['status', '-1']], undefined],
    ['grpc_req_duration', [['status', 'x']], undefined],
    [
      'grpc_req_duration',
      [
        ['error_code', '1212'],
        ['status', '14'],
      ],
      1212,
    ],
    ['http_reqs', [['status', '500']], undefined],
    ['http_reqs', [['error_code', '1e3']], 1000],
    ['toString', [['error_code', '1212']], undefined],
  ];
  for (const [metric, tags, code] of cases) assert.equal(failureOf(metric, tags)?.code, code, `${metric} ${tags}`);
});
