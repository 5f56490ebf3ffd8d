// Options and the small words of .proto text.
import { type Fail, ProtoLexer } from './proto-lexer.ts';
import type { NamePart, OptionMember, OptionSource, OptionValue } from './proto-syntax.ts';

const MAX_DEPTH = 100;
const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '<': '>' };

/** What every part of the grammar is made of; the statements are the derived parser's. */
export class OptionParser {
  protected readonly lexer: ProtoLexer;
  protected readonly fail: Fail;
  #depth = 0;

  constructor(text: string, fail: Fail) {
    this.fail = fail;
    this.lexer = new ProtoLexer(text, fail);
  }

  protected unexpected(expected: string): never {
    const { kind, text, start } = this.lexer;
    const got = kind === 'end' ? 'end of file' : kind === 'string' ? 'string' : `"${text}"`;
    return this.fail(start, `syntax error: unexpected ${got}, expecting ${expected}`);
  }

  /** Goes on where this symbol or word comes next. */
  protected taken(text: string): boolean {
    if (this.lexer.text !== text || this.lexer.kind === 'string') return false;
    this.lexer.next();
    return true;
  }

  protected expect(symbol: string): void {
    if (!this.taken(symbol)) this.unexpected(`"${symbol}"`);
  }

  protected word(what: string): string {
    const { kind, text } = this.lexer;
    if (kind !== 'word') this.unexpected(what);
    this.lexer.next();
    return text;
  }

  protected dottedName(what: string): string {
    let name = this.word(what);
    while (this.taken('.')) name += `.${this.word('a name')}`;
    return name;
  }

  protected typeName(what: string): string {
    return this.taken('.') ? `.${this.dottedName(what)}` : this.dottedName(what);
  }

  /** Neighbours are one. */
  protected string(what: string): string {
    if (this.lexer.kind !== 'string') this.unexpected(what);
    let value = '';
    while (this.lexer.kind === 'string') {
      value += this.lexer.text;
      this.lexer.next();
    }
    return value;
  }

  protected integer(what: string, max: number): number {
    const { kind, text, start } = this.lexer;
    if (kind !== 'int') this.unexpected(what);
    const value = Number(/^0[0-7]/.test(text) ? `0o${text.slice(1)}` : text);
    if (value > max) this.fail(start, `${text} is out of range: at most ${max}`);
    this.lexer.next();
    return value;
  }

  protected optionStatement(): OptionSource {
    this.lexer.next();
    const option = this.#option();
    this.expect(';');
    return option;
  }

  /** `[a = 1, (b).c = 2]`, or nothing. */
  protected fieldOptions(): OptionSource[] {
    const options: OptionSource[] = [];
    if (!this.taken('[')) return options;
    do options.push(this.#option());
    while (this.taken(','));
    this.expect(']');
    return options;
  }

  #option(): OptionSource {
    const name: NamePart[] = [];
    do {
      const at = this.lexer.start;
      const extension = this.taken('(');
      const text = extension ? this.typeName('the name of an option') : this.word('the name of an option');
      if (extension) this.expect(')');
      name.push({ text, extension, at });
    } while (this.taken('.'));
    this.expect('=');
    return { name, value: this.#value(false) };
  }

  /** @param nested in an aggregate, where lists and numbers like `1.5f` are allowed */
  #value(nested: boolean): OptionValue {
    const { start: at, kind, text } = this.lexer;
    if (kind === 'string') return { kind: 'string', text: this.string('a value'), at };
    if (text === '{' || (nested && text === '<')) return this.#aggregate();
    if (nested && text === '[') return this.#list();
    const sign = this.taken('-') ? '-' : '';
    const value = this.lexer.text;
    switch (this.lexer.kind) {
      case 'word':
        this.lexer.next();
        return sign === '' ? { kind: 'word', text: value, at } : { kind: 'number', text: `-${value}`, at };
      case 'int':
      case 'float':
        this.lexer.next();
        return { kind: 'number', text: sign + value, at };
      default:
        return this.unexpected('a value');
    }
  }

  #list(): OptionValue {
    const at = this.lexer.start;
    this.#enter(at);
    this.expect('[');
    const values: OptionValue[] = [];
    if (!this.taken(']')) {
      do values.push(this.#value(true));
      while (this.taken(','));
      this.expect(']');
    }
    this.#depth--;
    return { kind: 'list', values, at };
  }

  /** Deeper nesting is refused rather than running out of stack. */
  #enter(at: number): void {
    if (++this.#depth > MAX_DEPTH) this.fail(at, `values are nested more than ${MAX_DEPTH} deep`);
  }

  #aggregate(): OptionValue {
    const at = this.lexer.start;
    this.#enter(at);
    const closer = CLOSERS[this.lexer.text]!;
    this.lexer.next();
    const members: OptionMember[] = [];
    while (!this.taken(closer)) {
      members.push(this.#aggregateMember(closer));
      if (!this.taken(',')) this.taken(';');
    }
    this.#depth--;
    return { kind: 'aggregate', members, at };
  }

  #aggregateMember(closer: string): OptionMember {
    let name: string;
    const at = this.lexer.start;
    if (this.taken('[')) {
      name = this.dottedName('the name of an extension');
      if (this.taken('/')) name += `/${this.dottedName('the name of a type')}`;
      name = `[${name}]`;
      this.expect(']');
    } else name = this.word(`a name or "${closer}"`);
    const colon = this.taken(':');
    if (!colon && !['{', '<', '['].includes(this.lexer.text)) this.unexpected('":"');
    return { name, at, value: this.#value(true) };
  }
}
