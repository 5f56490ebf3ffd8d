// JSON Schema (2020-12) as values of which the compiler knows what they describe: the service checks by them, its OpenAPI document shows
// them, and the types of the client are theirs.

export interface TextSchema {
  readonly type: 'string';
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}
export interface NumberSchema {
  readonly type: 'integer' | 'number';
  readonly minimum?: number;
  readonly maximum?: number;
}
export interface BooleanSchema {
  readonly type: 'boolean';
}
export interface ChoiceSchema<V extends string = string> {
  readonly enum: readonly V[];
}
export interface ListSchema<I extends Schema = Schema> {
  readonly type: 'array';
  readonly items: I;
  readonly maxItems?: number;
}
export interface MapSchema<V extends Schema = Schema> {
  readonly type: 'object';
  readonly additionalProperties: V;
  readonly maxProperties?: number;
}
export interface OpenSchema {
  readonly type: 'object';
  readonly additionalProperties: true;
}
export interface NullableSchema<S extends Schema = Schema> {
  readonly anyOf: readonly [S, { readonly type: 'null' }];
}
export type Properties = Readonly<Record<string, Schema>>;
export interface ObjectSchema<P extends Properties = Properties, O extends Properties = Properties> {
  readonly type: 'object';
  readonly properties: P & O;
  readonly required: readonly string[];
  readonly additionalProperties: false;
  /** For the compiler alone. */
  readonly parts?: readonly [P, O];
}

export type Schema =
  | TextSchema
  | NumberSchema
  | BooleanSchema
  | { readonly enum: readonly string[] }
  | { readonly type: 'array'; readonly items: unknown; readonly maxItems?: number }
  | { readonly type: 'object'; readonly additionalProperties: unknown }
  | { readonly anyOf: readonly unknown[] };

/** What a schema describes. */
export type Data<S> =
  S extends ObjectSchema<infer P, infer O>
    ? { readonly [K in keyof P]: Data<P[K]> } & { readonly [K in keyof O]?: Data<O[K]> }
    : S extends OpenSchema
      ? Readonly<Record<string, unknown>>
      : S extends MapSchema<infer V>
        ? Readonly<Record<string, Data<V>>>
        : S extends ListSchema<infer I>
          ? readonly Data<I>[]
          : S extends NullableSchema<infer N>
            ? Data<N> | null
            : S extends ChoiceSchema<infer V>
              ? V
              : S extends TextSchema
                ? string
                : S extends NumberSchema
                  ? number
                  : S extends BooleanSchema
                    ? boolean
                    : unknown;

/** @param limits in characters; unless given at most 1,000 */
export function text(limits: Omit<TextSchema, 'type'> = {}): TextSchema {
  return { type: 'string', maxLength: 1000, ...limits };
}

export function count(minimum = 0, maximum = Number.MAX_SAFE_INTEGER): NumberSchema {
  return { type: 'integer', minimum, maximum };
}

export const number: NumberSchema = { type: 'number' };
export const flag: BooleanSchema = { type: 'boolean' };
/** Ms since the epoch. */
export const time: NumberSchema = { type: 'integer', minimum: 0 };
export const identifier: TextSchema = { type: 'string', minLength: 1, maxLength: 64 };
export const anyObject: OpenSchema = { type: 'object', additionalProperties: true };

export function oneOf<const V extends string>(...values: readonly V[]): ChoiceSchema<V> {
  return { enum: values };
}

export function list<I extends Schema>(items: I, maxItems?: number): ListSchema<I> {
  return { type: 'array', items, ...(maxItems !== undefined && { maxItems }) };
}

export function mapOf<V extends Schema>(values: V, maxProperties = 200): MapSchema<V> {
  return { type: 'object', additionalProperties: values, maxProperties };
}

export function nullable<S extends Schema>(schema: S): NullableSchema<S> {
  return { anyOf: [schema, { type: 'null' }] };
}

/** @param properties that have to be there @param optional that may */
export function object<P extends Properties, O extends Properties = Record<never, never>>(
  properties: P,
  optional?: O,
): ObjectSchema<P, O> {
  return {
    type: 'object',
    properties: { ...properties, ...optional } as P & O,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}
