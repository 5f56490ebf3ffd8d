// GJSON paths (https://github.com/tidwall/gjson/blob/master/SYNTAX.md), which `response.json(selector)` takes, evaluated
// on parsed JSON. What a path does not find is undefined.

type Json = unknown;

/** Evaluates `path` on `root`. Never throws: a path that makes no sense finds nothing. */
export function selectJson(root: Json, path: string): Json {
  return new PathReader(path).evaluate(root);
}

/** Reads a path from left to right, narrowing the value as it goes. */
class PathReader {
  readonly #path: string;
  #at = 0;

  constructor(path: string) {
    this.#path = path;
  }

  evaluate(root: Json): Json {
    let value = root;
    const path = this.#path;
    if (path === '') return undefined;
    // JSON lines: a body is one value here, so there is one line.
    if (path.startsWith('..')) return root === undefined ? undefined : selectJson([root], path.slice(2));
    while (this.#at < path.length) {
      if (value === undefined) return undefined;
      const char = path[this.#at];
      if (char === '@') value = this.#modifier(value);
      else if (char === '!') value = this.#literal();
      else if (char === '{' || char === '[') value = this.#multipath(value);
      else if (char === '#') return this.#array(value);
      else {
        const { text, pattern } = this.#readName();
        if (pattern && isObject(value)) return this.#firstThatFits(value, text);
        value = readMember(value, text);
      }
      if (this.#at < path.length) {
        if (path[this.#at] !== '.' && path[this.#at] !== '|') return undefined;
        this.#at++;
        if (this.#at === path.length) return undefined;
      }
    }
    return value;
  }

  /** Of the keys that a pattern fits, the first under which the rest of the path is found. */
  #firstThatFits(value: Record<string, Json>, pattern: string): Json {
    const rest = this.#path.slice(this.#at);
    // A separator with nothing behind it finds nothing.
    if (rest.length === 1) return undefined;
    for (const key of Object.keys(value)) {
      if (!matchWildcard(key, pattern)) continue;
      const found = rest === '' ? value[key] : selectJson(value[key], rest.slice(1));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Up to the next separator; `\` takes the next character literally, and keeps its mark where wildcards are meant. */
  #readName(): { text: string; pattern: boolean } {
    const path = this.#path;
    let plain = '';
    let marked = '';
    let pattern = false;
    for (; this.#at < path.length; this.#at++) {
      const char = path[this.#at] as string;
      if (char === '.' || char === '|') break;
      if (char === '\\' && this.#at + 1 < path.length) {
        const next = path[++this.#at] as string;
        plain += next;
        marked += `\\${next}`;
        continue;
      }
      if (char === '*' || char === '?') pattern = true;
      plain += char;
      marked += char;
    }
    return { text: pattern ? marked : plain, pattern };
  }

  /** `#`, `#.rest`, `#(query).rest`, `#(query)#.rest`; for `.` the rest applies to each element, for `|` to the array. */
  #array(value: Json): Json {
    const path = this.#path;
    this.#at++;
    if (path[this.#at] === '(' || path[this.#at] === '[') return this.#query(value);
    if (!Array.isArray(value)) return undefined;
    if (this.#at >= path.length) return value.length;
    if (path[this.#at] === '|') return selectJson(value.length, path.slice(this.#at + 1));
    if (path[this.#at] !== '.') return undefined;
    return selectEach(value, path.slice(this.#at + 1));
  }

  #query(value: Json): Json {
    const path = this.#path;
    const close = path[this.#at] === '(' ? ')' : ']';
    const end = findClosing(path, this.#at, close);
    if (end < 0 || !Array.isArray(value)) return undefined;
    const test = parseQuery(path.slice(this.#at + 1, end));
    this.#at = end + 1;
    const all = path[this.#at] === '#';
    if (all) this.#at++;
    const rest = path.slice(this.#at);
    if (!all) {
      const found = value.find(test);
      if (rest === '') return found;
      return found === undefined ? undefined : selectJson(found, rest.slice(1));
    }
    const found = value.filter(test);
    if (rest === '') return found;
    if (rest.startsWith('|')) return selectJson(found, rest.slice(1));
    if (rest.startsWith('.#') && (rest.length === 2 || rest[2] === '.' || rest[2] === '|')) {
      return selectEach(found, rest.slice(1));
    }
    return rest.startsWith('.') ? selectEach(found, rest.slice(1)) : undefined;
  }

  /** `@name` or `@name:argument`. */
  #modifier(value: Json): Json {
    const path = this.#path;
    const match = /^@([a-zA-Z]+)/.exec(path.slice(this.#at));
    if (match === null) return undefined;
    this.#at += match[0].length;
    let argument: Json;
    if (path[this.#at] === ':') {
      const start = ++this.#at;
      const first = path[start] ?? '';
      const end =
        first === '{' || first === '[' || first === '"'
          ? findValueEnd(path, start)
          : path.slice(start).search(/[.|]|$/) + start;
      argument = parseOrUndefined(path.slice(start, end)) ?? path.slice(start, end);
      this.#at = end;
    }
    return applyModifier(match[1] ?? '', value, argument);
  }

  /** `!"text"`, `!5`, `!{"a":1}`: the JSON itself. */
  #literal(): Json {
    const start = this.#at + 1;
    const first = this.#path[start] ?? '';
    const end =
      first === '{' || first === '[' || first === '"'
        ? findValueEnd(this.#path, start)
        : this.#path.slice(start).search(/[.|,}\]]|$/) + start;
    this.#at = end;
    return parseOrUndefined(this.#path.slice(start, end));
  }

  /** `{a,"name":b.c}` and `[a,b.c]`: a new object or array of what several paths find. */
  #multipath(value: Json): Json {
    const open = this.#path[this.#at] as string;
    const end = findValueEnd(this.#path, this.#at);
    const parts = splitTopLevel(this.#path.slice(this.#at + 1, end - 1));
    this.#at = end;
    if (open === '[') return parts.map((part) => selectJson(value, part)).filter((found) => found !== undefined);
    const made: Record<string, Json> = {};
    for (const part of parts) {
      const named = /^("(?:[^"\\]|\\.)*"):(.*)$/s.exec(part);
      const name = named === null ? lastName(part) : String(parseOrUndefined(named[1] ?? ''));
      const found = selectJson(value, named === null ? part : (named[2] ?? ''));
      if (found !== undefined)
        Object.defineProperty(made, name, { value: found, enumerable: true, writable: true, configurable: true });
    }
    return made;
  }
}

/** A member by its key, an element by its index. */
function readMember(value: Json, name: string): Json {
  if (Array.isArray(value)) return /^\d+$/.test(name) ? value[Number(name)] : undefined;
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Applies a path to every element and keeps what it finds. */
function selectEach(list: readonly Json[], path: string): Json {
  // `a.#.b|c`: what follows the pipe is for the whole result.
  const pipe = findTopLevel(path, '|');
  const inner = pipe < 0 ? path : path.slice(0, pipe);
  const found = list.map((item) => selectJson(item, inner)).filter((item) => item !== undefined);
  return pipe < 0 ? found : selectJson(found, path.slice(pipe + 1));
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * `*` any run of characters, `?` any one; `\` makes the next one ordinary. A key is a server's: no regular expression is made of the pattern,
 * which could take it apart in more ways than there is time for. Only the last `*` ever has to take more.
 */
function matchWildcard(text: string, pattern: string): boolean {
  const tokens = pattern.match(/\\?./gsu) ?? [];
  const characters = [...text];
  const fits = (token: string | undefined, character: string): boolean =>
    token === '?' || token === character || (token?.length !== 1 && token === `\\${character}`);
  let at = 0;
  let next = 0;
  let star = -1;
  let taken = 0;
  while (at < characters.length) {
    if (tokens[next] === '*') {
      star = next++;
      taken = at;
    } else if (fits(tokens[next], characters[at]!)) {
      at++;
      next++;
    } else if (star < 0) return false;
    else {
      at = ++taken;
      next = star + 1;
    }
  }
  while (tokens[next] === '*') next++;
  return next === tokens.length;
}

/** The test of a query: `path op value`, `op value`, or a path that has to exist. */
function parseQuery(text: string): (item: Json) => boolean {
  const query = text.trim();
  const operator = findOperator(query);
  if (operator === null) {
    return (item) => (isObject(item) || Array.isArray(item) ? selectJson(item, query) !== undefined : false);
  }
  const path = query.slice(0, operator.at).trim();
  const wanted = query.slice(operator.at + operator.text.length).trim();
  const quoted = wanted.startsWith('"') ? parseOrUndefined(wanted) : undefined;
  const value = typeof quoted === 'string' ? quoted : wanted;
  return (item) => compare(path === '' ? item : selectJson(item, path), operator.text, value);
}

function findOperator(query: string): { at: number; text: string } | null {
  let depth = 0;
  for (let at = 0; at < query.length; at++) {
    const char = query[at] as string;
    if (char === '\\') at++;
    else if (char === '"') at = findValueEnd(query, at) - 1;
    else if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') depth--;
    else if (depth === 0) {
      const match = /^(?:==|!=|<=|>=|!%|=|<|>|%)/.exec(query.slice(at));
      if (match !== null) return { at, text: match[0] };
    }
  }
  return null;
}

/**
 * What is found is compared as what it is, whether the value stands in quotes or not; of null, objects and arrays nothing is true.
 * @param wanted as in the path, without quotes
 */
function compare(found: Json, operator: string, wanted: string): boolean {
  if (wanted.startsWith('~')) {
    const isOne = isOfKind(found, wanted.slice(1));
    return isOne !== null && compareBoolean(isOne, operator, 'true');
  }
  switch (typeof found) {
    case 'string':
      if (operator === '%') return matchWildcard(found, wanted);
      if (operator === '!%') return !matchWildcard(found, wanted);
      return orders(found < wanted, found > wanted, operator);
    case 'number': {
      // What is no number counts as zero.
      const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(wanted) ? Number(wanted) : 0;
      return orders(found < number, found > number, operator);
    }
    case 'boolean':
      return compareBoolean(found, operator, wanted);
    default:
      return false;
  }
}

function compareBoolean(found: boolean, operator: string, wanted: string): boolean {
  const isSame = wanted === String(found);
  if (operator === '!=') return !isSame;
  if (operator === '=' || operator === '==') return isSame;
  if (operator === '>' || operator === '<') return (operator === '>') === found && wanted === String(!found);
  return operator === (found ? '>=' : '<=');
}

/** What `~` turns a value into before it is compared; null for what is no such kind. */
function isOfKind(found: Json, kind: string): boolean | null {
  const text = typeof found === 'string' ? readBoolean(found) : null;
  switch (kind) {
    case '*':
      return found !== undefined;
    case 'null':
      return found === undefined || found === null;
    case 'true':
      return found === true || text === true || (typeof found === 'number' && found !== 0);
    case 'false':
      return found === undefined || found === null || found === false || found === 0 || text === false;
    default:
      return null;
  }
}

/** Text that stands for a boolean, in any case. */
function readBoolean(text: string): boolean | null {
  return /^(?:1|t|true)$/i.test(text) ? true : /^(?:0|f|false)$/i.test(text) ? false : null;
}

function orders(less: boolean, greater: boolean, operator: string): boolean {
  switch (operator) {
    case '<':
      return less;
    case '<=':
      return !greater;
    case '>':
      return greater;
    case '>=':
      return !less;
    case '=':
    case '==':
      return !less && !greater;
    default:
      return operator === '!=' && (less || greater);
  }
}

function applyModifier(name: string, value: Json, argument: Json): Json {
  switch (name) {
    case 'this':
    case 'pretty':
    case 'ugly':
    case 'valid':
      return value;
    case 'reverse':
      if (Array.isArray(value)) return value.toReversed();
      return isObject(value) ? Object.fromEntries(Object.entries(value).reverse()) : value;
    case 'keys':
      return isObject(value) ? Object.keys(value) : [];
    case 'values':
      return isObject(value) ? Object.values(value) : [];
    case 'flatten':
      return Array.isArray(value)
        ? value.flat(isObject(argument) && argument['deep'] === true ? Number.POSITIVE_INFINITY : 1)
        : value;
    case 'join':
      // By entries, since a key may be `__proto__`.
      return Array.isArray(value) ? Object.fromEntries(value.filter(isObject).flatMap(Object.entries)) : value;
    case 'group':
      return isObject(value) ? groupColumns(value) : undefined;
    case 'tostr':
      return JSON.stringify(value);
    case 'fromstr':
      return typeof value === 'string' ? parseOrUndefined(value) : undefined;
    default:
      return undefined;
  }
}

/** `{"id":[1,2],"name":["a","b"]}` → `[{"id":1,"name":"a"},{"id":2,"name":"b"}]` */
function groupColumns(columns: Record<string, Json>): Json {
  const rows: [key: string, cell: Json][][] = [];
  for (const [key, column] of Object.entries(columns)) {
    if (!Array.isArray(column)) continue;
    column.forEach((cell, index) => {
      (rows[index] ??= []).push([key, cell]);
    });
  }
  return rows.map(Object.fromEntries);
}

function parseOrUndefined(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The offset behind the JSON-like value that begins at `start`; the text's end when it is not closed. */
function findValueEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"') {
      at++;
      while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      if (depth === 0) return at + 1;
    } else if (char === '{' || char === '[' || char === '(') depth++;
    else if (char === '}' || char === ']' || char === ')') {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

function findClosing(text: string, open: number, close: string): number {
  const end = findValueEnd(text, open);
  return text[end - 1] === close ? end - 1 : -1;
}

function findTopLevel(text: string, wanted: string): number {
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '\\') at++;
    else if (char === wanted) return at;
    else if (char === '{' || char === '[' || char === '(' || char === '"') at = findValueEnd(text, at) - 1;
  }
  return -1;
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  for (;;) {
    const comma = findTopLevel(rest, ',');
    if (comma < 0) break;
    parts.push(rest.slice(0, comma));
    rest = rest.slice(comma + 1);
  }
  if (rest !== '') parts.push(rest);
  return parts;
}

/** The name that an unnamed member of a multipath gets: the last component, `_` when that is none. */
function lastName(path: string): string {
  const name = path.split(/[.|]/).at(-1) ?? '';
  return /^[\w-]+$/.test(name) ? name : '_';
}
