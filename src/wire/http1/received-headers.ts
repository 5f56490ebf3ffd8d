import { parseHeaderLines } from './header-lines.ts';

/** Names and values in order. */
export type HeaderList = [name: string, value: string][];

/**
 * The headers of a response as they came: text until somebody looks at them. Answers that repeat share one object (see
 * {@link RecentHeads}), so what has been found out about it is found out once.
 */
export class ReceivedHeaders {
  /** The lines of an HTTP/1 head behind its status line; empty where the headers came as a list. */
  readonly lines: string;
  /** For whoever makes something of the same headers again and again; its own business. */
  derived: unknown = undefined;
  #list: HeaderList | null;
  #setsCookies: boolean | null = null;
  #isCoded: boolean | null = null;

  /** @param headers the lines of a head, or a list; never changed afterwards */
  constructor(headers: string | HeaderList) {
    this.lines = typeof headers === 'string' ? headers : '';
    this.#list = typeof headers === 'string' ? null : headers;
  }

  /** Names as the server wrote them. Never to be changed: other responses may have the same. */
  get list(): Readonly<HeaderList> {
    this.#list ??= parseHeaderLines(this.lines);
    return this.#list;
  }

  /** Whether there is a Set-Cookie header. */
  get setsCookies(): boolean {
    this.#setsCookies ??= this.mayHave('set-cookie');
    return this.#setsCookies;
  }

  /** Whether there may be a Content-Encoding header; false is certain. */
  get isCoded(): boolean {
    this.#isCoded ??= this.mayHave('content-encoding');
    return this.#isCoded;
  }

  /** Whether there may be a header `name` (lower case): false is certain. Spares parsing the list for what most do not have. */
  mayHave(name: string): boolean {
    if (this.#list !== null) return this.#list.some(([key]) => key.toLowerCase() === name);
    return containsName(this.lines, name);
  }
}

/** Looks for a line that begins with `name` and a colon; case does not matter. */
function containsName(lines: string, name: string): boolean {
  const first = name.charCodeAt(0);
  let at = 0;
  while (at < lines.length) {
    if ((lines.charCodeAt(at) | 0x20) === first && lines.charCodeAt(at + name.length) === 58) {
      if (lines.slice(at, at + name.length).toLowerCase() === name) return true;
    }
    const end = lines.indexOf('\n', at);
    if (end < 0) return false;
    at = end + 1;
  }
  return false;
}
