// Wire bytes → the JSON form that scripts see, for every case. First the bytes are folded into values by field (which is
// where merging happens), then these are shown.
import { isUtf8 } from 'node:buffer';
import { ProtoDecodeError, ProtoFormError } from './codec-errors.ts';
import { fractionToJson, shortestFloat } from './json-scalars.ts';
import type { FindType } from './reference-encoder.ts';
import { wireTypeOf } from './reference-encoder.ts';
import type { Field, MessageType, ScalarType } from './schema/message-type.ts';
import { explainTime, formatFieldMask, formatTimestamp, type SecondsNanos, toDurationJson } from './time-json.ts';
import { wellKnownForm } from './well-known.ts';

/** Makes the objects and lists that a script gets: they have to be of its realm. */
export interface ObjectMaker {
  object(): Record<string, unknown>;
  list(): unknown[];
}

/** Objects of this realm, for callers without scripts. */
export const plainObjects: ObjectMaker = { object: () => ({}), list: () => [] };

const MAX_DEPTH = 10_000;

type Value = bigint | number | boolean | string | Uint8Array | Values | Value[] | Map<unknown, Value>;

class Values {
  readonly type: MessageType;
  readonly byField = new Map<Field, Value>();

  constructor(type: MessageType) {
    this.type = type;
  }
}

/**
 * @throws ProtoDecodeError where the bytes are no such message
 * @throws ProtoFormError where the message has no JSON form
 */
export function decodeToJson(type: MessageType, bytes: Uint8Array, findType: FindType, make: ObjectMaker): unknown {
  const values = new Values(type);
  try {
    new WireFold(bytes).fold(values, 0);
    checkRequired(values);
    return new JsonForm(findType, make).message(values);
  } catch (error) {
    if (error instanceof RangeError) throw new ProtoDecodeError('proto: exceeded maximum recursion depth');
    throw error;
  }
}

/** What an empty message looks like. */
export function defaultsAsJson(type: MessageType, findType: FindType, make: ObjectMaker): unknown {
  return new JsonForm(findType, make).message(new Values(type));
}

function invalid(): ProtoDecodeError {
  return new ProtoDecodeError('proto: cannot parse invalid wire-format data');
}

