// A source map for compiled code, so that a debugger shows and stops in the files as the user wrote them.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Program } from '../program.ts';
import { traceOffset } from '../runtime/stack.ts';
import { findLineStarts } from './line-starts.ts';

/** Where a debugger may want to stop or look something up: words, and marks that begin something. */
const TOKEN = /[A-Za-z_$][\w$]*|\d[\w.]*|[^\s\w]/g;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** @returns the program's code with its map behind it (Source Map specification, ECMA-426), in a comment that debuggers read */
export function withSourceMap(program: Program): string {
  const map = new MapWriter(program);
  const { segments, code } = program;
  for (let i = 0; i < segments.length; i += 3) {
    const [generated, source, length] = [segments[i]!, segments[i + 1]!, segments[i + 2]!];
    for (const { index } of code.slice(generated, generated + length).matchAll(TOKEN))
      map.add(generated + index, source + index);
  }
  const text = Buffer.from(JSON.stringify(map.finish())).toString('base64');
  return `${code}\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${text}`;
}

class MapWriter {
  readonly #program: Program;
  /** Offsets at which the lines of the code begin. */
  readonly #starts: Int32Array;
  readonly #sources = new Map<string, number>();
  #mappings = '';
  #line = 0;
  /** What the last mapping said: the format holds differences. */
  #last = { generatedColumn: 0, source: 0, line: 0, column: 0 };

  constructor(program: Program) {
    this.#program = program;
    this.#starts = findLineStarts(program.code);
  }

  /** @param offset in the code, behind those before @param source of the same text in what was compiled */
  add(offset: number, source: number): void {
    const place = traceOffset(this.#program, source) ?? this.#beforeStart(source);
    if (place === null) return;
    while (this.#line + 1 < this.#starts.length && this.#starts[this.#line + 1]! <= offset) {
      this.#line++;
      this.#mappings += ';';
      this.#last.generatedColumn = 0;
    }
    if (this.#mappings !== '' && !this.#mappings.endsWith(';')) this.#mappings += ',';
    const known = this.#sources.get(place.file);
    const index = known ?? this.#sources.size;
    if (known === undefined) this.#sources.set(place.file, index);
    const next = {
      generatedColumn: offset - this.#starts[this.#line]!,
      source: index,
      line: place.line - 1,
      column: place.column - 1,
    };
    const last = this.#last;
    this.#mappings +=
      encode(next.generatedColumn - last.generatedColumn) +
      encode(next.source - last.source) +
      encode(next.line - last.line) +
      encode(next.column - last.column);
    this.#last = next;
  }

  finish(): object {
    const files = [...this.#sources.keys()];
    return {
      version: 3,
      sources: files.map(toUrl),
      sourcesContent: files.map((file) => this.#contentOf(file)),
      names: [],
      mappings: this.#mappings,
    };
  }

  /** What was put before the script's first line stands for that. */
  #beforeStart(source: number): { file: string; line: number; column: number } | null {
    const { origin, lineStarts } = this.#program;
    const before = lineStarts[origin.lineOffset] ?? 0;
    return source < before ? { file: origin.file, line: 1, column: 1 } : null;
  }

  #contentOf(file: string): string | null {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      // From the web or standard input: the bundler may have kept it.
      const { sources, sourcesContent } = JSON.parse(this.#program.origin.map ?? '{}') as {
        sources?: string[];
        sourcesContent?: (string | null)[];
      };
      const at = sources?.findIndex((source) => source.endsWith(file)) ?? -1;
      return sourcesContent?.[at] ?? null;
    }
  }
}

function toUrl(file: string): string {
  if (file === '-') return 'stdin.js';
  return file.startsWith('https:') ? file : pathToFileURL(file).href;
}

/** A whole number as base-64 digits of five bits each, the least first, its sign in the lowest bit. */
function encode(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}
