import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT } from '../exit/exit-error.ts';
import { findCode } from './catalogue.ts';
import { CODE_USES } from './code-uses.ts';
import { EXIT_CODES, findExitCode } from './exit-codes.ts';
import { findHttpStatus, findPlainHttpStatus } from './find-http-status.ts';
import { GRPC_DETAILS, type GrpcNumber } from './grpc-details.ts';
import { GRPC_STATUSES } from './grpc-status.ts';
import { PLAIN_HTTP_STATUSES } from './http-plain-status.ts';
import { HTTP_STATUSES } from './http-status.ts';
import { HTTP_USES } from './http-uses.ts';
import { HTTP2_ERRORS } from './http2-error.ts';
import { LITMUS_GROUPS, litmusFor } from './litmus.ts';
import { CLOSE_USES, EXIT_USES, HTTP2_USES } from './protocol-uses.ts';
import type { Use } from './use.ts';
import { findWebSocketClose, WEBSOCKET_CLOSES } from './websocket-close.ts';

const STATUSES = GRPC_STATUSES.map(({ status }) => status as GrpcNumber);

test('every gRPC status has its whole meaning, and examples of right and wrong use', () => {
  for (const status of STATUSES) {
    const { meaning, fromLibrary, right, wrong } = GRPC_DETAILS[status];
    assert.ok(meaning.join(' ').split(' ').length >= 40, `${status} is said in too few words`);
    for (const text of [...meaning, fromLibrary]) assert.match(text, /[.)]$/, text);
    assert.equal(new Set(right).size, 3);
    for (const { instead } of wrong) assert.notEqual(instead as number, status);
  }
});

test('the statuses that no library makes are those of the gRPC documentation', () => {
  assert.deepEqual(
    STATUSES.filter((status) => GRPC_DETAILS[status].madeBy.length === 0),
    [3, 5, 6, 9, 10, 11, 15],
  );
});

test('a litmus test asks for statuses that exist, each once', () => {
  for (const { protocol, questions } of Object.values(LITMUS_GROUPS)) {
    const asked = questions.map(({ status }) => status as number);
    assert.equal(new Set(asked).size, asked.length);
    const known: readonly number[] =
      protocol === 'grpc' ? STATUSES : [...PLAIN_HTTP_STATUSES, ...HTTP_STATUSES].map(({ status }) => status);
    assert.deepEqual(
      asked.filter((status) => !known.includes(status)),
      [],
    );
    for (const { question } of questions) assert.match(question, /\?$/);
  }
  assert.deepEqual(
    [9, 10, 11, 14].map((status) => litmusFor('grpc', status).includes('retry')),
    [true, true, true, true],
  );
  // Each status but OK is told from another by some test.
  assert.deepEqual(
    STATUSES.filter((status) => litmusFor('grpc', status).length === 0),
    [0],
  );
});

test('numbers ascend and names are unique', () => {
  for (const numbers of [
    PLAIN_HTTP_STATUSES.map((row) => row.status),
    WEBSOCKET_CLOSES.map((row) => row.close),
    EXIT_CODES.map((row) => row.exit),
  ] as number[][])
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].sort((a, b) => a - b),
    );
});

test('the exit codes are those that a run ends with', () => {
  const inSnakeCase = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  assert.deepEqual(
    Object.fromEntries(EXIT_CODES.map((row) => [row.name, row.exit])),
    Object.fromEntries(Object.entries(EXIT).map(([name, exit]) => [inSnakeCase(name), exit])),
  );
});

test('each code, error, close code and exit code has examples, and what is another has a number that exists', () => {
  const groups = [
    { uses: CODE_USES, exists: (code: number) => findCode(code) !== undefined },
    {
      uses: HTTP_USES,
      exists: (status: number) => (findHttpStatus(status) ?? findPlainHttpStatus(status)) !== undefined,
    },
    { uses: HTTP2_USES, exists: (error: number) => error in HTTP2_ERRORS },
    { uses: CLOSE_USES, exists: (close: number) => findWebSocketClose(close) !== undefined },
    { uses: EXIT_USES, exists: (exit: number) => findExitCode(exit) !== undefined },
  ];
  for (const { uses, exists } of groups)
    for (const [key, { right, wrong }] of Object.entries<Use>(uses)) {
      assert.equal(new Set([...right, ...wrong.map(({ text }) => text)]).size, 6, key);
      for (const { text, instead } of wrong) {
        assert.ok(exists(instead), `${key}: ${text}`);
        assert.notEqual(instead, Number(key), text);
      }
      for (const text of [...right, ...wrong.map((one) => one.text)]) assert.doesNotMatch(text, /[.;]$/, key);
    }
});
