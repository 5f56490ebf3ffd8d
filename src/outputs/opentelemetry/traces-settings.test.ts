// `--traces-output`, as k6's options reference describes it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutputError } from '../output-error.ts';
import { describeTraces, parseTracesOutput } from './traces-settings.ts';

const target = (text: string) => parseTracesOutput(text)!.target;

test('none are wanted where nothing or none is said', () => {
  assert.equal(parseTracesOutput('none'), null);
  assert.equal(parseTracesOutput(''), null);
});

test('they go to the port of the protocol on this machine, in clear, unless an address is given', () => {
  assert.deepEqual(
    [target('otel').protocol, target('otel').endpoint, target('otel').insecure],
    ['grpc', '127.0.0.1:4317', true],
  );
  const http = target('otel,proto=http');
  assert.deepEqual([http.protocol, http.endpoint, http.path], ['http/protobuf', '127.0.0.1:4318', '/v1/traces']);
});

test('an address may leave out scheme, port and path', () => {
  for (const [text, endpoint, path, insecure] of [
    ['otel=collector', 'collector:4317', '/v1/traces', true],
    ['otel=collector:9', 'collector:9', '/v1/traces', true],
    ['otel=https://collector', 'collector:4317', '/v1/traces', false],
    ['otel=https://collector,proto=http', 'collector:4318', '/v1/traces', false],
    ['otel=http://collector:9/other/path,proto=http', 'collector:9', '/other/path', true],
    ['otel=http://[::1]:9,proto=grpc', '[::1]:9', '/v1/traces', true],
    ['otel=http://h/?a=b,proto=http', 'h:4318', '/v1/traces', true],
  ] as const) {
    const given = target(text);
    assert.deepEqual([given.endpoint, given.path, given.insecure], [endpoint, path, insecure], text);
  }
});

test('headers have their names in lower case, keep what they say, and are shown to nobody', () => {
  const settings = parseTracesOutput('otel=http://h:1,header.Authorization=Basic a=b==,header.X-Scope=')!;
  assert.deepEqual(settings.target.headers, [
    ['authorization', 'Basic a=b=='],
    ['x-scope', ''],
  ]);
  assert.deepEqual(settings.target.hidden, ['Basic a=b==', '']);
  assert.doesNotMatch(describeTraces(settings), /Basic/);
});

test('they are announced by protocol and address', () => {
  const described = (text: string): string => describeTraces(parseTracesOutput(text)!);
  assert.equal(described('otel=https://h:1'), 'traces (grpc, h:1)');
  assert.equal(described('otel=http://h:1'), 'traces (grpc, h:1, insecure)');
  assert.equal(described('otel=https://h:1,proto=http'), 'traces (https://h:1/v1/traces)');
});

test('what cannot be read is refused without being repeated, since it may hold a password', () => {
  for (const text of [
    'otel=ftp://me:secret@h',
    'otel=http://me:secret@h',
    'otel=http://:secret@h',
    'otel=http://',
    'otel,secret',
    'otel,header.=secret',
    'otel,header.a b=secret',
    'otel,headers.a=secret',
  ])
    assert.throws(
      () => parseTracesOutput(text),
      (error: Error) => error instanceof OutputError && !error.message.includes('secret'),
      text,
    );
  assert.throws(() => parseTracesOutput('jaeger'), /use none, or otel/);
  assert.throws(() => parseTracesOutput('otel,proto=udp'), /proto is grpc or http/);
});
