import { types } from 'node:util';

const DEEPEST = 4;

/** A value as text, for comparing: no code of the script's runs – neither accessors nor toJSON nor traps. */
export function show(value: unknown, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return `${value}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'function':
    case 'object':
      return value === null ? 'null' : showObject(value, depth);
    default:
      return String(value);
  }
}

function dataProperty(of: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(of, key)?.value;
}

function constructorName(of: object): string {
  const prototype = Object.getPrototypeOf(of) as object | null;
  if (prototype === null) return 'null ';
  if (types.isProxy(prototype)) return 'proxied ';
  const made = dataProperty(prototype, 'constructor');
  if (typeof made !== 'function' || types.isProxy(made)) return '';
  const name = dataProperty(made, 'name');
  return name === 'Object' || name === 'Array' ? '' : `${String(name)} `;
}

function showObject(value: object, depth: number): string {
  if (types.isProxy(value)) return 'proxy';
  if (types.isPromise(value)) return 'promise';
  if (types.isRegExp(value)) return RegExp.prototype.toString.call(value);
  if (types.isNativeError(value)) return `${constructorName(value)}${show(dataProperty(value, 'message'))}`;
  if (depth >= DEEPEST) return '…';
  const parts: string[] = [];
  const hidden = typeof value === 'function' ? ['length', 'name', 'prototype', 'arguments', 'caller'] : ['length'];
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    if (hidden.includes(key)) continue;
    const name = property.enumerable === true ? key : `(${key})`;
    parts.push('value' in property ? `${name}: ${show(property.value, depth + 1)}` : `${name}: accessor`);
  }
  if (types.isMap(value))
    for (const [k, v] of Map.prototype.entries.call(value))
      parts.push(`${show(k, depth + 1)} => ${show(v, depth + 1)}`);
  if (types.isSet(value)) for (const v of Set.prototype.values.call(value)) parts.push(show(v, depth + 1));
  if (typeof value === 'function') {
    const own = parts.length > 0 ? ` { ${parts.join(', ')} }` : '';
    return `function ${String(dataProperty(value, 'name'))}/${String(dataProperty(value, 'length'))}${own}`;
  }
  if (Array.isArray(value)) return `${constructorName(value)}[${value.length}: ${parts.join(', ')}]`;
  return `${constructorName(value)}{${parts.join(', ')}}`;
}
