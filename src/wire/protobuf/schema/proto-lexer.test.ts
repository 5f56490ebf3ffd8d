// Words of .proto text, as the specification of the language and protoc's tokenizer have them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProtoLexer, type TokenKind } from './proto-lexer.ts';

class Fault extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

function tokens(text: string): [kind: TokenKind, text: string][] {
  const found: [TokenKind, string][] = [];
  const lexer = new ProtoLexer(text, (at, message) => {
    throw new Fault(at, message);
  });
  for (; lexer.kind !== 'end'; lexer.next()) {
    found.push([lexer.kind, lexer.text]);
    if (lexer.kind !== 'string') assert.equal(text.slice(lexer.start, lexer.end), lexer.text);
  }
  assert.equal(lexer.text, '');
  return found;
}
const only = (text: string): [kind: TokenKind, text: string] => {
  const [first, ...rest] = tokens(text);
  assert.deepEqual(rest, [], text);
  return first!;
};
const refused = (text: string, at: number, message: RegExp): void =>
  assert.throws(
    () => tokens(text),
    (error) => {
      assert.ok(error instanceof Fault, `${text}: ${String(error)}`);
      assert.equal(error.at, at, text);
      assert.match(error.message, message);
      return true;
    },
    text,
  );

describe('words and symbols', () => {
  test('end where another kind begins', () => {
    assert.deepEqual(
      tokens('message _M1{a.b=-.5;}').map(([, text]) => text),
      ['message', '_M1', '{', 'a', '.', 'b', '=', '-', '.5', ';', '}'],
    );
  });

  test('are parted by blanks and comments of both kinds, which may be anything', () => {
    for (const blank of [' ', '\t', '\n', '\r\n', '\v', '\f', '// é " /*\n', '/**/', '/* // \n " */', '/***/', '//\n'])
      assert.deepEqual(
        tokens(`a${blank}b`).map(([, text]) => text),
        ['a', 'b'],
        JSON.stringify(blank),
      );
    assert.deepEqual(tokens('a // to the end of the file'), [['word', 'a']]);
    assert.deepEqual(tokens(''), []);
    assert.deepEqual(tokens('\ufeffsyntax'), [['word', 'syntax']]);
  });

  test('that there are not are refused where they stand', () => {
    refused('a $', 2, /invalid character "\$"/);
    refused('é', 0, /invalid character "é"/);
    refused('a 😀', 2, /invalid character "😀"/);
    refused('a\0', 1, /invalid character/);
    refused('a \ufeff', 2, /invalid character/);
    refused('a /* b * /', 2, /never closed/);
    refused('a /*/', 2, /never closed/);
  });
});

describe('numbers', () => {
  test('are whole in base 8, 10 and 16, and all others fractions', () => {
    for (const text of ['0', '7', '10', '007', '0x1F', '0XaB', '18446744073709551616'])
      assert.deepEqual(only(text), ['int', text]);
    for (const text of ['1.', '.5', '1.5', '1e3', '1E+3', '1.5e-3', '0.', '0e1', '08.5', '00.1'])
      assert.deepEqual(only(text), ['float', text]);
  });

  test('that are none are refused', () => {
    refused('08', 0, /invalid octal number 08/);
    refused('0x', 1, /a space has to be/);
    refused('0xg', 1, /a space has to be/);
    refused('1a', 1, /a space has to be/);
    refused('1e', 1, /a space has to be/);
    refused('1e+', 1, /a space has to be/);
    refused('0x1G', 3, /a space has to be/);
    refused('1.5f', 3, /a space has to be/);
  });
});

describe('strings', () => {
  test('stand in either quotes, and hold the other kind', () => {
    assert.deepEqual(only(`"it's"`), ['string', "it's"]);
    assert.deepEqual(only(`'say "x"'`), ['string', 'say "x"']);
    assert.deepEqual(tokens(`"a"'b'""`), [
      ['string', 'a'],
      ['string', 'b'],
      ['string', ''],
    ]);
    assert.deepEqual(only('"größe 😀"'), ['string', 'größe 😀']);
    assert.deepEqual(only('"// no /* comment"'), ['string', '// no /* comment']);
  });

  test('have the escapes of C, which are octets, and those of characters', () => {
    assert.equal(only(String.raw`"\a\b\f\n\r\t\v\\\'\"\?"`)[1], '\x07\b\f\n\r\t\v\\\'"?');
    assert.equal(only(String.raw`"\0\01\101\1012"`)[1], '\0\x01AA2');
    assert.equal(only(String.raw`"\x41\X4a\xc3\xa9\x4g"`)[1], 'AJé\x04g');
    assert.equal(only(String.raw`"\303\251"`)[1], 'é');
    assert.equal(only(String.raw`"é\u00e9\U0001F600z"`)[1], 'éé😀z');
  });

  test('may write a character beyond 16 bits as a pair of escapes', () => {
    assert.equal(only(String.raw`"\uD83D\uDE00!"`)[1], '😀!');
    // Half of a pair is no character.
    assert.equal(only(String.raw`"\uD83D!"`)[1], '\ufffd!');
  });

  test('that do not end, or hold what they must not, are refused', () => {
    refused('"a', 2, /not closed on its line/);
    refused('"a\n"', 2, /not closed on its line/);
    refused('\'a"', 3, /not closed on its line/);
    refused('"a\\', 2, /invalid escape/);
    refused(String.raw`"\q"`, 1, /invalid escape/);
    refused(String.raw`"\x"`, 1, /invalid escape/);
    refused(String.raw`"\u12"`, 1, /invalid escape/);
    refused(String.raw`"\U00110000"`, 1, /invalid escape/);
    refused(String.raw`"\400"`, 1, /invalid escape/);
    refused('"a\0"', 2, /null character/);
  });
});
