// One function per message type, generated: wire bytes straight to the object that a script gets, as one literal of
// fixed shape. It is evaluated in the script's realm, so that what it makes is of that realm. Where anything is unusual
// it returns undefined, and the reference codec decodes – or finds what is wrong.
import * as read from './read-values.ts';
import { decodeToJson, type ObjectMaker, put } from './reference-decoder.ts';
import { type FindType, wireTypeOf } from './reference-encoder.ts';
import type { EnumType, Field, MessageType, ScalarType } from './schema/message-type.ts';
import { wellKnownForm } from './well-known.ts';

/** @returns undefined for bytes that are a matter for the reference codec */
export type GeneratedDecoder = (buffer: Buffer, start: number, end: number) => unknown;

export interface DecoderContext {
  /** Evaluates source text in the realm that the objects have to be of. */
  evaluate(source: string): unknown;
  readonly objects: ObjectMaker;
  /** The types that an Any may hold, at the time of the call. */
  findType(): FindType;
}

export function generateDecoder(root: MessageType, context: DecoderContext): GeneratedDecoder {
  const generator = new DecoderSource();
  generator.functionFor(root);
  const source = generator.finish();
  const make = context.evaluate(source) as (
    helpers: unknown,
    types: readonly MessageType[],
    enums: readonly ReadonlyMap<number, string>[],
  ) => GeneratedDecoder;
  const helpers = {
    ...read,
    put,
    known: (type: MessageType, buffer: Buffer, start: number, end: number): unknown =>
      decodeToJson(type, buffer.subarray(start, end), context.findType(), context.objects),
  };
  return make(helpers, generator.types, generator.enums);
}

class DecoderSource {
  readonly types: MessageType[] = [];
  readonly enums: ReadonlyMap<number, string>[] = [];
  readonly #indexes = new Map<MessageType, number>();
  readonly #queue: MessageType[] = [];

  functionFor(type: MessageType): string {
    const known = this.#indexes.has(type);
    const index = this.#index(type);
    if (!known) this.#queue.push(type);
    return `d${index}`;
  }

  finish(): string {
    const functions: string[] = [];
    for (let type = this.#queue.shift(); type; type = this.#queue.shift()) functions.push(this.#message(type));
    return `(function (H, T, N) {'use strict';
const {cursor, tagAt, varint32, lengthAt, int64, uint64, sint64, flag, fixed32, fixed64, sfixed64, float, double, text, base64, time, known, put} = H;
${functions.join('\n')}
return d0;
})`;
  }

  #index(type: MessageType): number {
    let index = this.#indexes.get(type);
    if (index === undefined) this.#indexes.set(type, (index = this.types.push(type) - 1));
    return index;
  }

  #message(type: MessageType): string {
    const name = this.functionFor(type);
    if (wellKnownForm(type.fullName)) return `function ${name}() { return undefined; }`;
    const cases = type.fields.flatMap((field, index) => this.#cases(type, field, `f${index}`));
    const fixed = type.fields.map((field, index) => [field, `f${index}`] as const);
    const literal = fixed
      .filter(([field]) => field.oneof === null)
      .map(
        ([field, local]) =>
          `${property(field.jsonName)}: ${isNullValue(field) && !field.repeated && !field.mapKey ? 'null' : local}`,
      );
    const optional = fixed
      .filter(([field]) => field.oneof !== null)
      .map(([field, local]) => `if (${local} !== undefined) ${assign('o', field.jsonName, local)}`);
    const required = fixed
      .filter(([field]) => field.required)
      .map(([, local]) => `if (${local} === null) return undefined;`);
    return `function ${name}(b, p, e) {
  let l, t${fixed.map(([field, local]) => `, ${local} = ${initial(field)}`).join('')};
  while (p < e) {
    t = b[p++];
    if (t > 127) { t = tagAt(b, p - 1); p = cursor.at; }
    switch (t) {
${cases.join('\n')}
      default:
        if (t < 8) return undefined;
        switch (t & 7) {
          case 0: varint32(b, p); p = cursor.at; break;
          case 1: p += 8; break;
          case 2: ${LENGTH} p += l; break;
          case 5: p += 4; break;
          default: return undefined;
        }
    }
  }
  if (p !== e) return undefined;
  ${required.join(' ')}
  ${optional.length === 0 ? `return {${literal.join(', ')}};` : `const o = {${literal.join(', ')}};\n  ${optional.join('\n  ')}\n  return o;`}
}`;
  }

