// Where the text that is compiled comes from: line and column of the joined text → those of the user's own file.
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';

/** Plain data: it goes to the workers with the program. */
export interface CodeOrigin {
  /** What positions are in where there is no map; `-` for standard input. */
  readonly file: string;
  /** What the map's sources are relative to. */
  readonly folder: string;
  /** Lines put before the text. */
  readonly lineOffset: number;
  /** Lines of the text itself, where some are put behind it. */
  readonly lineCount?: number;
  /** Version 3 source map, JSON. */
  readonly map: string | null;
}

export interface OriginalPosition {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

const parsed = new WeakMap<CodeOrigin, SourceMap | null>();

/**
 * @param line 1-based, of the compiled text
 * @param column 1-based
 * @returns null for text that no file of the user's holds (what the bundler added)
 */
export function traceOrigin(origin: CodeOrigin, line: number, column: number): OriginalPosition | null {
  const ownLine = line - origin.lineOffset;
  if (ownLine < 1 || (origin.lineCount !== undefined && ownLine > origin.lineCount)) return null;
  const map = sourceMapOf(origin);
  if (!map) return { file: origin.file, line: ownLine, column };
  const entry = map.findEntry(ownLine - 1, column - 1);
  if (!('originalSource' in entry) || !entry.originalSource) return null;
  const isSameLine = entry.generatedLine === ownLine - 1;
  if (!isSameLine) return null; // a line of the bundler's own: the entry found belongs to an earlier one
  const source = entry.originalSource;
  const file = source === '-' || source.endsWith('<stdin>') ? '-' : fullName(source, origin.folder);
  return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/** A place in a file of a joined text. */
export interface SourcePlace {
  /** As the map calls the file. */
  readonly name: string;
  /** All of the file. */
  readonly text: string;
  /** 0-based. */
  readonly line: number;
  /** 0-based. */
  readonly column: number;
  /** Of the entry that the place was found by, 0-based: at or before the column asked for. */
  readonly generatedColumn: number;
}

/**
 * Where in a file with its own text a place of a joined text comes from.
 * @param line 1-based, of the compiled text
 * @param column 1-based
 * @returns null where the text was not joined, and for what no file holds
 */
export function findSource(origin: CodeOrigin, line: number, column: number): SourcePlace | null {
  const map = sourceMapOf(origin);
  if (!map) return null;
  const ownLine = line - origin.lineOffset - 1;
  const entry = map.findEntry(ownLine, column - 1);
  if (!('originalSource' in entry) || entry.generatedLine !== ownLine) return null;
  // A map of another tool's need not hold the texts.
  const { sources = [], sourcesContent } = map.payload as Partial<SourceMapPayload>;
  const text = sourcesContent?.[sources.indexOf(entry.originalSource)];
  if (typeof text !== 'string') return null;
  return {
    name: entry.originalSource,
    text,
    line: entry.originalLine,
    column: entry.originalColumn,
    generatedColumn: entry.generatedColumn,
  };
}

function fullName(source: string, folder: string): string {
  const address = /https:\/\/.*$/.exec(source);
  return address ? address[0] : path.resolve(folder, source.replace(/^file:\/\//, ''));
}

function sourceMapOf(origin: CodeOrigin): SourceMap | null {
  let map = parsed.get(origin);
  if (map === undefined) {
    try {
      map = origin.map === null ? null : new SourceMap(JSON.parse(origin.map) as SourceMapPayload);
    } catch {
      map = null;
    }
    parsed.set(origin, map);
  }
  return map;
}
