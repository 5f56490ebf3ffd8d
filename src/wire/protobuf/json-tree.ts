// JSON text with the place of every token: error messages of protojson name them.

interface At {
  /** Offset in the text. */
  readonly at: number;
  /** As in the text; only the bracket of an object or list. */
  readonly raw: string;
}

export type JsonNode =
  | (At & { readonly kind: 'null' | 'true' | 'false' | 'number' })
  | (At & { readonly kind: 'string'; readonly text: string })
  | (At & { readonly kind: 'object'; readonly members: readonly (readonly [name: JsonName, value: JsonNode])[] })
  | (At & { readonly kind: 'list'; readonly items: readonly JsonNode[] });

export interface JsonName extends At {
  readonly text: string;
}

/** @param text as JSON.stringify makes it: valid and without white space */
export function parseJsonTree(text: string): JsonNode {
  let at = 0;
  const readString = (): JsonName => {
    const start = at++;
    for (let code = text.charCodeAt(at); code !== 34; code = text.charCodeAt(++at)) if (code === 92) at++;
    at++;
    const raw = text.slice(start, at);
    return { at: start, raw, text: raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1) };
  };
  const readNode = (): JsonNode => {
    const start = at;
    switch (text[at]) {
      case '{': {
        const members: (readonly [JsonName, JsonNode])[] = [];
        at++;
        while (text[at] !== '}') {
          const name = readString();
          at++;
          members.push([name, readNode()]);
          if (text[at] === ',') at++;
        }
        at++;
        return { kind: 'object', at: start, raw: '{', members };
      }
      case '[': {
        const items: JsonNode[] = [];
        at++;
        while (text[at] !== ']') {
          items.push(readNode());
          if (text[at] === ',') at++;
        }
        at++;
        return { kind: 'list', at: start, raw: '[', items };
      }
      case '"':
        return { kind: 'string', ...readString() };
      case 'n':
        at += 4;
        return { kind: 'null', at: start, raw: 'null' };
      case 't':
        at += 4;
        return { kind: 'true', at: start, raw: 'true' };
      case 'f':
        at += 5;
        return { kind: 'false', at: start, raw: 'false' };
      default: {
        while (at < text.length && !',]}'.includes(text[at]!)) at++;
        return { kind: 'number', at: start, raw: text.slice(start, at) };
      }
    }
  };
  return readNode();
}
