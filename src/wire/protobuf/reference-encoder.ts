// JSON text → wire bytes, for every case and with protojson's error texts. Correct first: the generated codec hands over
// to this one whatever is unusual.
import { nearestNames } from '../../codes/nearest-names.ts';
import { ProtoJsonError } from './codec-errors.ts';
import { enumFromJson, mapKeyFromJson, type Scalar, scalarFromJson } from './json-scalars.ts';
import { type JsonName, type JsonNode, parseJsonTree } from './json-tree.ts';
import type { Field, MessageType, ScalarType } from './schema/message-type.ts';
import { parseFieldMask, parseJsonDuration, parseTimestamp } from './time-json.ts';
import { wellKnownForm } from './well-known.ts';
import { WireWriter } from './wire-writer.ts';

/** Finds the type of an Any by its full name. */
export type FindType = (fullName: string) => MessageType | undefined;

const MAX_DEPTH = 10_000;

/**
 * @param json what JSON.stringify made of the script's value
 * @throws ProtoJsonError with the place in that text
 */
export function encodeJsonText(type: MessageType, json: string, findType: FindType): Buffer {
  const encoder = new ReferenceEncoder(json, findType);
  const bytes = encoder.message(type, parseJsonTree(json), 0);
  if (encoder.missing !== null) throw new ProtoJsonError(`proto: required field ${encoder.missing} not set`);
  return bytes;
}

class ReferenceEncoder {
  /** The full name of the first required field that is not set: told only when all else fits. */
  missing: string | null = null;
  readonly #json: string;
  readonly #findType: FindType;

  constructor(json: string, findType: FindType) {
    this.#json = json;
    this.#findType = findType;
  }

  message(type: MessageType, node: JsonNode, depth: number): Buffer {
    if (depth > MAX_DEPTH) throw new ProtoJsonError('proto: exceeded max recursion depth');
    const out = new WireWriter();
    if (wellKnownForm(type.fullName)) this.#wellKnown(type, node, out, depth);
    else this.#members(type, node, out, depth, false);
    return out.finish();
  }

