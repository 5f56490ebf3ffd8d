/**
 * The fields of a head whose syntax has been checked, from its lines behind the status line.
 * A line that begins with white space continues the one before (RFC 9112 section 5.2: replaced by one space).
 */
export function parseHeaderLines(lines: string): [name: string, value: string][] {
  const headers: [string, string][] = [];
  let at = 0;
  while (at < lines.length) {
    let end = lines.indexOf('\n', at);
    if (end < 0) end = lines.length;
    const stop = lines.charCodeAt(end - 1) === 13 ? end - 1 : end;
    const first = lines.charCodeAt(at);
    if (stop > at) {
      if (first === 32 || first === 9) {
        const last = headers.at(-1);
        const more = trimBlanks(lines, at, stop);
        if (last !== undefined && more !== '') last[1] = last[1] === '' ? more : `${last[1]} ${more}`;
      } else {
        const colon = lines.indexOf(':', at);
        headers.push([lines.slice(at, colon), trimBlanks(lines, colon + 1, stop)]);
      }
    }
    at = end + 1;
  }
  return headers;
}

/** Spaces and tabs only: a header value may well hold what JavaScript's `trim` also takes for white space. */
function trimBlanks(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