class WireFold {
  readonly #bytes: Buffer;
  #at = 0;
  #end: number;
  /** The message of the field that is being read, for error texts. */
  #owner = '';

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#end = bytes.length;
  }

  /** @param group the number whose end tag closes the message, 0 for none */
  fold(into: Values, depth: number, group = 0): void {
    if (depth > MAX_DEPTH) throw new ProtoDecodeError('proto: exceeded maximum recursion depth');
    while (this.#at < this.#end) {
      const tag = this.#varint();
      const number = Number(tag >> 3n);
      const wireType = Number(tag & 7n);
      if (number < 1 || number > 0x1fffffff) throw invalid();
      if (wireType === 4) {
        if (number !== group) throw invalid();
        return;
      }
      const field = into.type.byNumber.get(number);
      if (!field || !this.#foldField(into, field, wireType, depth)) this.#skip(number, wireType, depth);
    }
    if (group !== 0) throw invalid();
  }

  /** @returns false where the wire type is not one of the field's: it counts as unknown */
  #foldField(into: Values, field: Field, wireType: number, depth: number): boolean {
    this.#owner = into.type.fullName;
    if (field.mapKey) {
      if (wireType !== 2) return false;
      this.#within(() => this.#entry(into, field, depth));
      return true;
    }
    if (field.messageType) {
      if (wireType !== (field.delimited ? 3 : 2)) return false;
      let target: Values;
      if (field.repeated) {
        target = new Values(field.messageType);
        listOf(into, field).push(target);
      } else {
        const present = into.byField.get(field);
        target = present instanceof Values ? present : new Values(field.messageType);
        set(into, field, target);
      }
      if (field.delimited) this.fold(target, depth + 1, field.number);
      else this.#within(() => this.fold(target, depth + 1));
      return true;
    }
    const own = wireTypeOf(field.type);
    if (field.repeated && wireType === 2 && own !== 2) {
      const list = listOf(into, field);
      this.#within(() => {
        while (this.#at < this.#end) list.push(this.#scalar(field, field.type as ScalarType));
      });
      return true;
    }
    if (wireType !== own) return false;
    const value = this.#scalar(field, field.type as ScalarType | 'enum');
    if (field.repeated) listOf(into, field).push(value);
    else set(into, field, value);
    return true;
  }

  #entry(into: Values, field: Field, depth: number): void {
    let key: Value = defaultOf(field.mapKey!);
    let value: Value | undefined;
    while (this.#at < this.#end) {
      const tag = this.#varint();
      const number = Number(tag >> 3n);
      const wireType = Number(tag & 7n);
      if (number === 0) throw invalid();
      if (number === 1 && wireType === wireTypeOf(field.mapKey!)) key = this.#scalar(field, field.mapKey!);
      else if (number === 2 && field.messageType && wireType === 2) {
        const target = value instanceof Values ? value : new Values(field.messageType);
        value = target;
        this.#within(() => this.fold(target, depth + 1));
      } else if (number === 2 && !field.messageType && wireType === wireTypeOf(field.type)) {
        value = this.#scalar(field, field.type as ScalarType | 'enum');
      } else this.#skip(number, wireType, depth);
    }
    let map = into.byField.get(field) as Map<unknown, Value> | undefined;
    if (!map) into.byField.set(field, (map = new Map()));
    const unset = field.messageType
      ? new Values(field.messageType)
      : field.enumType
        ? BigInt(field.enumType.first)
        : defaultOf(field.type as ScalarType);
    map.set(key, value ?? unset);
  }

  #scalar(field: Field, type: ScalarType | 'enum'): Value {
    switch (type) {
      case 'double':
        return this.#take(8).readDoubleLE();
      case 'float':
        return this.#take(4).readFloatLE();
      case 'fixed32':
        return BigInt(this.#take(4).readUInt32LE());
      case 'sfixed32':
        return BigInt(this.#take(4).readInt32LE());
      case 'fixed64':
        return this.#take(8).readBigUInt64LE();
      case 'sfixed64':
        return this.#take(8).readBigInt64LE();
      case 'int32':
      case 'enum':
        return BigInt.asIntN(32, this.#varint());
      case 'uint32':
        return BigInt.asUintN(32, this.#varint());
      case 'int64':
        return BigInt.asIntN(64, this.#varint());
      case 'uint64':
        return this.#varint();
      case 'sint32': {
        const value = BigInt.asUintN(32, this.#varint());
        return (value >> 1n) ^ -(value & 1n);
      }
      case 'sint64': {
        const value = this.#varint();
        return (value >> 1n) ^ -(value & 1n);
      }
      case 'bool':
        return this.#varint() !== 0n;
      case 'bytes':
        return Buffer.from(this.#take(this.#length()));
      case 'string': {
        const bytes = this.#take(this.#length());
        if (!isUtf8(bytes)) {
          const text = `proto: field ${this.#owner}.${field.name} contains invalid UTF-8`;
          throw field.verifyUtf8 ? new ProtoDecodeError(text) : new ProtoFormError(text);
        }
        return bytes.toString('utf8');
      }
    }
  }

  #within(read: () => void): void {
    const length = this.#length();
    const outer = this.#end;
    if (this.#at + length > outer) throw invalid();
    this.#end = this.#at + length;
    read();
    if (this.#at !== this.#end) throw invalid();
    this.#end = outer;
  }

  #skip(number: number, wireType: number, depth: number): void {
    switch (wireType) {
      case 0:
        this.#varint();
        return;
      case 1:
        this.#take(8);
        return;
      case 2:
        this.#take(this.#length());
        return;
      case 3:
        this.fold(new Values(NOTHING), depth + 1, number);
        return;
      case 5:
        this.#take(4);
        return;
      default:
        throw invalid();
    }
  }

  #length(): number {
    return Number(this.#varint());
  }

  #take(length: number): Buffer {
    if (length > this.#end - this.#at) throw invalid();
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.#at >= this.#end) throw invalid();
      const byte = this.#bytes[this.#at++]!;
      if (shift === 63n && byte > 1) throw invalid();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw invalid();
  }
}

const NOTHING = {
  fullName: '',
  fields: [],
  byNumber: new Map(),
  byName: new Map(),
  required: [],
  hasRequired: false,
} as unknown as MessageType;

/** Setting one member of a oneof clears the others. */
function set(into: Values, field: Field, value: Value): void {
  if (field.oneof !== null) {
    for (const other of into.byField.keys())
      if (other !== field && other.oneof === field.oneof) into.byField.delete(other);
  }
  into.byField.set(field, value);
}

function listOf(into: Values, field: Field): Value[] {
  let list = into.byField.get(field) as Value[] | undefined;
  if (!list) into.byField.set(field, (list = []));
  return list;
}

function defaultOf(type: ScalarType | 'enum'): Value {
  switch (type) {
    case 'double':
    case 'float':
      return 0;
    case 'bool':
      return false;
    case 'string':
      return '';
    case 'bytes':
      return new Uint8Array();
    default:
      return 0n;
  }
}

function checkRequired(values: Values): void {
  if (!values.type.hasRequired) return;
  for (const field of values.type.required) {
    if (!values.byField.has(field)) {
      throw new ProtoDecodeError(`proto: required field ${values.type.fullName}.${field.name} not set`);
    }
  }
  for (const value of values.byField.values()) {
    if (value instanceof Values) checkRequired(value);
    else if (Array.isArray(value)) for (const item of value) item instanceof Values && checkRequired(item);
    else if (value instanceof Map) for (const item of value.values()) item instanceof Values && checkRequired(item);
  }
}

class JsonForm {
  readonly #findType: FindType;
  readonly #make: ObjectMaker;

  constructor(findType: FindType, make: ObjectMaker) {
    this.#findType = findType;
    this.#make = make;
  }

  message(values: Values): unknown {
    const form = wellKnownForm(values.type.fullName);
    return form ? this.#wellKnown(form, values) : this.#members(values, this.#make.object());
  }

  #members(values: Values, out: Record<string, unknown>): Record<string, unknown> {
    for (const field of values.type.fields) {
      const value = values.byField.get(field);
      if (value !== undefined) put(out, field.jsonName, this.#field(field, value));
      else if (field.oneof !== null) continue;
      else put(out, field.jsonName, this.#unset(field));
    }
    return out;
  }

  #unset(field: Field): unknown {
    if (field.repeated) return this.#make.list();
    if (field.mapKey) return this.#make.object();
    if (field.presence) return null;
    if (field.enumType) return this.#enum(field, BigInt(field.enumType.first));
    return this.#single(field, defaultOf(field.type as ScalarType));
  }

  #field(field: Field, value: Value): unknown {
    if (Array.isArray(value)) {
      const list = this.#make.list();
      for (const item of value) list.push(this.#single(field, item));
      return list;
    }
    if (value instanceof Map) {
      const object = this.#make.object();
      for (const [key, item] of value) put(object, String(key), this.#single(field, item));
      return object;
    }
    return this.#single(field, value);
  }

  #enum(field: Field, value: bigint): unknown {
    if (field.enumType!.fullName === 'google.protobuf.NullValue') return null;
    return field.enumType!.names.get(Number(value)) ?? Number(value);
  }

  #single(field: Field, value: Value): unknown {
    if (value instanceof Values) return this.message(value);
    if (field.enumType) return this.#enum(field, value as bigint);
    switch (field.type) {
      case 'int64':
      case 'uint64':
      case 'sint64':
      case 'fixed64':
      case 'sfixed64':
        return String(value);
      case 'float':
        return fractionToJson(shortestFloat(value as number));
      case 'double':
        return fractionToJson(value as number);
      case 'bytes':
        return Buffer.from(value as Uint8Array).toString('base64');
      case 'bool':
      case 'string':
        return value;
      default:
        return Number(value);
    }
  }

  #wellKnown(form: NonNullable<ReturnType<typeof wellKnownForm>>, values: Values): unknown {
    const member = (number: number): Value | undefined => values.byField.get(values.type.byNumber.get(number)!);
    const name = values.type.fullName;
    switch (form) {
      case 'Empty':
        return this.#make.object();
      case 'wrapper': {
        const field = values.type.byNumber.get(1)!;
        return this.#single(field, member(1) ?? defaultOf(field.type as ScalarType));
      }
      case 'Timestamp':
      case 'Duration': {
        const time: SecondsNanos = { seconds: (member(1) as bigint | undefined) ?? 0n, nanos: Number(member(2) ?? 0n) };
        const text = form === 'Timestamp' ? formatTimestamp(time) : toDurationJson(time);
        if (text === undefined) {
          throw new ProtoFormError(`proto: ${name}: ${explainTime(time, form)}`);
        }
        return text;
      }
      case 'FieldMask': {
        const text = formatFieldMask((member(1) as string[] | undefined) ?? []);
        if (typeof text !== 'string')
          throw new ProtoFormError(`proto: ${name}.paths ${text.problem}: ${JSON.stringify(text.bad)}`);
        return text;
      }
      case 'Struct': {
        const field = values.type.byNumber.get(1)!;
        return this.#field(field, (member(1) as Map<unknown, Value> | undefined) ?? new Map());
      }
      case 'ListValue':
        return this.#field(values.type.byNumber.get(1)!, (member(1) as Value[] | undefined) ?? []);
      case 'Value':
        return this.#value(values);
      case 'Any':
        return this.#any(
          (member(1) as string | undefined) ?? '',
          (member(2) as Uint8Array | undefined) ?? new Uint8Array(),
        );
    }
  }

  #value(values: Values): unknown {
    const entry = values.byField.entries().next().value;
    if (!entry) throw new ProtoFormError('proto: google.protobuf.Value: none of the oneof fields is set');
    const [field, value] = entry;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      const shown = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
      throw new ProtoFormError(`proto: google.protobuf.Value.number_value cannot have ${shown} value`);
    }
    return this.#single(field, value);
  }

  #any(url: string, bytes: Uint8Array): unknown {
    const out = this.#make.object();
    if (url === '' && bytes.length === 0) return out;
    if (url === '') throw new ProtoFormError('proto: google.protobuf.Any: empty type URL');
    const type = this.#findType(url.slice(url.lastIndexOf('/') + 1));
    if (!type) throw new ProtoFormError(`proto: google.protobuf.Any: unable to resolve "${url}": not found`);
    const values = new Values(type);
    try {
      new WireFold(bytes).fold(values, 0);
    } catch {
      throw new ProtoFormError(
        `proto: google.protobuf.Any: unable to unmarshal "${url}": proto: cannot parse invalid wire-format data`,
      );
    }
    out['@type'] = url;
    if (!wellKnownForm(type.fullName)) return this.#members(values, out);
    out['value'] = this.message(values);
    return out;
  }
}

/** An assignment to `__proto__` would change the prototype. */
export function put(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else object[key] = value;
}
