// The words of .proto text (protobuf.dev "Protocol Buffers Language Specification", lexical elements).

export type TokenKind = 'word' | 'int' | 'float' | 'string' | 'symbol' | 'end';

/** Tells what is wrong at an offset of the text. */
export type Fail = (at: number, message: string) => never;

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};

/** One token at a time: `kind`, `text` (a string's value, anything else as written), `start` and `end`. */
export class ProtoLexer {
  kind: TokenKind = 'end';
  text = '';
  start = 0;
  end = 0;
  readonly #source: string;
  readonly #fail: Fail;

  constructor(source: string, fail: Fail) {
    this.#source = source;
    this.#fail = fail;
    if (source.charCodeAt(0) === 0xfeff) this.end = 1;
    this.next();
  }

  next(): void {
    const source = this.#source;
    const at = this.#skipBlanks(this.end);
    this.start = at;
    if (at >= source.length) {
      this.kind = 'end';
      this.text = '';
      this.end = at;
      return;
    }
    const code = source.charCodeAt(at);
    if (isLetter(code)) {
      let end = at + 1;
      while (isLetter(source.charCodeAt(end)) || isDigit(source.charCodeAt(end))) end++;
      this.#take('word', end);
    } else if (isDigit(code) || (code === 46 && isDigit(source.charCodeAt(at + 1)))) this.#number(at);
    else if (code === 34 || code === 39) this.#string(at, code);
    else if (code > 126 || !'{}[]()<>=;:,.-/'.includes(source[at]!)) {
      this.#fail(
        at,
        `syntax error: invalid character ${JSON.stringify(String.fromCodePoint(source.codePointAt(at)!))}`,
      );
    } else this.#take('symbol', at + 1);
  }

  #take(kind: TokenKind, end: number): void {
    this.kind = kind;
    this.text = this.#source.slice(this.start, end);
    this.end = end;
  }

  #skipBlanks(from: number): number {
    const source = this.#source;
    let at = from;
    for (;;) {
      const code = source.charCodeAt(at);
      if (code === 32 || (code >= 9 && code <= 13)) at++;
      else if (code === 47 && source.charCodeAt(at + 1) === 47) {
        const line = source.indexOf('\n', at);
        at = line < 0 ? source.length : line + 1;
      } else if (code === 47 && source.charCodeAt(at + 1) === 42) {
        const close = source.indexOf('*/', at + 2);
        if (close < 0) this.#fail(at, 'syntax error: the comment is never closed');
        at = close + 2;
      } else return at;
    }
  }

  #number(at: number): void {
    const pattern = /0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
    pattern.lastIndex = at;
    const text = pattern.exec(this.#source)![0];
    const end = at + text.length;
    if (isLetter(this.#source.charCodeAt(end)))
      this.#fail(end, 'syntax error: a space has to be between a number and a word');
    const whole = /^(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(text);
    if (!whole && /^\d+$/.test(text)) this.#fail(at, `syntax error: invalid octal number ${text}`);
    this.#take(whole ? 'int' : 'float', end);
  }

  #string(start: number, quote: number): void {
    const source = this.#source;
    let at = start + 1;
    let from = at;
    /** Undefined while nothing is escaped. */
    let parts: Buffer[] | undefined;
    for (;;) {
      const code = source.charCodeAt(at);
      if (Number.isNaN(code) || code === 10) this.#fail(at, 'syntax error: the string is not closed on its line');
      if (code === 0) this.#fail(at, 'syntax error: a null character in a string has to be escaped');
      if (code === quote) break;
      if (code !== 92) {
        at++;
        continue;
      }
      parts ??= [];
      parts.push(Buffer.from(source.slice(from, at)));
      const [bytes, end] = this.#escape(at);
      parts.push(bytes);
      at = from = end;
    }
    const rest = source.slice(from, at);
    this.kind = 'string';
    this.text = parts ? Buffer.concat([...parts, Buffer.from(rest)]).toString('utf8') : rest;
    this.end = at + 1;
  }

  #escape(at: number): [bytes: Buffer, end: number] {
    const source = this.#source;
    const simple = ESCAPES[source[at + 1] ?? ''];
    if (simple !== undefined) return [Buffer.of(simple), at + 2];
    // A character beyond 16 bits may be written as the pair that UTF-16 has for it, as protoc takes it.
    const pair = /\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/y;
    pair.lastIndex = at;
    const both = pair.exec(source);
    if (both) {
      const text = String.fromCharCode(Number.parseInt(both[1]!, 16), Number.parseInt(both[2]!, 16));
      return [Buffer.from(text), at + both[0].length];
    }
    const pattern = /\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    const value = found ? Number.parseInt((found[2] ?? found[3] ?? found[4] ?? found[1])!, found[1] ? 8 : 16) : -1;
    const byte = found?.[1] !== undefined || found?.[2] !== undefined;
    if (!found || value > (byte ? 255 : 0x10ffff)) this.#fail(at, 'syntax error: invalid escape sequence in a string');
    return [byte ? Buffer.of(value) : Buffer.from(String.fromCodePoint(value)), at + found![0].length];
  }
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
