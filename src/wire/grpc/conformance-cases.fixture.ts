import { readFileSync } from 'node:fs';

/** For tests: reads the client-mode cases of connectrpc/conformance, which are YAML of a simple kind. */

export interface NamedValues {
  name: string;
  value: string[];
}

export interface RawItem {
  flags?: number;
  payload?: { text?: string; binary_message?: { payload?: { data: string } } };
}

export interface ConformanceCase {
  request: {
    testName: string;
    streamType: string;
    requestMessages: {
      responseDefinition: {
        rawResponse: {
          statusCode?: number;
          status_code?: number;
          headers?: NamedValues[];
          stream?: { items: RawItem[] };
          trailers?: NamedValues[];
        };
      };
    }[];
  };
  otherAllowedErrorCodes?: string[];
  expectedResponse: {
    error?: { code: string | number; message?: string };
    responseHeaders?: NamedValues[];
    responseTrailers?: NamedValues[];
    payloads?: { data?: string }[];
  };
}

interface Line {
  indent: number;
  text: string;
}

/** Block mappings and sequences, flow collections that are JSON, scalars and comments: what the cases use of YAML. */
class CaseReader {
  readonly #lines: Line[] = [];
  #at = 0;

  constructor(text: string) {
    for (const raw of text.split('\n')) {
      const line = raw.replace(/(^|\s)#[^"]*$/, '').trimEnd();
      if (line.trim() !== '' && !line.trimStart().startsWith('#'))
        this.#lines.push({ indent: line.search(/\S/), text: line.trimStart() });
    }
  }

  read(): unknown {
    return this.#block(this.#lines[0]?.indent ?? 0);
  }

  #block(indent: number): unknown {
    return this.#lines[this.#at]?.text.startsWith('- ') ? this.#sequence(indent) : this.#mapping(indent);
  }

  #sequence(indent: number): unknown[] {
    const items: unknown[] = [];
    for (;;) {
      const line = this.#lines[this.#at];
      if (line === undefined || line.indent !== indent || !line.text.startsWith('- ')) return items;
      const rest = line.text.slice(2).trimStart();
      if (/^("[^"]*"|[\w@.-]+):(\s|$)/.test(rest)) {
        // The item is a mapping that begins on the line of its dash.
        const deeper = indent + line.text.length - rest.length;
        this.#lines[this.#at] = { indent: deeper, text: rest };
        items.push(this.#block(deeper));
      } else {
        this.#at++;
        items.push(scalar(rest));
      }
    }
  }

  #mapping(indent: number): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    for (;;) {
      const line = this.#lines[this.#at];
      const match = line?.indent === indent ? /^("[^"]*"|[\w@.-]+):\s*(.*)$/.exec(line.text) : null;
      if (line === undefined || match === null) return fields;
      const key = String(scalar(match[1] as string));
      this.#at++;
      const next = this.#lines[this.#at];
      if (match[2] !== '') fields[key] = scalar(match[2] as string);
      else if (next !== undefined && (next.indent > indent || (next.indent === indent && next.text.startsWith('- '))))
        fields[key] = this.#block(next.indent);
      else fields[key] = null;
    }
  }
}

function scalar(text: string): unknown {
  return /^["[{]|^-?\d+$/.test(text) ? (JSON.parse(text) as unknown) : text;
}

/** The cases of a file whose server answers with a raw response. */
export function readCases(file: string): ConformanceCase[] {
  const url = new URL(`../../../test/vectors/grpc-conformance/${file}`, import.meta.url);
  const suite = new CaseReader(readFileSync(url, 'utf8')).read() as { testCases: ConformanceCase[] };
  return suite.testCases;
}