  #members(type: MessageType, node: JsonNode, out: WireWriter, depth: number, inAny: boolean): void {
    if (node.kind !== 'object') throw this.#unexpected(node);
    const seen = new Set<Field>();
    const oneofs = new Set<string>();
    for (const [name, value] of node.members) {
      if (inAny && name.text === '@type') continue;
      const field = type.byName.get(name.text);
      if (!field) throw this.#error(name.at, `unknown field ${name.raw}${nearestField(type, name.text)}`);
      if (seen.has(field)) throw this.#error(name.at, `duplicate field ${name.raw}`);
      seen.add(field);
      if (value.kind === 'null' && !takesNull(field)) continue;
      if (field.repeated) this.#list(field, value, out, depth);
      else if (field.mapKey) this.#map(field, value, out, depth);
      else {
        if (field.oneof !== null) {
          if (oneofs.has(field.oneof)) {
            throw this.#error(name.at, `error parsing ${name.raw}, oneof ${field.oneof} is already set`);
          }
          oneofs.add(field.oneof);
        }
        this.#single(field, value, out, depth, !field.presence);
      }
    }
    if (type.required.length > 0) {
      const set = new Set(
        node.members.filter(([, value]) => value.kind !== 'null').map(([name]) => type.byName.get(name.text)),
      );
      for (const field of type.required) if (!set.has(field)) this.missing ??= `${type.fullName}.${field.name}`;
    }
  }

  #list(field: Field, node: JsonNode, out: WireWriter, depth: number): void {
    if (node.kind !== 'list') throw this.#unexpected(node);
    if (field.packed) {
      if (node.items.length === 0) return;
      const packed = new WireWriter();
      for (const item of node.items) {
        if (field.enumType) packed.varint(this.#enum(field, item));
        else writeScalar(field.type as ScalarType, this.#scalar(field, item), packed);
      }
      out.tag(field.number, 2);
      out.block(packed.finish());
    } else for (const item of node.items) this.#single(field, item, out, depth, false);
  }

  #map(field: Field, node: JsonNode, out: WireWriter, depth: number): void {
    if (node.kind !== 'object') throw this.#unexpected(node);
    const seen = new Set<Scalar>();
    for (const [name, value] of node.members) {
      const key = this.#mapKey(field, name);
      if (seen.has(key)) throw this.#error(name.at, `duplicate map key ${name.raw}`);
      seen.add(key);
      const entry = new WireWriter();
      entry.tag(1, wireTypeOf(field.mapKey!));
      writeScalar(field.mapKey!, key, entry);
      this.#single({ ...field, number: 2, jsonName: 'value' }, value, entry, depth, false);
      out.tag(field.number, 2);
      out.block(entry.finish());
    }
  }

  #mapKey(field: Field, name: JsonName): Scalar {
    const key = mapKeyFromJson(field.mapKey!, name.text);
    if (key === undefined) throw this.#error(name.at, `invalid value for ${field.mapKey} key: ${name.raw}`);
    return key;
  }

  /** One value with its tag. */
  #single(field: Field, node: JsonNode, out: WireWriter, depth: number, skipDefault: boolean): void {
    if (field.messageType) {
      const bytes = this.message(field.messageType, node, depth + 1);
      if (field.delimited) {
        out.tag(field.number, 3);
        out.raw(bytes);
        out.tag(field.number, 4);
      } else {
        out.tag(field.number, 2);
        out.block(bytes);
      }
    } else if (field.enumType) {
      const number = this.#enum(field, node);
      if (skipDefault && number === 0n) return;
      out.tag(field.number, 0);
      out.varint(number);
    } else {
      const value = this.#scalar(field, node);
      if (skipDefault && isDefault(value)) return;
      out.tag(field.number, wireTypeOf(field.type as ScalarType));
      writeScalar(field.type as ScalarType, value, out);
    }
  }

  #scalar(field: Field, node: JsonNode): Scalar {
    const value = scalarFromJson(field.type as ScalarType, node);
    if (value === undefined) throw this.#invalid(field.type, field.jsonName, node);
    return value;
  }

  #enum(field: Field, node: JsonNode): bigint {
    const value = enumFromJson(field.enumType!, node);
    if (value === undefined) throw this.#invalid('enum', field.jsonName, node);
    return value;
  }

  #wellKnown(type: MessageType, node: JsonNode, out: WireWriter, depth: number): void {
    switch (wellKnownForm(type.fullName)) {
      case 'Any':
        this.#any(node, out, depth);
        return;
      case 'Empty': {
        if (node.kind !== 'object') throw this.#unexpected(node);
        const member = node.members[0];
        if (member) throw this.#error(member[0].at, `unknown field ${member[0].raw}`);
        return;
      }
      case 'Timestamp':
      case 'Duration': {
        if (node.kind !== 'string') throw this.#unexpected(node);
        const time = type.fullName.endsWith('Timestamp') ? parseTimestamp(node.text) : parseJsonDuration(node.text);
        if (time === 'invalid') throw this.#error(node.at, `invalid ${type.fullName} value ${node.raw}`);
        if (time === 'out of range') throw this.#error(node.at, `${type.fullName} value out of range: ${node.raw}`);
        if (time.seconds !== 0n) {
          out.tag(1, 0);
          out.varint(time.seconds);
        }
        if (time.nanos !== 0) {
          out.tag(2, 0);
          out.varint(BigInt(time.nanos));
        }
        return;
      }
      case 'FieldMask': {
        if (node.kind !== 'string') throw this.#unexpected(node);
        const paths = parseFieldMask(node.text);
        if (!Array.isArray(paths)) {
          throw this.#error(node.at, `${type.fullName}.paths contains invalid path: ${JSON.stringify(paths.bad)}`);
        }
        for (const path of paths) {
          out.tag(1, 2);
          out.block(Buffer.from(path));
        }
        return;
      }
      case 'Struct': {
        if (node.kind !== 'object') throw this.#unexpected(node);
        this.#map(type.byNumber.get(1)!, node, out, depth);
        return;
      }
      case 'ListValue': {
        if (node.kind !== 'list') throw this.#unexpected(node);
        this.#list(type.byNumber.get(1)!, node, out, depth);
        return;
      }
      case 'Value':
        this.#value(type, node, out, depth);
        return;
      default:
        this.#single(type.byNumber.get(1)!, node, out, depth, true);
        return;
    }
  }

  #value(type: MessageType, node: JsonNode, out: WireWriter, depth: number): void {
    const number = { null: 1, number: 2, string: 3, true: 4, false: 4, object: 5, list: 6 }[node.kind];
    this.#single(type.byNumber.get(number)!, node, out, depth, false);
  }

  #any(node: JsonNode, out: WireWriter, depth: number): void {
    if (node.kind !== 'object') throw this.#unexpected(node);
    if (node.members.length === 0) return;
    const given = node.members.filter(([name]) => name.text === '@type');
    const url = given[0]?.[1];
    if (!url) throw this.#error(node.at, 'missing "@type" field');
    if (given.length > 1) throw this.#error(given[1]![0].at, 'duplicate "@type" field');
    if (url.kind !== 'string') throw this.#error(url.at, `@type field value is not a string: ${url.raw}`);
    if (url.text === '') throw this.#error(url.at, '@type field contains empty value');
    const type = this.#findType(url.text.slice(url.text.lastIndexOf('/') + 1));
    if (!type) throw this.#error(node.at, `unable to resolve ${url.raw}: "not found"`);
    out.tag(1, 2);
    out.block(Buffer.from(url.text));
    const inner = new WireWriter();
    if (wellKnownForm(type.fullName)) {
      let value: JsonNode | undefined;
      for (const [name, member] of node.members) {
        if (name.text === '@type') continue;
        if (name.text !== 'value') throw this.#error(name.at, `unknown field ${name.raw}`);
        if (value) throw this.#error(name.at, 'duplicate "value" field');
        value = member;
      }
      if (!value && !type.fullName.endsWith('.Empty')) throw this.#error(node.at, 'missing "value" field');
      if (value) this.#wellKnown(type, value, inner, depth + 1);
    } else this.#members(type, node, inner, depth + 1, true);
    const bytes = inner.finish();
    if (bytes.length > 0) {
      out.tag(2, 2);
      out.block(bytes);
    }
  }

  #invalid(kind: string, name: string, node: JsonNode): ProtoJsonError {
    return this.#error(node.at, `invalid value for ${kind} field ${name}: ${node.raw}`);
  }

  #unexpected(node: JsonNode): ProtoJsonError {
    return new ProtoJsonError(`proto: syntax error ${this.#place(node.at)}: unexpected token ${node.raw}`);
  }

  #error(at: number, text: string): ProtoJsonError {
    return new ProtoJsonError(`proto: ${this.#place(at)}: ${text}`);
  }

  /** Columns count characters, not UTF-16 units. */
  #place(at: number): string {
    return `(line 1:${[...this.#json.slice(0, at)].length + 1})`;
  }
}

