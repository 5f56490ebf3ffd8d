// Responses whose framing lies, stops early, or is of an unusual form; each whole, in two pieces at every octet, and octet by octet.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BodyBudget } from '../net/body-budget.ts';
import { DONE, FAILED, MAX_HEAD_BYTES, MORE, ResponseParser } from './response-parser.ts';

interface Read {
  progress: number;
  status: number;
  body: string | null;
  code: number;
  reusable: boolean;
  /** Octets that were handed out one piece after the other, where the body is not kept. */
  pieces: string;
}

function read(
  chunks: readonly Buffer[],
  ends: boolean,
  options: { isHead?: boolean; keep?: boolean; budget?: BodyBudget } = {},
): Read {
  const parser = new ResponseParser(options.budget);
  let pieces = '';
  parser.reset(options.isHead ?? false, options.keep ?? true, (piece) => (pieces += piece.toString('latin1')));
  let progress: number = MORE;
  for (const chunk of chunks) {
    // What is pushed is the socket's, and is overwritten by what comes next.
    const lent = Buffer.from(chunk);
    if (progress === MORE || progress === DONE) progress = parser.push(lent);
    lent.fill(0x2a);
  }
  if (ends && progress === MORE) progress = parser.end();
  const { status, errorCode: code, reusable } = parser;
  return { progress, status, body: parser.body?.toString('latin1') ?? null, code, reusable, pieces };
}

/** All ways of cutting give the same. */
function readAll(text: string, ends = false, options: { isHead?: boolean; keep?: boolean } = {}): Read {
  const bytes = Buffer.from(text, 'latin1');
  const whole = read([bytes], ends, options);
  const mark = whole.progress === FAILED ? { progress: FAILED, code: whole.code } : whole;
  const of = (result: Read) => (result.progress === FAILED ? { progress: FAILED, code: result.code } : result);
  for (let at = 1; at < bytes.length; at++)
    assert.deepEqual(
      of(read([bytes.subarray(0, at), bytes.subarray(at)], ends, options)),
      mark,
      `cut at ${at} of ${JSON.stringify(text)}`,
    );
  assert.deepEqual(
    of(
      read(
        [...bytes].map((octet) => Buffer.of(octet)),
        ends,
        options,
      ),
    ),
    mark,
    `octets of ${JSON.stringify(text)}`,
  );
  return whole;
}

const chunked = (body: string, more = ''): string =>
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n${more}\r\n${body}`;
const counted = (length: number, body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${body}`;

describe('chunks', () => {
  for (const [what, body, expected] of [
    ['with sizes in both cases', 'a\r\n0123456789\r\nB\r\n0123456789x\r\n0\r\n\r\n', '01234567890123456789x'],
    ['with leading zeros', '0003\r\nabc\r\n000\r\n\r\n', 'abc'],
    ['with extensions', '3;a;b=c;d="e;f"\r\nabc\r\n0;last\r\n\r\n', 'abc'],
    ['with blanks behind the size', '3 \t\r\nabc\r\n0 \r\n\r\n', 'abc'],
    ['with bare line feeds behind sizes', '3\nabc\r\n0\n\n', 'abc'],
    ['with trailers', '1\r\na\r\n0\r\nX: y\r\nSet-Cookie: z\r\n folded\r\n\r\n', 'a'],
    ['that look like the end', '5\r\n0\r\n\r\n\r\n0\r\n\r\n', '0\r\n\r\n'],
    ['of none', '0\r\n\r\n', ''],
  ] as const)
    it(what, () => {
      const result = readAll(chunked(body));
      assert.deepEqual([result.progress, result.body, result.reusable], [DONE, expected, true]);
      assert.equal(readAll(chunked(body), false, { keep: false }).pieces, expected);
      // Each beginning waits for more, and is an end too early.
      const whole = chunked(body);
      for (let end = 1; end < whole.length; end++) {
        const bytes = Buffer.from(whole.slice(0, end), 'latin1');
        assert.equal(read([bytes], false).progress, MORE, `the first ${end}`);
        assert.equal(read([bytes], true).code, 1040, `the first ${end}, ended`);
      }
    });

  for (const [what, body] of [
    ['with a sign', '+3\r\nabc\r\n0\r\n\r\n'],
    ['in another base', '0x3\r\nabc\r\n0\r\n\r\n'],
    ['without a size', '\r\nabc\r\n0\r\n\r\n'],
    ['with an extension alone', ';a=b\r\nabc\r\n0\r\n\r\n'],
    ['with a blank before the size', ' 3\r\nabc\r\n0\r\n\r\n'],
    ['with more than the size', '3 4\r\nabc\r\n0\r\n\r\n'],
    ['with a size beyond all measure', 'ffffffffffffffff\r\nabc'],
    ['longer than they say', '2\r\nabc\r\n0\r\n\r\n'],
    ['shorter than they say', '4\r\nabc\r\n0\r\n\r\n'],
    ['that end in a carriage return alone', '3\r\nabc\r0\r\n\r\n'],
    ['that end in a line feed alone', '3\r\nabc\n0\r\n\r\n'],
    ['with a trailer that is none', '0\r\nno trailer\r\n\r\n'],
    ['with a control character in a trailer', '0\r\nX: \0\r\n\r\n'],
  ] as const)
    it(`${what} are malformed`, () => {
      assert.equal(readAll(chunked(body)).code, 1041);
    });

  it('beside a length are taken, and the connection is not used again', () => {
    const result = readAll(chunked('1\r\na\r\n0\r\n\r\n', 'Content-Length: 1\r\n'));
    assert.deepEqual([result.progress, result.body, result.reusable], [DONE, 'a', false]);
  });

  it('with a line that has no end are refused', () => {
    const line = Buffer.from(`3;${'x'.repeat(1000)}`);
    const parser = new ResponseParser();
    parser.reset(false, true);
    parser.push(Buffer.from(chunked('')));
    let progress: number = MORE;
    let pushed = 0;
    for (; progress === MORE && pushed < 100; pushed++) progress = parser.push(line);
    assert.deepEqual([progress, parser.errorCode], [FAILED, 1041]);
    assert.ok(pushed < 20, `${pushed} pieces`);
  });
});