  #cases(type: MessageType, field: Field, local: string): string[] {
    const others = type.fields
      .map((other, index) => [other, `f${index}`] as const)
      .filter(([other]) => field.oneof !== null && other !== field && other.oneof === field.oneof)
      .map(([, name]) => `${name} = undefined;`)
      .join(' ');
    const label = (wireType: number): string => `      case ${field.number * 8 + wireType}: {`;
    if (field.number * 8 + 7 > 0xffffffff) return [];
    if (field.mapKey) return [`${label(2)} ${this.#entry(field, local)} break; }`];
    if (field.delimited) return [`${label(3)} return undefined; }`];
    const wireType = wireTypeOf(field.type);
    if (!field.repeated) {
      // A message that comes twice is merged, which is the reference codec's business.
      const merge = field.messageType ? `if (${local} !== ${initial(field)}) return undefined;` : '';
      return [`${label(wireType)} ${merge} ${this.#value(field, local)} ${others} break; }`];
    }
    const one = `let x; ${this.#value(field, 'x')} ${local}.push(x); break; }`;
    if (wireType === 2) return [`${label(2)} ${one}`];
    const packed = `${LENGTH} const q = p + l; while (p < q) { let x; ${this.#value(field, 'x')} ${local}.push(x); } if (p !== q) return undefined; break; }`;
    return [`${label(wireType)} ${one}`, `${label(2)} ${packed}`];
  }

  #entry(field: Field, local: string): string {
    const key: Field = {
      ...field,
      type: field.mapKey!,
      messageType: null,
      enumType: null,
      mapKey: null,
      verifyUtf8: field.verifyUtf8,
    };
    const value: Field = { ...field, mapKey: null, presence: false, oneof: null };
    const unset = field.messageType
      ? wellKnownForm(field.messageType.fullName)
        ? 'undefined'
        : `${this.functionFor(field.messageType)}(b, p, p)`
      : isNullValue(field)
        ? 'null'
        : initial(value);
    const keyTag = 8 + wireTypeOf(field.mapKey!);
    const valueTag = 16 + wireTypeOf(field.type);
    return `${LENGTH} const q = p + l; let k = ${initial(key)}, x;
        while (p < q) {
          t = b[p++];
          if (t === ${keyTag}) { ${this.#value(key, 'k')} }
          else if (t === ${valueTag}) { ${field.messageType ? 'if (x !== undefined) return undefined;' : ''} ${this.#value(field, 'x')} }
          else return undefined;
        }
        if (p !== q) return undefined;
        if (x === undefined) { x = ${unset}; if (x === undefined) return undefined; }
        if (k === '__proto__') return undefined;
        ${local}[k] = x;`;
  }

  /** Reads one value into a local. */
  #value(field: Field, local: string): string {
    if (field.messageType) return this.#nested(field.messageType, local);
    if (field.enumType) {
      if (isNullValue(field)) return `varint32(b, p); p = cursor.at; ${local} = null;`;
      return `${INT} ${local} = ${this.#enumName(field.enumType)};`;
    }
    switch (field.type as ScalarType) {
      case 'int32':
        return `l = b[p++]; if (l > 127) { l = varint32(b, p - 1) | 0; p = cursor.at; } ${local} = l;`;
      case 'uint32':
        return `l = b[p++]; if (l > 127) { l = varint32(b, p - 1); p = cursor.at; } ${local} = l;`;
      case 'sint32':
        return `l = varint32(b, p); p = cursor.at; ${local} = (l >>> 1) ^ -(l & 1);`;
      case 'int64':
      case 'uint64':
      case 'sint64':
        return `${local} = ${field.type}(b, p); p = cursor.at;`;
      case 'bool':
        return `l = b[p++]; if (l > 127) { ${local} = flag(b, p - 1); p = cursor.at; } else ${local} = l !== 0;`;
      case 'fixed32':
        return `if (p + 4 > e) return undefined; ${local} = fixed32(b, p); p += 4;`;
      case 'sfixed32':
        return `if (p + 4 > e) return undefined; ${local} = fixed32(b, p) | 0; p += 4;`;
      case 'float':
        return `if (p + 4 > e) return undefined; ${local} = float(b, p); p += 4;`;
      case 'fixed64':
      case 'sfixed64':
      case 'double':
        return `if (p + 8 > e) return undefined; ${local} = ${field.type}(b, p); p += 8;`;
      case 'string':
        return `${LENGTH} ${local} = text(b, p, p + l); if (${local} === undefined) return undefined; p += l;`;
      case 'bytes':
        return `${LENGTH} ${local} = base64(b, p, p + l); p += l;`;
    }
  }

  #nested(type: MessageType, local: string): string {
    const form = wellKnownForm(type.fullName);
    if (form === 'wrapper') return this.#wrapper(type.byNumber.get(1)!, local);
    if (form === 'Timestamp' || form === 'Duration') {
      return `${LENGTH} ${local} = time(b, p, p + l, ${form === 'Timestamp'}); if (${local} === undefined) return undefined; p += l;`;
    }
    if (form) return `${LENGTH} ${local} = known(T[${this.#index(type)}], b, p, p + l); p += l;`;
    return `${LENGTH} ${local} = ${this.functionFor(type)}(b, p, p + l); if (${local} === undefined) return undefined; p += l;`;
  }

  #wrapper(inner: Field, local: string): string {
    const tag = inner.number * 8 + wireTypeOf(inner.type);
    return `${LENGTH} { const w = p + l; ${local} = ${initial(inner)};
          while (p < w) { if (b[p++] !== ${tag}) return undefined; ${this.#value(inner, local)} }
          if (p !== w) return undefined; }`;
  }

  #enumName(type: EnumType): string {
    let index = this.enums.indexOf(type.names);
    if (index < 0) index = this.enums.push(type.names) - 1;
    return `N[${index}].get(l) ?? l`;
  }
}

