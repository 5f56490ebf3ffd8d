// The types of google.protobuf whose JSON form is not an object of their fields.
import type { ScalarType } from './schema/message-type.ts';

const WRAPPERS: Readonly<Record<string, ScalarType>> = {
  DoubleValue: 'double',
  FloatValue: 'float',
  Int64Value: 'int64',
  UInt64Value: 'uint64',
  Int32Value: 'int32',
  UInt32Value: 'uint32',
  BoolValue: 'bool',
  StringValue: 'string',
  BytesValue: 'bytes',
};

export type WellKnown =
  | 'Any'
  | 'Timestamp'
  | 'Duration'
  | 'FieldMask'
  | 'Struct'
  | 'Value'
  | 'ListValue'
  | 'Empty'
  | 'wrapper';

const SPECIAL = new Set(['Any', 'Timestamp', 'Duration', 'FieldMask', 'Struct', 'Value', 'ListValue', 'Empty']);
const PREFIX = 'google.protobuf.';

/** @returns null for ordinary messages */
export function wellKnownForm(fullName: string): WellKnown | null {
  if (!fullName.startsWith(PREFIX)) return null;
  const name = fullName.slice(PREFIX.length);
  if (SPECIAL.has(name)) return name as WellKnown;
  return Object.hasOwn(WRAPPERS, name) ? 'wrapper' : null;
}