describe('a length', () => {
  it('of more than comes waits, and the end is too early', () => {
    assert.equal(readAll(counted(4, 'abc')).progress, MORE);
    assert.equal(readAll(counted(4, 'abc'), true).code, 1040);
  });

  it('of less than comes ends the body there, and the connection is not used again', () => {
    for (const keep of [true, false]) {
      const result = readAll(counted(2, 'abc'), false, { keep });
      assert.deepEqual([result.progress, keep ? result.body : result.pieces, result.reusable], [DONE, 'ab', false]);
    }
    assert.equal(readAll(counted(0, 'x')).reusable, false);
    assert.equal(readAll('HTTP/1.1 204 No Content\r\n\r\nx').reusable, false);
    assert.equal(readAll(counted(5, 'x'), false, { isHead: true }).reusable, false);
  });

  it('is kept to at the sizes where memory is taken in another way', () => {
    for (const size of [1, 2047, 2048, 2049, 4096, 8191, 8192, 8193, 70_000, 1024 * 1024 + 1]) {
      const body = Buffer.alloc(size, 'ab');
      const head = Buffer.from(counted(size, ''));
      for (const pieces of [
        [Buffer.concat([head, body])],
        [head, body],
        [head, body.subarray(0, size >> 1), body.subarray(size >> 1)],
      ]) {
        const parser = new ResponseParser();
        parser.reset(false, true);
        const progress = pieces.map((piece) => parser.push(piece)).at(-1);
        assert.equal(progress, DONE, `${size} in ${pieces.length}`);
        assert.ok(parser.body?.equals(body), `${size} in ${pieces.length}`);
      }
    }
  });
});

describe('bodies that repeat', () => {
  it('are told apart by one octet, and by the head before them', () => {
    const parser = new ResponseParser();
    for (const [head, body] of [
      ['A: 1', 'same'],
      ['A: 1', 'sane'],
      ['A: 2', 'same'],
      ['B: 1', 'same'],
      ['A: 1', 'same'],
    ] as const)
      for (let round = 0; round < 2; round++) {
        parser.reset(false, true);
        assert.equal(parser.push(Buffer.from(`HTTP/1.1 200 OK\r\n${head}\r\nContent-Length: 4\r\n\r\n${body}`)), DONE);
        assert.deepEqual([parser.body?.toString(), parser.headers.list[0]?.join(': ')], [body, head]);
      }
  });

  it('after a head that is known are judged by the request at hand', () => {
    const bytes = Buffer.from(counted(4, 'body'));
    const parser = new ResponseParser();
    for (const isHead of [false, true, false]) {
      parser.reset(isHead, true);
      assert.equal(parser.push(isHead ? bytes.subarray(0, -4) : bytes), DONE);
      assert.equal(parser.body?.toString() ?? null, isHead ? null : 'body');
    }
  });
});