/** The length of what follows, which has to lie within the message. */
const LENGTH =
  'l = b[p++]; if (l > 127) { l = lengthAt(b, p - 1); p = cursor.at; } if (!(l <= e - p)) return undefined;';
const INT = 'l = b[p++]; if (l > 127) { l = varint32(b, p - 1) | 0; p = cursor.at; }';

function isNullValue(field: Field): boolean {
  return field.enumType?.fullName === 'google.protobuf.NullValue';
}

/** What a field holds that is not on the wire, as source text. */
function initial(field: Field): string {
  if (field.repeated) return '[]';
  if (field.mapKey) return '{}';
  if (field.oneof !== null) return 'undefined';
  if (field.presence || field.messageType) return 'null';
  if (field.enumType) {
    const { names, first } = field.enumType;
    return isNullValue(field) ? 'null' : JSON.stringify(names.get(first) ?? first);
  }
  switch (field.type as ScalarType) {
    case 'bool':
      return 'false';
    case 'string':
    case 'bytes':
      return '""';
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'fixed64':
    case 'sfixed64':
      return '"0"';
    default:
      return '0';
  }
}

function property(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : JSON.stringify(name);
}

function assign(object: string, name: string, value: string): string {
  return name === '__proto__'
    ? `put(${object}, "__proto__", ${value});`
    : `${object}[${JSON.stringify(name)}] = ${value};`;
}
