// One function per message type, generated: the script's value straight to wire bytes. It does what is usual – plain
// objects, values of the right type, all names JSON names or all names as in the file – and gives up on anything else,
// which the reference codec then does or refuses.
import { runInThisContext } from 'node:vm';
import { encodeJsonText, type FindType, wireTypeOf } from './reference-encoder.ts';
import { stringifyRequest } from './request-text.ts';
import type { Field, MessageType } from './schema/message-type.ts';
import { wellKnownForm } from './well-known.ts';
import * as write from './write-values.ts';

const { GIVE_UP } = write;
/** Some members of the object are none of the names that were tried. */
const OTHER_NAMES = -3;

/** @returns the end of what was written, or a negative number */
export type GeneratedEncoder = (value: unknown, buffer: Buffer, offset: number) => number;

export interface EncoderContext {
  /** `Object.prototype` of the realm that the values come from. */
  readonly objectPrototype: object;
  /** The types that an Any may hold, at the time of the call. */
  findType(): FindType;
}

/** Compiled as a program, not by `Function`: load workers have no code from strings (docs/sandbox.md). */
export function generateEncoder(root: MessageType, context: EncoderContext): GeneratedEncoder {
  const generator = new EncoderSource();
  generator.functionFor(root);
  const source = generator.finish();
  const make = runInThisContext(`(function (H, T, E) {${source}\n})`, 'sixfold:protobuf-encoder') as (
    helpers: unknown,
    types: readonly MessageType[],
    enums: readonly ReadonlyMap<string, number>[],
  ) => GeneratedEncoder;
  const helpers = {
    ...write,
    OP: context.objectPrototype,
    hasOwn: Object.hasOwn,
    getPrototypeOf: Object.getPrototypeOf,
    known: (type: MessageType, value: unknown, buffer: Buffer, offset: number): number => {
      const bytes = encodeJsonText(type, stringifyRequest(value), context.findType());
      return write.block(bytes, buffer, offset);
    },
  };
  return make(helpers, generator.types, generator.enums);
}

class EncoderSource {
  readonly types: MessageType[] = [];
  readonly enums: ReadonlyMap<string, number>[] = [];
  readonly #indexes = new Map<MessageType, number>();
  readonly #queue: MessageType[] = [];

  functionFor(type: MessageType): string {
    let index = this.#indexes.get(type);
    if (index === undefined) {
      index = this.types.push(type) - 1;
      this.#indexes.set(type, index);
      this.#queue.push(type);
    }
    return `e${index}`;
  }

