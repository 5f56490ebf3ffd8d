import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { Command } from 'commander';
import { CATALOGUE, knownNames, lookUp } from '../codes/index.ts';
import { explain, registerExplain } from './explain.ts';
import { explainSubject, listAll } from './explain-text.ts';

function run(words: string[], json = false): { exit: number; out: string; err: string } {
  const streams = [new PassThrough(), new PassThrough()] as unknown as [NodeJS.WriteStream, NodeJS.WriteStream];
  const exit = explain(words, json, ...streams);
  const [out, err] = streams.map((stream) => String(stream.read() ?? '')) as [string, string];
  return { exit, out, err };
}

test('a code is explained', () => {
  const { exit, out } = run(['1212']);
  assert.equal(exit, 0);
  for (const part of [
    '1212',
    'connection_refused',
    'nobody listens',
    'Retry',
    'Look first',
    '14 UNAVAILABLE',
    'ECONNREFUSED',
    '1211 dial_timeout',
  ])
    assert.ok(out.includes(part), part);
});

test('a gRPC status is explained by name, number and constant alike', () => {
  const { out } = run(['UNAVAILABLE']);
  assert.equal(run(['14']).out, out);
  assert.equal(run(['StatusUnavailable']).out, out);
  assert.equal(run(['1814']).out, out);
  for (const part of [
    'StatusUnavailable',
    '503',
    '1814',
    'from its first read? → ABORTED',
    'most likely for a short time',
  ])
    assert.ok(out.replaceAll(/\s+/g, ' ').includes(part), part);
});

test('an HTTP status says what it is in gRPC', () => {
  const { out } = run(['http', '503']);
  for (const part of ['1503', 'Service Unavailable', '14 UNAVAILABLE', 'Retry-After'])
    assert.ok(out.includes(part), part);
  assert.match(run(['http', '204']).out, /No Content[\s\S]*no failure/);
});

test('an errno is explained for each phase', () => {
  const { out } = run(['ECONNREFUSED']);
  assert.match(out, /during dial.*\n.*1212[\s\S]*during lookup\n.*1104/);
  assert.doesNotMatch(run(['ECONNRESET']).out, /during/);
});

test('a message is explained as it came', () => {
  assert.match(run(['read: connection reset by peer']).out, /1220 {2}connection_reset/);
  assert.match(run(['read:', 'connection', 'reset', 'by', 'peer']).out, /1220 {2}connection_reset/);
  const both = run(['rpc error: code = Unavailable desc = dial tcp 10.0.0.1:50051: connect: connection refused']).out;
  assert.match(both, /1212 {2}connection_refused[\s\S]*gRPC status 14 {2}UNAVAILABLE/);
});

test('close codes of WebSocket and exit codes are explained', () => {
  assert.match(run(['close', '1006']).out, /WebSocket close 1006 {2}ABNORMAL_CLOSURE[\s\S]*1903/);
  assert.match(run(['exit', '99']).out, /Exit code 99 {2}thresholds_failed/);
  assert.match(run(['99']).out, /Exit code 99/);
});

test('several questions get several answers', () => {
  const { out } = run(['1212', '1220']);
  assert.match(out, /connection_refused[\s\S]*connection_reset/);
});

test('what is unknown gets the nearest names and 255', () => {
  const { exit, out, err } = run(['UNAVAILIBLE']);
  assert.equal(exit, 255);
  assert.equal(out, '');
  assert.match(err, /Did you mean: UNAVAILABLE/);
  assert.match(run(['xyzzyplugh']).err, /lists all codes/);
});

test('nothing asked, everything told', () => {
  const { out } = run([]);
  for (const entry of CATALOGUE) assert.ok(out.includes(String(entry.code)), String(entry.code));
});

test('JSON for machines', () => {
  const one = JSON.parse(run(['1212'], true).out) as { subjects: { entry: { code: number } }[] };
  assert.equal(one.subjects[0]?.entry.code, 1212);
  const all = JSON.parse(run([], true).out) as { codes: unknown[] };
  assert.equal(all.codes.length, CATALOGUE.length);
  const none = run(['UNAVAILIBLE'], true);
  assert.equal(none.exit, 255);
  assert.equal((JSON.parse(none.out) as { nearest: string[] }).nearest[0], 'UNAVAILABLE');
});

test('eighty columns are enough, and without colour there is none', () => {
  const style = { width: 80, colour: false };
  const texts = [
    listAll(style),
    ...knownNames().flatMap((name) => lookUp(name).map((subject) => explainSubject(subject, style))),
  ];
  for (const line of texts.join('').split('\n')) assert.ok(line.length <= 80, line);
  assert.ok(!texts.join('').includes('\x1b'));
  assert.ok(listAll({ width: 80, colour: true }).includes('\x1b['));
});

test('the command is there', () => {
  const program = new Command();
  registerExplain(program);
  assert.deepEqual(
    program.commands.map((command) => command.name()),
    ['explain'],
  );
});
