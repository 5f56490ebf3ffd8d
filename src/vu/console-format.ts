// How console.log shows values: k6's form, which is neither JSON nor Node's.
import { types } from 'node:util';

/** A structure's text is cut here, in characters: a value that refers to itself in many places has no end. */
const LONGEST = 1_000_000;

/**
 * The text of one console call: arguments joined by spaces, no `%s` substitution.
 * Strings stand as they are at the top and in double quotes within structures, where undefined shows as null
 * (k6 behaviours 51 and 57).
 * @param call calls a function of the script's
 * @throws what a getter or a `toJSON` of the script's throws
 */
export function formatConsole(values: readonly unknown[], call: CallFunction = Reflect.apply): string {
  return values.map((value) => (typeof value === 'string' ? value : new Writer(call).write(value))).join(' ');
}

/** How many `toJSON` in a row may give another object with one. */
const MOST_STEPS = 1000;

export type CallFunction = (fn: (...args: unknown[]) => unknown, self: unknown, args: unknown[]) => unknown;

function formatPrimitive(value: unknown, isTop: boolean): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'undefined':
      return isTop ? 'undefined' : 'null';
    case 'number':
      return String(Object.is(value, -0) ? 0 : value);
    case 'function':
      return '[object Function]';
    default:
      return String(value);
  }
}

/** A list or an object of which some members are written. */
interface OpenValue {
  readonly value: object;
  /** Null for a list. */
  readonly keys: readonly string[] | null;
  readonly count: number;
  next: number;
  readonly close: string;
  /** What `toJSON` and `valueOf` were called on to get here. */
  readonly above: readonly object[];
}

/** Writes one value; what is open is a list of our own, as values may be nested deeper than the stack is. */
class Writer {
  readonly #call: CallFunction;
  readonly #open: OpenValue[] = [];
  readonly #above = new Set<object>();
  #text = '';

  constructor(call: CallFunction) {
    this.#call = call;
  }

  write(value: unknown): string {
    this.#begin(value, true);
    for (let open = this.#open.at(-1); open !== undefined; open = this.#open.at(-1)) {
      if (this.#text.length > LONGEST) return `${this.#text}… (cut: the value goes on)`;
      if (open.next === open.count) {
        this.#text += open.close;
        for (const object of open.above) this.#above.delete(object);
        this.#open.pop();
        continue;
      }
      if (open.next > 0) this.#text += ', ';
      const key = open.keys === null ? open.next : open.keys[open.next]!;
      if (typeof key === 'string') this.#text += `${key}: `;
      open.next++;
      this.#begin((open.value as Record<PropertyKey, unknown>)[key], false);
    }
    return this.#text;
  }

  /** Writes what is no structure; opens what is one. */
  #begin(given: unknown, isTop: boolean): void {
    const above: object[] = [];
    let value = given;
    for (let atTop = isTop; ; atTop = false) {
      const leaf = this.#leaf(value, atTop, above.length);
      if (leaf !== null) {
        this.#text += leaf;
        for (const object of above) this.#above.delete(object);
        return;
      }
      const structure = value as object;
      this.#above.add(structure);
      above.push(structure);
      const next = this.#convert(structure);
      if (next === structure) {
        this.#enter(structure, above);
        return;
      }
      value = next;
    }
  }

  /** The text of what has no members; null for a structure. */
  #leaf(value: unknown, isTop: boolean, steps: number): string | null {
    if (typeof value !== 'object' || value === null) return formatPrimitive(value, isTop);
    if (this.#above.has(value) || steps > MOST_STEPS) return '[Circular]';
    const kind = kindOf(value);
    if (kind === 'Error' || value instanceof Error) return formatError(value as Error);
    if (types.isAnyArrayBuffer(value) || ArrayBuffer.isView(value)) return formatBytes(value, kind);
    if (kind === 'RegExp' && typeof (value as { toJSON?: unknown }).toJSON !== 'function') return String(value);
    return null;
  }

  /** What is written in a structure's place; the structure itself, if nothing is. */
  #convert(value: object): unknown {
    // The script's own values may come from any realm: only what they do can be asked, not what they are instances of.
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return this.#call(toJSON as () => unknown, value, []);
    if (!/^(?:Number|String|Boolean)$/.test(kindOf(value))) return value;
    return this.#call((value as { valueOf: () => unknown }).valueOf, value, []);
  }

  #enter(value: object, above: readonly object[]): void {
    const keys = Array.isArray(value) ? null : Object.keys(value);
    const count = keys === null ? (value as unknown[]).length : keys.length;
    const [start, close] = keys === null ? '[]' : '{}';
    this.#text += count === 0 ? `${start}` : `${start} `;
    this.#open.push({ value, keys, count, next: 0, close: count === 0 ? `${close}` : ` ${close}`, above });
  }
}

function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function formatError(error: Error): string {
  const name = String(error.name ?? 'Error');
  const message = String(error.message ?? '');
  return message === '' ? name : `${name}: ${message}`;
}

/** Binary data beyond this is cut: a line of the log is no dump. */
const SHOWN_BYTES = 250_000;

function formatBytes(value: ArrayBufferLike | ArrayBufferView, kind: string): string {
  const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
  // What was transferred to somebody else holds nothing any more, and may not even be looked at.
  const isGone = (buffer as ArrayBuffer).detached === true;
  const bytes = isGone
    ? new Uint8Array()
    : ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value);
  if (ArrayBuffer.isView(value) && kind !== 'DataView') {
    const items = value as unknown as ArrayLike<number | bigint>;
    const shown = Array.from({ length: Math.min(items.length, SHOWN_BYTES) }, (_, i) => String(items[i]));
    if (items.length > SHOWN_BYTES) shown.push(`... ${items.length - SHOWN_BYTES} more`);
    return shown.length === 0 ? `${kind}(0) []` : `${kind}(${items.length}) [ ${shown.join(', ')} ]`;
  }
  const hex = Array.from(bytes.subarray(0, SHOWN_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const more = bytes.length > SHOWN_BYTES ? ` ... ${bytes.length - SHOWN_BYTES} more bytes` : '';
  const label = kind === 'ArrayBuffer' ? '[Uint8Contents]' : 'contents';
  return `${kind} { ${label}: <${hex}${more}>, byteLength: ${bytes.length} }`;
}