  finish(): string {
    const functions: string[] = [];
    for (let type = this.#queue.shift(); type; type = this.#queue.shift()) functions.push(this.#message(type));
    return `'use strict';
const {OP, hasOwn, getPrototypeOf, known, varint, varint64, whole64, text, base64, float, double, fixed32, fixed64, close, mapNumber} = H;
${functions.join('\n')}
return e0;`;
  }

  #message(type: MessageType): string {
    const name = this.functionFor(type);
    if (wellKnownForm(type.fullName)) return this.#topLevelKnown(type, name);
    const differ = type.fields.some((field) => field.jsonName !== field.name);
    if (!differ)
      return this.#body(type, name, (field) => field.jsonName).replaceAll(
        `return ${OTHER_NAMES};`,
        `return ${GIVE_UP};`,
      );
    return `let p${name} = false;
function ${name}(o, b, p) {
  let r = p${name} ? ${name}n(o, b, p) : ${name}j(o, b, p);
  if (r !== ${OTHER_NAMES}) return r;
  r = p${name} ? ${name}j(o, b, p) : ${name}n(o, b, p);
  if (r >= 0) p${name} = !p${name};
  return r === ${OTHER_NAMES} ? ${GIVE_UP} : r;
}
${this.#body(type, `${name}j`, (field) => field.jsonName)}
${this.#body(type, `${name}n`, (field) => field.name)}`;
  }

  /** Written with its length in front, so that is taken off again: a well-known type is rarely the whole request. */
  #topLevelKnown(_type: MessageType, name: string): string {
    return `function ${name}() { return ${GIVE_UP}; }`;
  }

  #body(type: MessageType, name: string, nameOf: (field: Field) => string): string {
    const oneofs = [...new Set(type.fields.map((field) => field.oneof).filter((oneof) => oneof !== null))];
    const members = type.fields.map((field) => {
      const missing = field.required ? `else return ${GIVE_UP};` : '';
      const isNull = takesNull(field) || field.required ? `else return ${GIVE_UP};` : '';
      const once = field.oneof !== null && type.fields.filter((other) => other.oneof === field.oneof).length > 1;
      const guard = once ? `if (o${oneofs.indexOf(field.oneof)}++ > 0) return ${GIVE_UP};` : '';
      return `  v = ${read('o', nameOf(field))};
  if (v !== undefined) {
    n++;
    if (v !== null) { ${guard}${this.#value(field)} } ${isNull}
  } ${missing}`;
    });
    return `function ${name}(o, b, p) {
  const proto = getPrototypeOf(o);
  if (proto !== OP && proto !== null) return ${GIVE_UP};
  let n = 0, v${oneofs.map((_, index) => `, o${index} = 0`).join('')};
${members.join('\n')}
  for (const k in o) n--;
  if (n !== 0) return ${OTHER_NAMES};
  return p;
}`;
  }

  #value(field: Field): string {
    if (isNullValue(field)) return `return ${GIVE_UP};`;
    if (field.mapKey) return this.#map(field);
    if (!field.repeated) return this.#single(field, 'v', !field.presence);
    if (field.packed) {
      return `if (!Array.isArray(v)) return ${GIVE_UP};
      if (v.length !== 0) {
        ${tag(field.number, 2)}
        const s = p++;
        for (let i = 0; i < v.length; i++) { let x = v[i]; ${this.#scalar(field, 'x')} }
        p = close(b, s, p);
      }`;
    }
    return `if (!Array.isArray(v)) return ${GIVE_UP};
      for (let i = 0; i < v.length; i++) { let x = v[i]; ${this.#single(field, 'x', false)} }`;
  }

  #map(field: Field): string {
    const key =
      field.mapKey === 'string'
        ? `b[p++] = 10; p = text(k, b, p); if (p < 0) return p;`
        : field.mapKey === 'bool'
          ? `if (k !== 'true' && k !== 'false') return ${GIVE_UP}; b[p++] = 8; b[p++] = k === 'true' ? 1 : 0;`
          : `let y = mapNumber(k); if (y === undefined) return ${GIVE_UP}; ${tag(1, wireTypeOf(field.mapKey!))} ${scalar(field.mapKey!, 'y')}`;
    return `if (typeof v !== 'object') return ${GIVE_UP};
      const q = getPrototypeOf(v);
      if (q !== OP && q !== null) return ${GIVE_UP};
      for (const k in v) {
        let x = v[k];
        if (x === undefined) continue;
        ${tag(field.number, 2)}
        const s = p++;
        ${key}
        ${this.#single({ ...field, number: 2, mapKey: null, presence: true, delimited: false }, 'x', false)}
        p = close(b, s, p);
      }`;
  }

  /** One value with its tag. */
  #single(field: Field, value: string, skipDefault: boolean): string {
    if (field.messageType) return this.#nested(field, value);
    if (field.type === 'string') {
      const put = `${tag(field.number, 2)} p = text(${value}, b, p); if (p < 0) return p;`;
      return `if (typeof ${value} !== 'string') return ${GIVE_UP}; ${skipDefault ? `if (${value}.length !== 0) {${put}}` : put}`;
    }
    if (field.type === 'bytes') {
      const put = `${tag(field.number, 2)} p = base64(${value}, b, p); if (p < 0) return p;`;
      return `if (typeof ${value} !== 'string') return ${GIVE_UP}; ${skipDefault ? `if (${value}.length !== 0) {${put}}` : put}`;
    }
    const start = tag(field.number, wireTypeOf(field.type));
    if (field.enumType) {
      const put = `${start} ${writeInt('x1')}`;
      return `let x1 = ${this.#enumNumber(field, value)}; if (x1 === undefined) return ${GIVE_UP}; ${skipDefault ? `if (x1 !== 0) {${put}}` : put}`;
    }
    const checked = check(field.type, value);
    const put = `${start} ${writeNumber(field.type, value)}`;
    if (!skipDefault) return `${checked} ${put}`;
    const isSet =
      field.type === 'bool' ? value : is64(field.type) ? `${value} !== 0 && ${value} !== 0n` : `${value} !== 0`;
    return `${checked} if (${isSet}) {${put}}`;
  }

  #scalar(field: Field, value: string): string {
    if (field.enumType) {
      return `let x1 = ${this.#enumNumber(field, value)}; if (x1 === undefined) return ${GIVE_UP}; ${writeInt('x1')}`;
    }
    return scalar(field.type, value);
  }

  #enumNumber(field: Field, value: string): string {
    let index = this.enums.indexOf(field.enumType!.numbers);
    if (index < 0) index = this.enums.push(field.enumType!.numbers) - 1;
    return `typeof ${value} === 'string' ? E[${index}].get(${value}) : typeof ${value} === 'number' && (${value} | 0) === ${value} ? ${value} : undefined`;
  }

  #nested(field: Field, value: string): string {
    const type = field.messageType!;
    const form = wellKnownForm(type.fullName);
    if (form === 'wrapper') {
      return `${tag(field.number, 2)}
        { const w = p++; ${this.#single({ ...type.byNumber.get(1)! }, value, true)} p = close(b, w, p); }`;
    }
    if (form) {
      // The reference codec knows these; its own error would name a place in the part.
      if (!this.#indexes.has(type)) this.#indexes.set(type, this.types.push(type) - 1);
      const index = this.#indexes.get(type);
      const guard = form === 'Value' ? '' : `if (${value} === null || ${value} === undefined) return ${GIVE_UP};`;
      return `${guard} ${tag(field.number, 2)}
        try { p = known(T[${index}], ${value}, b, p); } catch { return ${GIVE_UP}; }
        if (p < 0) return p;`;
    }
    const guard = `if (typeof ${value} !== 'object' || ${value} === null) return ${GIVE_UP};`;
    const call = this.functionFor(type);
    if (field.delimited) {
      return `${guard} ${tag(field.number, 3)} p = ${call}(${value}, b, p); if (p < 0) return p; ${tag(field.number, 4)}`;
    }
    return `${guard} ${tag(field.number, 2)} { const c = ${call}(${value}, b, p + 1); if (c < 0) return c; p = close(b, p, c); }`;
  }
}

