// The constants on the pages are those of the libraries, as far as the libraries are here to be asked.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { test } from 'node:test';
import { Code } from '@connectrpc/connect';
import grpc from '@grpc/grpc-js';
import { findConstant } from './find-constant.ts';
import { grpcConstants } from './grpc-constants.ts';
import { httpConstants } from './http-constants.ts';
import { GRPC_STATUSES, HTTP_STATUSES, PLAIN_HTTP_STATUSES } from './index.ts';
import { lookUp } from './look-up.ts';

const named = (constants: ReturnType<typeof grpcConstants>, language: string): string =>
  constants.find((one) => one.language === language)?.constant ?? '';

test('eleven languages and libraries name every gRPC status but OK', () => {
  for (const { status } of GRPC_STATUSES) assert.equal(grpcConstants(status).length, status === 0 ? 10 : 11);
});

test('grpc-js, connect and k6 have the constants that are shown', () => {
  const k6 = readFileSync(new URL('../../node_modules/@types/k6/net/grpc/index.d.ts', import.meta.url), 'utf8');
  for (const { status } of GRPC_STATUSES) {
    const constants = grpcConstants(status);
    const node = named(constants, 'Node (grpc-js)').replace('grpc.status.', '');
    assert.equal(grpc.status[node as keyof typeof grpc.status], status);
    assert.match(k6, new RegExp(`\\b${named(constants, 'k6, Sixfold').replace('grpc.', '')}\\b`));
    if (status > 0) {
      const wire = named(constants, 'Connect').replaceAll('"', '');
      const pascal = wire.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
      assert.equal(Code[pascal as keyof typeof Code], status, wire);
    }
  }
});

test('each of the other languages has the names of its own library', () => {
  const wanted = {
    'C++': ['grpc::StatusCode::CANCELLED', 'grpc::StatusCode::FAILED_PRECONDITION'],
    'C#': ['StatusCode.Cancelled', 'StatusCode.FailedPrecondition'],
    Go: ['codes.Canceled', 'codes.FailedPrecondition'],
    'Java, Kotlin': ['Status.CANCELLED', 'Status.FAILED_PRECONDITION'],
    PHP: ['Grpc\\STATUS_CANCELLED', 'Grpc\\STATUS_FAILED_PRECONDITION'],
    Python: ['grpc.StatusCode.CANCELLED', 'grpc.StatusCode.FAILED_PRECONDITION'],
    Ruby: ['GRPC::Core::StatusCodes::CANCELLED', 'GRPC::Core::StatusCodes::FAILED_PRECONDITION'],
    'Rust (tonic)': ['Code::Cancelled', 'Code::FailedPrecondition'],
  };
  for (const [language, constants] of Object.entries(wanted))
    assert.deepEqual([named(grpcConstants(1), language), named(grpcConstants(9), language)], constants);
  assert.deepEqual(
    ['C#', 'Go', 'Rust (tonic)'].map((language) => named(grpcConstants(0), language)),
    ['StatusCode.OK', 'codes.OK', 'Code::Ok'],
  );
});

const REGISTERED = [...PLAIN_HTTP_STATUSES, ...HTTP_STATUSES]
  .map(({ status }): number => status)
  .filter((status) => httpConstants(status).length > 0);

/** The names that are shown of a language, without the type that they are of, by status. */
function shownOf(language: string): Record<string, number> {
  const shown = REGISTERED.map((status) => [named(httpConstants(status), language), status] as const);
  return Object.fromEntries(
    shown.filter(([constant]) => constant !== '').map(([constant, status]) => [/\w+$/.exec(constant)?.[0], status]),
  );
}

test('every registered HTTP status has constants, and a constant stands for one status', () => {
  assert.ok(REGISTERED.length >= 60);
  const all = REGISTERED.flatMap((status) => httpConstants(status));
  assert.equal(new Set(all.map(({ language }) => language)).size, 11);
  assert.equal(new Set(all.map(({ language, constant }) => `${language} ${constant}`)).size, all.length);
});

/** Written from the sources that each names. */
const LISTS = JSON.parse(
  readFileSync(new URL('../../test/vectors/http-constants.json', import.meta.url), 'utf8'),
) as Record<string, { source: string; constants: Record<string, number> }>;

for (const [language, { source, constants }] of Object.entries(LISTS))
  test(`the HTTP constants of ${language} are those of ${source}`, () => {
    const shown = shownOf(language);
    assert.ok(Object.keys(constants).length > 50);
    for (const [name, status] of Object.entries(constants))
      assert.equal(shown[name.replace(/^(?:Status|HTTP_)(?=\w)/, '')] ?? shown[name], status, name);
    assert.equal(Object.keys(shown).length, Object.keys(constants).length);
  });

test('Node has the HTTP constants that are shown', () => {
  const constants = http2.constants as unknown as Record<string, number>;
  const shown = shownOf('Node (http2)');
  for (const [name, status] of Object.entries(shown)) assert.equal(constants[name], status, name);
  const all = Object.entries(constants).filter(([name]) => name.startsWith('HTTP_STATUS_'));
  // 509 is not registered.
  assert.equal(Object.keys(shown).length, all.length - 1);
});

test('Python has the HTTP constants that are shown', (context) => {
  let list: Record<string, number>;
  try {
    const program =
      'import http, json; print(json.dumps({n: s.value for n, s in http.HTTPStatus.__members__.items()}))';
    list = JSON.parse(execFileSync('python3', ['-c', program], { encoding: 'utf8' }));
  } catch {
    if (process.env['CI']) throw new Error('CI has to have python3');
    return context.skip('no python3 on this machine');
  }
  const shown = shownOf('Python');
  assert.equal(Object.keys(shown).length, REGISTERED.length);
  for (const [name, status] of Object.entries(shown)) assert.equal(list[name], status, name);
});

test('each constant is found by itself, and by the name in it', () => {
  const groups = [
    ...GRPC_STATUSES.map(({ status }) => ({
      kind: 'grpc',
      status: status as number,
      constants: grpcConstants(status),
    })),
    ...REGISTERED.map((status) => ({ kind: 'http', status, constants: httpConstants(status) })),
  ] as const;
  for (const { kind, status, constants } of groups)
    for (const { constant } of constants) {
      const found = lookUp(constant.replaceAll('"', ''));
      const statuses = found.map((subject) =>
        subject.kind === 'grpc'
          ? `grpc ${subject.status.status}`
          : subject.kind === 'http'
            ? `http ${subject.status}`
            : '',
      );
      assert.ok(statuses.includes(`${kind} ${status}`), `${constant}: ${statuses}`);
      assert.ok(
        findConstant(/[^.:\\]*$/.exec(constant)![0]).some((one) => one.status === status),
        constant,
      );
    }
  assert.deepEqual(
    ['StatusRequestEntityTooLarge', 'PayloadTooLarge', 'codes.Nonsense'].map((text) =>
      findConstant(text).map(({ status }) => status),
    ),
    [[413], [413], []],
  );
});