/** What protojson does not say: the field that was probably meant. */
function nearestField(type: MessageType, name: string): string {
  const names = type.fields.map(({ jsonName }) => jsonName);
  const [near] = nearestNames(name, names, 1);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

function takesNull(field: Field): boolean {
  if (field.repeated || field.mapKey) return false;
  return (
    field.messageType?.fullName === 'google.protobuf.Value' || field.enumType?.fullName === 'google.protobuf.NullValue'
  );
}

function isDefault(value: Scalar): boolean {
  if (typeof value === 'object') return value.length === 0;
  return value === 0n || value === false || value === '' || Object.is(value, 0);
}

/** The wire type of a tag (protobuf encoding: 0 varint, 1 64 bits, 2 length-delimited, 5 32 bits). */
export function wireTypeOf(type: ScalarType | 'enum' | 'message'): number {
  switch (type) {
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return 1;
    case 'float':
    case 'fixed32':
    case 'sfixed32':
      return 5;
    case 'string':
    case 'bytes':
    case 'message':
      return 2;
    default:
      return 0;
  }
}

function writeScalar(type: ScalarType, value: Scalar, out: WireWriter): void {
  switch (type) {
    case 'double':
      out.double(value as number);
      return;
    case 'float':
      out.float(value as number);
      return;
    case 'fixed32':
    case 'sfixed32':
      out.fixed32(value as bigint);
      return;
    case 'fixed64':
    case 'sfixed64':
      out.fixed64(value as bigint);
      return;
    case 'sint32':
    case 'sint64':
      out.varint(((value as bigint) << 1n) ^ ((value as bigint) >> 63n));
      return;
    case 'bool':
      out.varint(value ? 1n : 0n);
      return;
    case 'string':
      out.block(Buffer.from(value as string));
      return;
    case 'bytes':
      out.block(value as Uint8Array);
      return;
    default:
      out.varint(value as bigint);
      return;
  }
}
