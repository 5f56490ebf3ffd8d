// Where a text stops being JSON (RFC 8259): V8 tells the position for some errors only, and k6 always.

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const NUMBER_BEGUN = /-?(?:(?:0|[1-9]\d*)(?:\.\d*(?:(?<=\d)[eE][+-]?\d*)?|[eE][+-]?\d*)?)?/y;
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const ESCAPE_BEGUN = /\\(?:u[0-9a-fA-F]{0,3})?/y;
const LITERALS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

/**
 * The offset of the first character that no JSON text could have there; the length of the text where it only ends too early.
 * For text that is not JSON: what is, is walked to its end.
 */
export function findJsonError(text: string): number {
  return new Scanner(text).run();
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): number {
    /** What closes the objects and arrays that are open. */
    const open: string[] = [];
    let wanted: 'value' | 'value or end' | 'key' | 'key or end' | 'separator' = 'value';
    for (;;) {
      this.#skip(SPACE);
      const char = this.#text[this.#at];
      if (char === undefined) return this.#at;
      const isEnd: boolean = char === open.at(-1) && wanted !== 'value' && wanted !== 'key';
      if (isEnd) {
        open.pop();
        this.#at++;
        wanted = 'separator';
      } else if (wanted === 'separator') {
        if (char !== ',' || open.length === 0) return this.#at;
        this.#at++;
        wanted = open.at(-1) === '}' ? 'key' : 'value';
      } else if (wanted === 'key' || wanted === 'key or end') {
        if (char !== '"' || !this.#string()) return this.#at;
        this.#skip(SPACE);
        if (this.#text[this.#at] !== ':') return this.#at;
        this.#at++;
        wanted = 'value';
      } else if (char === '{' || char === '[') {
        open.push(char === '{' ? '}' : ']');
        this.#at++;
        wanted = char === '{' ? 'key or end' : 'value or end';
      } else {
        if (!this.#scalar(char)) return this.#at;
        wanted = 'separator';
      }
    }
  }

  #scalar(char: string): boolean {
    if (char === '"') return this.#string();
    const literal = LITERALS[char];
    if (literal !== undefined) {
      for (const letter of literal) {
        if (this.#text[this.#at] !== letter) return false;
        this.#at++;
      }
      return true;
    }
    // As far as a number may go on: `1.` and `1e` are the beginning of one, and what follows is the mistake.
    const start = this.#at;
    if (!this.#skip(NUMBER_BEGUN)) return false;
    return NUMBER.test(this.#text.slice(start, this.#at));
  }

  /** Walks over a string; false at the character that cannot be in it, or at the end of the text. */
  #string(): boolean {
    this.#at++;
    for (;;) {
      this.#skip(PLAIN_TEXT);
      const char = this.#text[this.#at];
      if (char === '"') {
        this.#at++;
        return true;
      }
      if (char !== '\\') return false;
      if (!this.#skip(ESCAPE)) {
        this.#skip(ESCAPE_BEGUN);
        return false;
      }
    }
  }

  /** Moves behind what matches here. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }
}
