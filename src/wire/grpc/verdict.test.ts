// What the head, the trailers and the failures of an answer mean for a call (grpc/grpc, doc/http-grpc-status-mapping.md and
// doc/PROTOCOL-HTTP2.md; where grpc-go differs, grpc-go, since k6 is made of it).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connectionFailure, goawayFailure, streamFailure } from '../http2/http2-failure.ts';
import { WireError } from '../net/wire-error.ts';
import { readAnswerHead, readDialFailure, readFailure, readTrailers } from './verdict.ts';

type Fields = readonly [string, string][];
const fieldsOf = (fields: Fields) => fields.map(([name, value]) => ({ name, value }));
const trailers = (...fields: Fields) => readTrailers(fieldsOf(fields));
const head = (httpStatus: number, endStream: boolean, ...fields: Fields) =>
  readAnswerHead(fieldsOf(fields), httpStatus, endStream);

describe('trailers', () => {
  test('without a status have no verdict, with 0 a good one, whatever message stands there', () => {
    assert.equal(trailers(['grpc-message', 'x']), null);
    const fine = { status: 0, message: '', errorCode: 0 };
    assert.deepEqual(trailers(['grpc-status', '0']), fine);
    assert.deepEqual(trailers(['grpc-status', '00'], ['grpc-message', 'ignored']), fine);
  });

  test('give status and message, decoded, and the catalogue’s code of that status', () => {
    for (let status = 1; status <= 16; status++) {
      const verdict = trailers(['grpc-status', String(status)], ['grpc-message', 'no%20way']);
      assert.deepEqual(verdict, { status, message: 'no way', errorCode: 1800 + status });
    }
    assert.equal(trailers(['grpc-status', '5'])?.message, '');
  });

  test('keep numbers that are no known status', () => {
    for (const [text, status] of [
      ['17', 17],
      ['99', 99],
      ['-1', -1],
      ['+7', 7],
      ['2147483647', 2_147_483_647],
    ] as const)
      assert.equal(trailers(['grpc-status', text])?.status, status, text);
  });

  test('with a status that is no number of 32 bits are UNKNOWN', () => {
    for (const text of ['', 'OK', '1.0', ' 1', '1 ', '0x1', '2147483648', '-2147483648', '99999999999', '١'])
      assert.deepEqual(
        trailers(['grpc-status', text]),
        {
          status: 2,
          message: `transport: malformed grpc-status: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`,
          errorCode: 1041,
        },
        JSON.stringify(text),
      );
  });
});

describe('the head of an answer', () => {
  test('of HTTP status 200 and a content type of gRPC is read on, with its encoding', () => {
    for (const type of [
      'application/grpc',
      'application/grpc+proto',
      'application/grpc;charset=utf-8',
      'Application/GRPC',
    ])
      assert.deepEqual(head(200, false, ['content-type', type], ['grpc-encoding', 'gzip']), {
        refusal: null,
        encoding: 'gzip',
      });
  });

  test('of another content type, or none, is UNKNOWN and names it', () => {
    for (const type of ['text/html', 'application/grpc-web', 'application/grpcx', 'application/json', ''])
      assert.deepEqual(head(200, false, ['content-type', type]).refusal, {
        status: 2,
        message: `transport: received unexpected content-type ${JSON.stringify(type)}`,
        errorCode: 1041,
      });
    assert.equal(head(200, false).refusal?.message, 'malformed header: missing HTTP content-type');
  });

  test('of another HTTP status has the status of gRPC that the mapping gives', () => {
    for (const [http, grpc] of [
      [400, 13],
      [401, 16],
      [403, 7],
      [404, 12],
      [429, 14],
      [502, 14],
      [503, 14],
      [504, 14],
      [201, 2],
      [302, 2],
      [418, 2],
      [431, 2],
      [500, 2],
      [599, 2],
    ] as const)
      assert.equal(head(http, false, ['content-type', 'application/grpc']).refusal?.status, grpc, String(http));
  });

  test('says both what is wrong with its status and with its type', () => {
    assert.equal(
      head(503, false, ['content-type', 'text/html']).refusal?.message,
      'unexpected HTTP status code received from server: 503 (Service Unavailable); transport: received unexpected content-type "text/html"',
    );
  });

  test('that is all there is, and has a status of gRPC, is not refused: that status counts', () => {
    assert.equal(head(503, true, ['grpc-status', '8']).refusal, null);
    assert.equal(head(200, true, ['grpc-status', '0']).refusal, null);
    // With a body behind it, it is no Trailers-Only.
    assert.equal(head(503, false, ['grpc-status', '8']).refusal?.status, 14);
    assert.equal(head(503, true).refusal?.status, 14);
  });
});

describe('a failure', () => {
  test('of a stream that the server reset has the status that grpc-go gives the code', () => {
    for (const [code, status] of [
      [0, 13],
      [1, 13],
      [2, 13],
      [3, 8],
      [4, 13],
      [5, 13],
      [6, 13],
      [7, 14],
      [8, 1],
      [9, 13],
      [10, 13],
      [11, 8],
      [12, 7],
      [13, 13],
    ] as const)
      assert.equal(readFailure(streamFailure(1, code)).status, status, `error code ${code}`);
    assert.match(readFailure(streamFailure(1, 8)).message, /^stream terminated by RST_STREAM with error code: CANCEL$/);
  });

  test('of a stream that we reset for what the server did on it is INTERNAL, and says what that was', () => {
    const { status, message } = readFailure(streamFailure(3, 1, 'the body is longer than its content-length'));
    assert.equal(status, 13);
    assert.match(message, /longer than its content-length/);
  });

  test('of a connection that the server sends away, or that broke the rules, is UNAVAILABLE', () => {
    const gone = readFailure(goawayFailure(1, 11, 'too_many_pings'));
    assert.equal(gone.status, 14);
    assert.match(gone.message, /^closing transport due to: .*ENHANCE_YOUR_CALM.*too_many_pings/);
    assert.equal(readFailure(connectionFailure(1, 'a frame that cannot be')).status, 14);
  });

  test('of a connection is UNAVAILABLE, with the code of what happened', () => {
    assert.deepEqual(readFailure(new WireError(1040, 'EOF')), {
      status: 14,
      message: 'error reading from server: EOF',
      errorCode: 1040,
    });
    assert.deepEqual(readFailure(new WireError(1220, 'read: connection reset by peer')), {
      status: 14,
      message: 'error reading from server: read: connection reset by peer',
      errorCode: 1220,
    });
  });

  test('to connect is UNAVAILABLE and says why, unless the call was cancelled', () => {
    assert.deepEqual(readDialFailure(new WireError(1212, 'dial: connection refused')), {
      status: 14,
      message: 'connection error: desc = "transport: Error while dialing: dial: connection refused"',
      errorCode: 1212,
    });
    assert.equal(readDialFailure(new WireError(1030, 'context canceled')).status, 1);
  });
});
