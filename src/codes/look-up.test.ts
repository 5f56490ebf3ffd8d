import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownNames, lookUp, type Subject } from './look-up.ts';
import { editDistance, nearestNames } from './nearest-names.ts';

/** A subject in a few characters. */
function brief(subject: Subject): string {
  if (subject.kind === 'code') return `code ${subject.entry.code}`;
  if (subject.kind === 'grpc') return `grpc ${subject.status.name} ${subject.entry?.code ?? 0}`;
  if (subject.kind === 'http') return `http ${subject.status} ${subject.entry?.code ?? 0}`;
  if (subject.kind === 'http2')
    return `http2 ${subject.error.name} ${subject.entries.map((entry) => entry.code).join(' ')}`;
  if (subject.kind === 'close') return `close ${subject.close.close}`;
  if (subject.kind === 'exit') return `exit ${subject.exit.exit}`;
  return `errno ${subject.errno} ${subject.entries.map(({ phases, entry }) => `${phases.join('+')}:${entry.code}`).join(' ')}`;
}

const CASES: [string, string[]][] = [
  ['1212', ['code 1212']],
  ['connection_refused', ['code 1212']],
  ['connection refused', ['code 1212']],
  ['error_code 1212', ['code 1212']],
  ['1814', ['grpc UNAVAILABLE 1814']],
  ['14', ['grpc UNAVAILABLE 1814']],
  ['0', ['grpc OK 0']],
  ['UNAVAILABLE', ['grpc UNAVAILABLE 1814']],
  ['deadline_exceeded', ['grpc DEADLINE_EXCEEDED 1804']],
  ['DeadlineExceeded', ['grpc DEADLINE_EXCEEDED 1804']],
  ['StatusAborted', ['grpc ABORTED 1810']],
  ['canceled', ['grpc CANCELLED 1801']],
  ['CANCELLED', ['code 1030', 'grpc CANCELLED 1801']],
  ['grpc cancelled', ['grpc CANCELLED 1801']],
  ['http 503', ['http 503 1503']],
  ['HTTP/2 8', ['http2 CANCEL 1619 1639 1659']],
  ['503', ['http 503 1503']],
  ['http 200', ['http 200 0']],
  ['no content', ['http 204 0']],
  ['close 1000', ['close 1000']],
  ['websocket close 1006', ['close 1006']],
  ['1006', ['close 1006']],
  ['GOING_AWAY', ['close 1001']],
  ['PROTOCOL_ERROR', ['http2 PROTOCOL_ERROR 1612 1632 1652', 'close 1002']],
  ['exit 0', ['exit 0']],
  ['exit code 107', ['exit 107']],
  ['exit 14', []],
  ['103', ['http 103 0', 'exit 103']],
  ['1503', ['code 1503']],
  ['NOT_FOUND', ['grpc NOT_FOUND 1805', 'http 404 1404']],
  ['http not found', ['http 404 1404']],
  ['REFUSED_STREAM', ['http2 REFUSED_STREAM 1618 1638 1658']],
  ['NGHTTP2_CANCEL', ['http2 CANCEL 1619 1639 1659']],
  ['ECONNREFUSED', ['errno ECONNREFUSED dial+tls+write+read:1212 lookup:1104']],
  ['econnreset', ['errno ECONNRESET dial+tls+write+read:1220']],
  ['ETIMEDOUT', ['errno ETIMEDOUT dial:1211 tls+write+read:1202 lookup:1102']],
  ['CERT_HAS_EXPIRED', ['errno CERT_HAS_EXPIRED lookup+dial+tls+write+read:1312']],
  ['ERR_SSL_WRONG_VERSION_NUMBER', ['errno ERR_SSL_WRONG_VERSION_NUMBER lookup+dial+tls+write+read:1301']],
  ['17', []],
  ['9999', []],
  ['nonsense', []],
  ['', []],
];

for (const [text, wanted] of CASES)
  test(`looks up ${JSON.stringify(text)}`, () => {
    assert.deepEqual(lookUp(text).map(brief), wanted);
  });

test('every known name is found', () => {
  for (const name of knownNames()) assert.notDeepEqual(lookUp(name), [], name);
});

test('the nearest names come first', () => {
  const near = (word: string) => nearestNames(word, knownNames(), 1)[0];
  assert.equal(near('UNAVAILIBLE'), 'UNAVAILABLE');
  assert.equal(near('ECONREFUSED'), 'ECONNREFUSED');
  assert.equal(near('DEADLINE'), 'DEADLINE_EXCEEDED');
  assert.equal(near('StatusAbortd'), 'StatusAborted');
  assert.equal(near('conection refused'), 'connection_refused');
  assert.deepEqual(nearestNames('xyzzyplugh', knownNames()), []);
});

test('the edit distance counts a swap as one', () => {
  assert.equal(editDistance('refused', 'refsued', 3), 1);
});
