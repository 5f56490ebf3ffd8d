// CSV (RFC 4180), as k6 reads it: quotes may hold the delimiter, quotes and line ends; empty lines are no records.

/** The text cannot be read as CSV. */
export class CsvError extends Error {}

/**
 * Reads record after record; nothing is read that is not asked for.
 * @param delimiter one character, of one or two code units
 * @throws CsvError with the line, where quotes are not as they should be
 */
export function* readRecords(text: string, delimiter: string): Generator<string[], void, void> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  const first = delimiter[0];
  while (at < text.length) {
    if (text[at] === '\n' || text.startsWith('\r\n', at)) {
      at += text[at] === '\n' ? 1 : 2;
      line++;
      continue;
    }
    const record: string[] = [];
    for (;;) {
      let field = '';
      if (text[at] === '"') {
        const started = line;
        at++;
        for (;;) {
          const quote = text.indexOf('"', at);
          if (quote < 0) throw new CsvError(`line ${started}: a quoted field has no end`);
          const part = text.slice(at, quote);
          line += countLines(part);
          field += part;
          at = quote + 1;
          if (text[at] !== '"') break;
          field += '"';
          at++;
        }
        field = field.replaceAll('\r\n', '\n');
        const next = text[at];
        if (next !== undefined && !text.startsWith(delimiter, at) && next !== '\n' && !text.startsWith('\r\n', at)) {
          throw new CsvError(`line ${line}: ${JSON.stringify(next)} stands behind the end of a quoted field`);
        }
      } else {
        const start = at;
        while (at < text.length && !(text[at] === first && text.startsWith(delimiter, at)) && text[at] !== '\n') at++;
        field = text.slice(start, at);
        if (field.endsWith('\r') && (at === text.length || text[at] === '\n')) field = field.slice(0, -1);
        if (field.includes('"')) throw new CsvError(`line ${line}: a quote stands in a field that is not quoted`);
      }
      record.push(field);
      if (text.startsWith(delimiter, at)) {
        at += delimiter.length;
        continue;
      }
      if (text[at] === '\r') at++;
      at++;
      line++;
      break;
    }
    yield record;
  }
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
