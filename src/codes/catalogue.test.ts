import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  CATALOGUE,
  CODE_RANGES,
  type Code,
  findCode,
  findCodeByName,
  grpcCode,
  httpCode,
  RETIRED_CODES,
} from './catalogue.ts';
import { GRPC_STATUSES } from './grpc-status.ts';
import { http2Code } from './http2-codes.ts';
import { HTTP2_ERRORS } from './http2-error.ts';

const SPECIFICATION = new URL('../../../shared/reference/codes.md', import.meta.url);

test('numbers ascend, and numbers and names are unique', () => {
  const codes = CATALOGUE.map((entry) => entry.code);
  assert.deepEqual(
    codes,
    [...codes].sort((a, b) => a - b),
  );
  assert.equal(new Set(codes).size, codes.length);
  assert.equal(new Set(CATALOGUE.map((entry) => entry.name)).size, CATALOGUE.length);
});

test('every entry says everything, in whole sentences, and lies in a range', () => {
  for (const entry of CATALOGUE) {
    for (const text of [entry.title, entry.meaning, entry.producedBy, entry.retryAdvice, entry.look])
      assert.ok(text.trim().length > 2, `${entry.code}: ${text}`);
    for (const text of [entry.meaning, entry.retryAdvice, entry.look])
      assert.match(text, /[.)?!]$/, `${entry.code}: ${text}`);
    assert.ok(CODE_RANGES.some((range) => entry.code >= range.from && entry.code <= range.to));
    assert.match(entry.name, /^[a-z0-9_]+$/);
  }
});

test('related codes exist and are others', () => {
  for (const entry of CATALOGUE)
    for (const code of entry.related) {
      assert.ok(findCode(code), `${entry.code} is related to ${code}, which is not there`);
      assert.notEqual(code, entry.code);
    }
});

test('a retired number is not used again', () => {
  for (const code of RETIRED_CODES) assert.equal(findCode(code), undefined);
});

test('what k6 says is a code of k6, or nothing', () => {
  for (const entry of CATALOGUE) {
    if (entry.origin === 'k6') assert.equal(entry.k6Code, entry.code);
    else if (entry.k6Code !== null) assert.equal(findCode(entry.k6Code)?.origin, 'k6');
  }
});

test('number, name and origin are those of the specification', { skip: !existsSync(SPECIFICATION) }, () => {
  const rows = readFileSync(SPECIFICATION, 'utf8')
    .split('\n')
    .filter((line) => /^\| 1\d{3} \|/.test(line));
  assert.ok(rows.length > 40);
  for (const row of rows) {
    const [code, name, , origin, k6] = row
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    const entry = findCode(Number(code));
    assert.equal(entry?.name, name, code);
    assert.equal(entry?.origin, origin, code);
    const coarse = k6 === '' ? Number(code) : k6 === '–' ? null : Number(k6);
    assert.equal(entry?.k6Code, coarse, code);
  }
  // What came after the specification was written.
  const listed = new Set([1001, ...rows.map((row) => Number(row.split('|')[1]))]);
  const families = (code: number) =>
    (code >= 1230 && code < 1240) ||
    (code >= 1400 && code < 1600) ||
    (code > 1600 && code < 1700) ||
    (code > 1800 && code < 1900);
  for (const entry of CATALOGUE)
    assert.ok(
      listed.has(entry.code) || families(entry.code) || entry.code >= 2000,
      `${entry.code} is not in the specification`,
    );
});

test('the seventeen gRPC statuses are those of the specification', { skip: !existsSync(SPECIFICATION) }, () => {
  const rows = readFileSync(SPECIFICATION, 'utf8')
    .split('\n')
    .filter((line) => /^\| \d{1,2} \| [A-Z_]+ \|/.test(line));
  assert.equal(rows.length, GRPC_STATUSES.length);
  for (const row of rows) {
    const [status, name, constant, , , http] = row
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    const got = GRPC_STATUSES[Number(status)];
    assert.deepEqual([got?.name, got?.constant, got?.http], [name, constant, Number(http)]);
  }
});

test('the types know the numbers and names', () => {
  const code: Code = 1212;
  assert.equal(findCode(code).name, 'connection_refused');
  assert.equal(findCodeByName('grpc_deadline_exceeded').code, 1804);
  // @ts-expect-error -- 1299 is no code
  const wrong: Code = 1299;
  assert.equal(findCode(wrong), undefined);
  const high: Code = 1816;
  assert.equal(findCode(high).grpcStatus, 16);
});

test('the index of a status or HTTP/2 error is its number', () => {
  GRPC_STATUSES.forEach((row, i) => {
    assert.equal(row.status, i);
  });
  HTTP2_ERRORS.forEach((row, i) => {
    assert.equal(row.error, i);
  });
});

test('HTTP statuses become codes', () => {
  assert.deepEqual(
    [200, 304, 399, 400, 418, 477, 503, 599, 600, 999].map(httpCode),
    [0, 0, 0, 1400, 1418, 1477, 1503, 1599, 1500, 1500],
  );
  assert.equal(findCode(1477)?.httpStatus, 477);
  assert.equal(findCode(1404)?.title, 'HTTP 404 Not Found');
  assert.equal(findCode(1600)?.name, 'http2');
});

test('HTTP/2 events become codes', () => {
  assert.equal(http2Code('goaway', 11), 1622);
  assert.equal(http2Code('stream', 8), 1639);
  assert.equal(http2Code('connection', 0), 1651);
  assert.deepEqual([http2Code('goaway', 99), http2Code('stream', 14), http2Code('connection', -1)], [1610, 1630, 1650]);
  for (const family of ['goaway', 'stream', 'connection'] as const)
    for (let error = 0; error <= 13; error++)
      assert.deepEqual(findCode(http2Code(family, error))?.http2, { family, error });
});

test('gRPC statuses become codes', () => {
  assert.deepEqual([0, 1, 14, 16, 17, 99].map(grpcCode), [0, 1801, 1814, 1816, 1802, 1802]);
});
