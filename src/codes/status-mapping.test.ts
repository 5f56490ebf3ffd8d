import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeToGrpc, grpcToHttp, httpToGrpc, resetToGrpc } from './status-mapping.ts';

test('HTTP statuses of answers that are not gRPC become gRPC statuses', () => {
  const statuses = [400, 401, 403, 404, 429, 502, 503, 504, 200, 302, 418, 431, 500, 501, 999];
  assert.deepEqual(statuses.map(httpToGrpc), [13, 16, 7, 12, 14, 14, 14, 14, 0, 2, 2, 2, 2, 2, 2]);
});

test('gRPC statuses become HTTP statuses', () => {
  const all = Array.from({ length: 17 }, (_, status) => grpcToHttp(status));
  assert.deepEqual(all, [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401]);
  assert.equal(grpcToHttp(99), 500);
});

test('resets become gRPC statuses, as the specification and as grpc-go have it', () => {
  const codes = Array.from({ length: 15 }, (_, code) => code);
  assert.deepEqual(
    codes.map((code) => resetToGrpc(code)),
    [13, 13, 13, 13, 13, 13, 13, 14, 1, 13, 13, 8, 7, 13, 2],
  );
  assert.equal(resetToGrpc(3, 'grpc-go'), 8);
  assert.equal(resetToGrpc(8, 'grpc-go'), 1);
});

test('codes of the catalogue become the status that a failed call ends with', () => {
  const codes = [1212, 1101, 1310, 1030, 1050, 1404, 1503, 1599, 1630, 1639, 1642, 1622, 1652, 1702, 1805, 1000];
  assert.deepEqual(codes.map(codeToGrpc), [14, 14, 14, 1, 4, 12, 14, 2, 2, 1, 8, 14, 14, 8, 5, 2]);
});