describe('interim responses', () => {
  it('of any kind go before the final one; 101 is final', () => {
    const final = counted(2, 'ok');
    const interim =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nA: b\r\n\r\nHTTP/1.1 199\r\nContent-Length: 7\r\n\r\n';
    const result = readAll(interim + final);
    assert.deepEqual([result.progress, result.status, result.body, result.reusable], [DONE, 200, 'ok', true]);
    const switched = readAll('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n');
    assert.deepEqual([switched.progress, switched.status, switched.body, switched.reusable], [DONE, 101, null, false]);
  });

  it('alone are no answer', () => {
    assert.equal(readAll('HTTP/1.1 100 Continue\r\n\r\n').progress, MORE);
    assert.equal(readAll('HTTP/1.1 100 Continue\r\n\r\n', true).code, 1040);
    assert.equal(readAll('HTTP/1.1 100 Continue\r\n\r\nHTTP/2 200\r\n\r\n').code, 1041);
  });

  it('without end are refused at the size of the largest head, however they are cut', () => {
    const heads = Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n'.repeat(2000));
    for (const size of [heads.length, 70_001, 1 << 16]) {
      const parser = new ResponseParser();
      parser.reset(false, true);
      let progress: number = MORE;
      let pushed = 0;
      for (let at = 0; progress === MORE && pushed < 1 << 25; pushed += size, at = (at + size) % heads.length)
        progress = parser.push(Buffer.concat([heads, heads]).subarray(at, at + size));
      assert.deepEqual([progress, parser.errorCode], [FAILED, 1042], String(size));
      assert.ok(pushed < MAX_HEAD_BYTES + 2 * heads.length, `${pushed} octets`);
    }
  });

  it('of one response are nothing to the next', () => {
    const parser = new ResponseParser();
    const most = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'.repeat(MAX_HEAD_BYTES / 32));
    for (let round = 0; round < 3; round++) {
      parser.reset(false, true);
      assert.equal(parser.push(most), MORE);
      assert.equal(parser.push(Buffer.from(counted(2, 'ok'))), DONE);
    }
  });
});

describe('memory for bodies', () => {
  const MB = 1024 * 1024;
  const head = (length: number): Buffer => Buffer.from(counted(length, ''));

  it('is given back when a body is read, given up, or fails', () => {
    let taken = 0;
    const budget = new BodyBudget(8 * MB, (by) => (taken += by));
    const parser = new ResponseParser(budget);
    for (const ending of ['whole', 'given up', 'cut off', 'begun anew']) {
      parser.reset(false, true);
      parser.push(head(3 * MB));
      parser.push(Buffer.alloc(2 * MB));
      assert.ok(taken >= 2 * MB, ending);
      if (ending === 'whole') assert.equal(parser.push(Buffer.alloc(MB)), DONE);
      else if (ending === 'given up') parser.abandon();
      else if (ending === 'cut off') assert.equal(parser.end(), FAILED);
      else parser.reset(false, true);
      assert.equal(taken, 0, ending);
    }
  });

  it('is refused for one body at its length, and for several together', () => {
    let taken = 0;
    const shared = (): BodyBudget => new BodyBudget(4 * MB, (by) => (taken += by));
    const alone = new ResponseParser(shared());
    alone.reset(false, true);
    assert.deepEqual([alone.push(head(4 * MB + 1)), alone.errorCode, taken], [FAILED, 1702, 0]);
    const [one, two] = [new ResponseParser(shared()), new ResponseParser(shared())];
    for (const parser of [one, two]) {
      parser.reset(false, true);
      assert.equal(parser.push(head(3 * MB)), MORE);
    }
    assert.equal(one.push(Buffer.alloc(2 * MB)), MORE);
    assert.deepEqual([two.push(Buffer.alloc(2 * MB + MB / 2)), two.errorCode], [FAILED, 1702]);
    assert.equal(one.push(Buffer.alloc(MB)), DONE);
    assert.equal(taken, 0);
  });

  it('is not asked for bodies that are not kept', () => {
    const parser = new ResponseParser(new BodyBudget(10));
    parser.reset(false, false);
    assert.equal(parser.push(Buffer.concat([head(MB), Buffer.alloc(MB)])), DONE);
    parser.reset(false, true);
    assert.equal(parser.push(Buffer.from(counted(11, 'x'.repeat(11)))), FAILED);
    assert.equal(
      parser.errorMessage,
      'response body over the limit of 10 bytes, all bodies in progress counted (option maxResponseBytes)',
    );
  });
});
