import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Head, INCOMPLETE, MALFORMED } from './head-scanner.ts';
import { parseHeaderLines } from './header-lines.ts';
import { ReceivedHeaders } from './received-headers.ts';

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
function scan(text: string): Head {
  const head = new Head();
  const bytes = bytesOf(`xx${text}yy`);
  const end = head.scan(bytes, 2, bytes.length - 2);
  assert.ok(end === MALFORMED || end === bytes.length - 2, `${JSON.stringify(text)}: ${end}`);
  return head;
}
const withFields = (...lines: string[]): Head =>
  scan(`HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`);

describe('a status line', () => {
  for (const [line, status, version, reason] of [
    ['HTTP/1.1 200 OK', 200, 11, 'OK'],
    ['HTTP/1.0 404 Not Found', 404, 10, 'Not Found'],
    ['HTTP/1.1 999 ', 999, 11, ''],
    ['HTTP/1.1 100', 100, 11, ''],
    ['HTTP/1.1 200  two  blanks ', 200, 11, ' two  blanks '],
    ['HTTP/1.7 200 OK', 200, 11, 'OK'],
    ['HTTP/1.1 200 \tOK\xe9', 200, 11, '\tOK\xe9'],
  ] as const)
    it(`${JSON.stringify(line)} is read, with both ends of lines`, () => {
      for (const end of ['\r\n', '\n']) {
        const text = `${line}${end}${end}`;
        const head = new Head();
        assert.equal(head.scan(bytesOf(text), 0, text.length), text.length);
        assert.deepEqual([head.status, head.version], [status, version]);
        assert.equal(text.slice(head.reasonStart, head.reasonEnd), reason);
      }
    });

  for (const line of [
    'http/1.1 200 OK',
    'HTTP/2 200 OK',
    'HTTP/1.1  200 OK',
    'HTTP/1.1\t200 OK',
    'HTTP/1.x 200 OK',
    'HTTP/1.10 200 OK',
    'HTTP/1.1 099 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 200OK',
    'HTTP/1.1 -20 OK',
    'HTTP/1.1 200 O\0K',
    'HTTP/1.1 200 O\rK',
    ' HTTP/1.1 200 OK',
    'HTTP/1.1 ２00 OK',
    '',
  ])
    it(`${JSON.stringify(line)} is malformed, and no beginning of it is anything else than that or incomplete`, () => {
      const text = `${line}\r\n\r\n`;
      const head = new Head();
      const bytes = bytesOf(text);
      assert.equal(head.scan(bytes, 0, bytes.length), MALFORMED);
      assert.match(head.fault, /malformed/);
      for (let end = 0; end < bytes.length; end++) assert.ok(head.scan(bytes, 0, end) < 0, `the first ${end}`);
    });

  it('is incomplete at every place before its end, whatever lies behind', () => {
    const bytes = bytesOf('HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n');
    const end = bytes.indexOf('\r\n\r\n') + 4;
    const head = new Head();
    for (let at = 0; at < end; at++) assert.equal(head.scan(bytes, 0, at), INCOMPLETE, `the first ${at}`);
    for (let at = end; at <= bytes.length; at++) assert.equal(head.scan(bytes, 0, at), end);
  });
});

