// What the parser makes of .proto text: descriptors, and where in the text each part of them stands.
import type { EnumDescriptor, FieldDescriptor, FileDescriptor, MessageDescriptor } from './file-descriptor.ts';

/** Offsets of the text. */
export type Place = number;

export type OptionValue =
  | { readonly kind: 'word' | 'string' | 'number'; readonly text: string; readonly at: Place }
  | { readonly kind: 'aggregate'; readonly members: readonly OptionMember[]; readonly at: Place }
  | { readonly kind: 'list'; readonly values: readonly OptionValue[]; readonly at: Place };

/** `name: value` in an aggregate; names of extensions in brackets. */
export interface OptionMember {
  readonly name: string;
  readonly at: Place;
  readonly value: OptionValue;
}

export interface NamePart {
  readonly text: string;
  /** Written in parentheses. */
  readonly extension: boolean;
  readonly at: Place;
}

export interface OptionSource {
  readonly name: readonly NamePart[];
  readonly value: OptionValue;
}

export interface SourceField extends FieldDescriptor {
  readonly at: Place;
  typeAt: Place;
  numberAt: Place;
  options: OptionSource[];
  /** Of extensions. */
  extendeeAt?: Place;
  /** Whether it was written with optional, required or repeated. */
  labelled: boolean;
}

export interface NumberRange {
  readonly from: number;
  /** Included. */
  readonly to: number;
  readonly at: Place;
}

export interface Reservations {
  readonly ranges: NumberRange[];
  readonly names: Set<string>;
}

export interface SourceEnum extends EnumDescriptor {
  readonly at: Place;
  readonly valuesAt: { readonly at: Place; readonly numberAt: Place; readonly options: OptionSource[] }[];
  readonly options: OptionSource[];
  readonly reserved: Reservations;
}

export interface SourceMessage extends MessageDescriptor {
  readonly at: Place;
  readonly fields: SourceField[];
  readonly extensions: SourceField[];
  readonly messages: SourceMessage[];
  readonly enums: SourceEnum[];
  readonly oneofsAt: { readonly at: Place; readonly options: OptionSource[] }[];
  readonly options: OptionSource[];
  readonly reserved: Reservations;
  readonly extensionRanges: NumberRange[];
}

export interface SourceMethod {
  readonly name: string;
  input: string;
  output: string;
  readonly clientStreaming: boolean;
  readonly serverStreaming: boolean;
  readonly at: Place;
  readonly inputAt: Place;
  readonly outputAt: Place;
  readonly options: OptionSource[];
}

export interface SourceService {
  readonly name: string;
  readonly methods: SourceMethod[];
  readonly at: Place;
  readonly options: OptionSource[];
}

export interface ImportSource {
  readonly name: string;
  readonly public: boolean;
  readonly at: Place;
}

export interface SourceFile extends FileDescriptor {
  readonly messages: SourceMessage[];
  readonly enums: SourceEnum[];
  readonly services: SourceService[];
  readonly extensions: SourceField[];
  readonly imports: ImportSource[];
  readonly options: OptionSource[];
  packageAt: Place;
}
