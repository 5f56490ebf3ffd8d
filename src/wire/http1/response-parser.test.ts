import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DONE, FAILED, MORE, ResponseParser } from './response-parser.ts';

interface Outcome {
  status: number;
  reason: string;
  headers: [string, string][];
  body: string | null;
  reusable: boolean;
}

/** Feeds the pieces, then the end if `ends`. */
function parse(
  pieces: (string | Buffer)[],
  options: { isHead?: boolean; ends?: boolean } = {},
): Outcome | { code: number } | 'more' {
  const parser = new ResponseParser();
  parser.reset(options.isHead ?? false, true);
  let progress: number = MORE;
  for (const piece of pieces) {
    progress = parser.push(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
    if (progress === FAILED) break;
  }
  if (progress === MORE && options.ends === true) progress = parser.end();
  if (progress === FAILED) return { code: parser.errorCode };
  if (progress !== DONE) return 'more';
  return {
    status: parser.status,
    reason: parser.statusText,
    headers: [...parser.headers.list],
    body: parser.body === null ? null : parser.body.toString('latin1'),
    reusable: parser.reusable,
  };
}

function bodyOf(pieces: string[], options: { isHead?: boolean; ends?: boolean } = {}): string | null {
  const outcome = parse(pieces, options);
  assert.ok(typeof outcome === 'object' && 'body' in outcome, JSON.stringify(outcome));
  return outcome.body;
}

describe('a response', () => {
  test('with a length ends where the length says', () => {
    assert.deepEqual(parse(['HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A:  b \r\n\r\nabc']), {
      status: 200,
      reason: 'OK',
      headers: [
        ['Content-Length', '3'],
        ['X-A', 'b'],
      ],
      body: 'abc',
      reusable: true,
    });
  });

  test('comes out the same whatever pieces it comes in', () => {
    const text =
      'HTTP/1.1 201 Made it\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n4;ext=1\r\nWiki\r\n5\r\npedia\r\n0\r\nTrailer: t\r\n\r\n';
    const whole = parse([text]);
    assert.equal(bodyOf([text]), 'Wikipedia');
    for (let at = 1; at < text.length; at++) assert.deepEqual(parse([text.slice(0, at), text.slice(at)]), whole);
    assert.deepEqual(parse([...text]), whole);
  });

  test('without length or coding ends with the connection, which then is used up', () => {
    assert.deepEqual(parse(['HTTP/1.1 200 OK\r\n\r\nall ', 'of it'], { ends: true }), {
      status: 200,
      reason: 'OK',
      headers: [],
      body: 'all of it',
      reusable: false,
    });
  });

  test('after any number of interim ones is the final one', () => {
    const outcome = parse([
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!',
    ]);
    assert.deepEqual(outcome, {
      status: 200,
      reason: 'OK',
      headers: [['Content-Length', '1']],
      body: '!',
      reusable: true,
    });
  });

  test('to HEAD, or of a status without a body, has none in spite of its length', () => {
    assert.equal(bodyOf(['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'], { isHead: true }), null);
    assert.equal(bodyOf(['HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n']), null);
    assert.equal(bodyOf(['HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n']), null);
  });

  test('of HTTP/1.0 keeps the connection only when it says so', () => {
    const reusable = (text: string): boolean => {
      const outcome = parse([text]);
      assert.ok(typeof outcome === 'object' && 'reusable' in outcome);
      return outcome.reusable;
    };
    assert.equal(reusable('HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n'), false);
    assert.equal(reusable('HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: Keep-Alive\r\n\r\n'), true);
    assert.equal(reusable('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: x, close\r\n\r\n'), false);
    assert.equal(reusable('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore than asked'), false);
  });

  test('may leave out the reason, fold a header, and end lines with a bare line feed', () => {
    assert.deepEqual(parse(['HTTP/1.1 200\nA: b\n c\nContent-Length: 0\n\n']), {
      status: 200,
      reason: '',
      headers: [
        ['A', 'b c'],
        ['Content-Length', '0'],
      ],
      body: '',
      reusable: true,
    });
  });

  test('shows UTF-8 in headers as text', () => {
    const outcome = parse([Buffer.from('HTTP/1.1 200 OK\r\nX: žluť\r\nContent-Length: 0\r\n\r\n')]);
    assert.ok(typeof outcome === 'object' && 'headers' in outcome);
    assert.deepEqual(outcome.headers[0], ['X', 'žluť']);
  });

  test('with a huge header section is read up to the limit, beyond it is 1042', () => {
    const head = (size: number): string[] => [
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ',
      ...chunks('a'.repeat(size), 65_536),
      '\r\n\r\n',
    ];
    assert.equal(bodyOf(head(900_000)), '');
    assert.deepEqual(parse(head(11_000_000)), { code: 1042 });
  });
});

describe('what is no response', () => {
  for (const [what, text] of Object.entries({
    'another protocol': 'SSH-2.0-OpenSSH_9\r\n',
    'a status that is no number': 'HTTP/1.1 abc What\r\n\r\n',
    'a short status': 'HTTP/1.1 20\r\n\r\n',
    'a major version that is not 1': 'HTTP/2.0 200 OK\r\n\r\n',
    'a line without a colon': 'HTTP/1.1 200 OK\r\nno colon here\r\n\r\n',
    'a space before the colon': 'HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\na',
    'a control character in a value': 'HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n',
    'a length that is no number': 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n',
    'a negative length': 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
    'two lengths that differ': 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'an unknown transfer coding': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n',
    'a chunk size that is no number': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nnope\r\n',
    'a chunk that is longer than it says': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n',
    'a first header line that is folded': 'HTTP/1.1 200 OK\r\n A: b\r\n\r\n',
  })) {
    test(`${what} is malformed, whole or byte by byte`, () => {
      assert.deepEqual(parse([text]), { code: 1041 });
      assert.deepEqual(parse([...text]), { code: 1041 });
    });
  }

  test('an end before the whole response is 1040', () => {
    for (const text of [
      '',
      'HT',
      'HTTP/1.1 200 OK\r\nA: b',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab',
    ]) {
      assert.deepEqual(parse(text === '' ? [] : [text], { ends: true }), { code: 1040 });
    }
  });
});

function chunks(text: string, size: number): string[] {
  const list: string[] = [];
  for (let at = 0; at < text.length; at += size) list.push(text.slice(at, at + size));
  return list;
}
