import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailureTally } from './failure-tally.ts';

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