describe('a field', () => {
  it('has a name of token characters, and a value without control characters', () => {
    const tokens = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (let octet = 0; octet < 256; octet++) {
      const char = String.fromCharCode(octet);
      const named = new Head();
      const inName = bytesOf(`HTTP/1.1 200 OK\r\nx${char}y: v\r\n\r\n`);
      // A colon ends the name, and the rest is the value.
      assert.equal(
        named.scan(inName, 0, inName.length) > 0,
        tokens.includes(char) || char === ':',
        `name with ${octet}`,
      );
      const valued = new Head();
      const inValue = bytesOf(`HTTP/1.1 200 OK\r\nx: a${char}b\r\n\r\n`);
      const isFine = octet === 9 || (octet >= 32 && octet !== 127);
      // A line feed ends the line, and `b` alone is no field.
      assert.equal(valued.scan(inValue, 0, inValue.length) > 0, isFine, `value with ${octet}`);
      assert.equal(valued.wide, isFine && octet > 127, `wide with ${octet}`);
    }
  });

  it('that goes on behind a fold decides on the framing as one line does', () => {
    assert.equal(withFields('Content-Length:', ' 5').contentLength, 5);
    assert.equal(withFields('Content-Length: 5', '\t', ' ').contentLength, 5);
    assert.equal(withFields('Transfer-Encoding:', '  chunked').chunked, true);
    assert.equal(withFields('Connection: Upgrade,', '\tclose').close, true);
    assert.equal(withFields('Connection:', ' keep-alive').keepAlive, true);
    for (const lines of [
      ['Content-Length: 5', ' 0'],
      ['Content-Length: 5', ' , 5'],
      ['Transfer-Encoding: chunked', ' , gzip'],
      ['Content-Length:', ' '],
    ])
      assert.notEqual(withFields(...lines).fault, '', lines.join('|'));
  });

  it('that may go on is incomplete until the next line begins', () => {
    const head = new Head();
    const bytes = bytesOf('HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n');
    for (let at = 0; at < bytes.length; at++) assert.equal(head.scan(bytes, 0, at), INCOMPLETE, `the first ${at}`);
    assert.equal(head.scan(bytes, 0, bytes.length), bytes.length);
  });

  it('is malformed without a colon, without a name, or with a blank before the colon', () => {
    for (const line of ['nocolon', ': v', ' : v', 'a b: v', 'a : v', 'a\t: v'])
      assert.match(withFields(line).fault, /malformed header/, line);
  });

  it('of a length is one number, perhaps repeated, of blanks and digits', () => {
    for (const [value, length] of [
      ['0', 0],
      [' 5', 5],
      ['\t 5 \t', 5],
      ['0005', 5],
      ['999999999999999', 999_999_999_999_999],
    ] as const)
      assert.equal(withFields(`Content-Length:${value}`).contentLength, length, value);
    assert.equal(withFields('content-LENGTH: 5', 'Content-Length: 5').contentLength, 5);
    for (const lines of [
      ['Content-Length:'],
      ['Content-Length: 1000000000000000'],
      ['Content-Length: +1'],
      ['Content-Length: 1 2'],
      ['Content-Length: 5, 5'],
      ['Content-Length: 0x5'],
      ['Content-Length: 5.'],
      ['Content-Length: ٥'],
      ['Content-Length: 5', 'Content-Length: 05x'],
      ['Content-Length: 5', 'Content-Length: 6'],
    ])
      assert.match(withFields(...lines).fault, /bad Content-Length/, lines.join());
    assert.equal(withFields('Content-Lengths: x', 'X-Content-Length: y').contentLength, -1);
  });

  it('of a transfer coding is chunked, once', () => {
    assert.equal(withFields('Transfer-Encoding:  Chunked ').chunked, true);
    assert.equal(withFields('Transfer-Encodings: x').chunked, false);
    for (const lines of [['gzip'], ['gzip, chunked'], ['chunked, chunked'], ['identity'], ['']].map(([value]) => [
      `Transfer-Encoding: ${value}`,
    ]))
      assert.match(withFields(...lines).fault, /unsupported transfer encoding/, lines.join());
    assert.match(withFields('Transfer-Encoding: chunked', 'transfer-encoding: chunked').fault, /unsupported/);
  });

  it('of the connection is a list of options in any case', () => {
    for (const [lines, close, keepAlive] of [
      [['Connection: close'], true, false],
      [['connection:CLOSE'], true, false],
      [['Connection: keep-alive'], false, true],
      [['Connection: Keep-Alive'], false, true],
      [['Connection:keep-alive '], false, true],
      [['Connection: upgrade, \tclose ,x'], true, false],
      [['Connection: keep-alive', 'Connection: close'], true, true],
      [['Connection: closed, keep-alive-x'], false, false],
      [['Connection:'], false, false],
      [['Connections: close'], false, false],
    ] as const) {
      const head = withFields(...lines);
      assert.deepEqual([head.close, head.keepAlive], [close, keepAlive], lines.join(' | '));
    }
  });

  it('leaves nothing behind for the next head', () => {
    const head = new Head();
    const first = bytesOf(
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close, keep-alive\r\nX: \xe9\r\n\r\n',
    );
    head.scan(first, 0, first.length);
    const second = bytesOf('HTTP/1.1 200 OK\r\n\r\n');
    head.scan(second, 0, second.length);
    assert.deepEqual(
      [head.contentLength, head.chunked, head.close, head.keepAlive, head.wide, head.fault],
      [-1, false, false, false, false, ''],
    );
  });
});

describe('header lines', () => {
  it('become names and values, blanks around them gone, folds one blank', () => {
    const cases: [lines: string, list: [string, string][]][] = [
      ['', []],
      ['A: b\r\n', [['A', 'b']]],
      [
        'A:b\nC:d',
        [
          ['A', 'b'],
          ['C', 'd'],
        ],
      ],
      [
        'A:\r\nB: \t \r\n',
        [
          ['A', ''],
          ['B', ''],
        ],
      ],
      ['A: b: c\r\n', [['A', 'b: c']]],
      ['A: b\r\n c\r\n\t d \r\n', [['A', 'b c d']]],
      ['A:\r\n b\r\n', [['A', 'b']]],
      [
        'A: b\r\n \r\nC: d\r\n',
        [
          ['A', 'b'],
          ['C', 'd'],
        ],
      ],
      ['A: \u00a0b\u00a0\r\n', [['A', '\u00a0b\u00a0']]],
      [
        'A: 1\r\nA: 2\r\na: 3\r\n',
        [
          ['A', '1'],
          ['A', '2'],
          ['a', '3'],
        ],
      ],
    ];
    for (const [lines, list] of cases) assert.deepEqual(parseHeaderLines(lines), list, JSON.stringify(lines));
  });

  it('are asked for a name without being taken apart, and never miss one', () => {
    const names = ['set-cookie', 'content-encoding', 'x', 'a-b'];
    for (const lines of [
      'Set-Cookie: a\r\nX: y\r\n',
      'X: set-cookie: a\r\nA-B: c',
      'SET-COOKIE:a',
      'Content-Encoding: gzip\n',
      'set-cookie2: a\r\nx-set-cookie: b\r\ncontent-encodings: c\r\n',
      'Y: a\r\n set-cookie: folded\r\n',
      '',
    ]) {
      const list = parseHeaderLines(lines);
      for (const name of names) {
        const isThere = list.some(([key]) => key.toLowerCase() === name);
        assert.equal(new ReceivedHeaders(lines).mayHave(name), isThere, `${name} in ${JSON.stringify(lines)}`);
        assert.equal(new ReceivedHeaders(list).mayHave(name), isThere);
      }
    }
    const received = new ReceivedHeaders('Set-Cookie: a\r\n');
    assert.deepEqual(
      [received.setsCookies, received.isCoded, received.list.length, received.setsCookies],
      [true, false, 1, true],
    );
  });
});