function isNullValue(field: Field): boolean {
  return field.enumType?.fullName === 'google.protobuf.NullValue';
}

/** JSON null is a value of these, where other fields take it as unset. */
function takesNull(field: Field): boolean {
  return (
    (field.messageType?.fullName === 'google.protobuf.Value' || isNullValue(field)) && !field.repeated && !field.mapKey
  );
}

/** Names that every object inherits have to be its own to count. */
function read(object: string, name: string): string {
  const quoted = JSON.stringify(name);
  return name in Object.prototype
    ? `(hasOwn(${object}, ${quoted}) ? ${object}[${quoted}] : undefined)`
    : `${object}[${quoted}]`;
}

function tag(number: number, wireType: number): string {
  let rest = number * 8 + wireType;
  let out = '';
  for (; rest > 127; rest = Math.floor(rest / 128)) out += `b[p++] = ${(rest % 128) + 128}; `;
  return `${out}b[p++] = ${rest};`;
}

function is64(type: string): boolean {
  return type.endsWith('64');
}

/** Gives up on what is not a value of the type; 64-bit ones become a number or a bigint. */
function check(type: string, value: string): string {
  switch (type) {
    case 'bool':
      return `if (typeof ${value} !== 'boolean') return ${GIVE_UP};`;
    case 'int32':
    case 'sint32':
    case 'sfixed32':
      return `if (typeof ${value} !== 'number' || (${value} | 0) !== ${value}) return ${GIVE_UP};`;
    case 'uint32':
    case 'fixed32':
      return `if (typeof ${value} !== 'number' || (${value} >>> 0) !== ${value}) return ${GIVE_UP};`;
    case 'float':
      return `if (typeof ${value} !== 'number' || Math.abs(${value}) > 3.4028234663852886e38) return ${GIVE_UP};`;
    case 'double':
      return `if (typeof ${value} !== 'number') return ${GIVE_UP};`;
    default:
      return `${value} = whole64(${value}, ${type === 'uint64' || type === 'fixed64'}); if (${value} === undefined) return ${GIVE_UP};`;
  }
}

function writeInt(value: string): string {
  return `if (${value} >= 0 && ${value} < 128) b[p++] = ${value}; else p = ${'varint'}(${value}, b, p);`;
}

function writeNumber(type: string, value: string): string {
  switch (type) {
    case 'bool':
      return `b[p++] = ${value} ? 1 : 0;`;
    case 'int32':
    case 'uint32':
      return writeInt(value);
    case 'sint32':
      return `p = varint(((${value} << 1) ^ (${value} >> 31)) >>> 0, b, p);`;
    case 'fixed32':
    case 'sfixed32':
      return `p = fixed32(${value}, b, p);`;
    case 'float':
    case 'double':
      return `p = ${type}(${value} + 0, b, p);`;
    case 'fixed64':
    case 'sfixed64':
      return `p = fixed64(${value}, b, p);`;
    case 'sint64':
      return `p = varint64(${value} === 0 ? 0 : (BigInt(${value}) << 1n) ^ (BigInt(${value}) >> 63n), b, p);`;
    default:
      return `p = varint64(${value}, b, p);`;
  }
}

/** A checked value without a tag, as packed lists and map keys hold them. */
function scalar(type: string, value: string): string {
  return `${check(type, value)} ${writeNumber(type, value)}`;
}
