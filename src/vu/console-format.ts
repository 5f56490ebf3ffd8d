// How console.log shows values: k6's form, which is neither JSON nor Node's.

/**
 * The text of one console call: arguments joined by spaces, no `%s` substitution.
 * Strings stand as they are at the top and in double quotes within structures, where undefined shows as null
 * (k6 behaviours 51 and 57).
 */
export function formatConsole(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === 'string' ? value : formatValue(value, true, []))).join(' ');
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

function formatValue(value: unknown, isTop: boolean, above: readonly object[]): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'undefined':
      return isTop ? 'undefined' : 'null';
    case 'number':
      return isTop || Number.isFinite(value) ? String(Object.is(value, -0) ? 0 : value) : 'null';
    case 'function':
      return '[object Function]';
    case 'object':
      return value === null ? 'null' : formatObject(value, above);
    default:
      return String(value);
  }
}

function formatObject(value: object, above: readonly object[]): string {
  if (above.includes(value)) return '[Circular]';
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind === 'Error' || value instanceof Error) return formatError(value as Error);
  if (kind === 'ArrayBuffer' || ArrayBuffer.isView(value)) return formatBytes(value as ArrayBuffer, kind);
  const within = [...above, value];
  // The script's own values may come from any realm: only what they do can be asked, not what they are instances of.
  const toJson = (value as { toJSON?: unknown }).toJSON;
  if (typeof toJson === 'function') return formatValue(Reflect.apply(toJson, value, []), false, within);
  if (kind === 'RegExp') return String(value);
  if (kind === 'Number' || kind === 'String' || kind === 'Boolean') {
    return formatValue((value as { valueOf(): unknown }).valueOf(), false, within);
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[ ${Array.from(value, (item: unknown) => formatValue(item, false, within)).join(', ')} ]`;
  }
  const entries = Object.keys(value).map((key) => {
    const shown = IDENTIFIER.test(key) ? key : JSON.stringify(key);
    return `${shown}: ${formatValue((value as Record<string, unknown>)[key], false, within)}`;
  });
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function formatError(error: Error): string {
  const name = String(error.name ?? 'Error');
  const message = String(error.message ?? '');
  return message === '' ? name : `${name}: ${message}`;
}

const SHOWN_BYTES = 50;

function formatBytes(value: ArrayBuffer | ArrayBufferView, kind: string): string {
  const bytes = ArrayBuffer.isView(value)
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
  return `${kind} { contents: <${hex}${more}>, byteLength: ${bytes.length} }`;
}
