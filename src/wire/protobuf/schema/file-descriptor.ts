// google.protobuf.FileDescriptorProto, as far as codecs need it, read straight from its bytes.
import { SchemaError } from './message-type.ts';
import { readFields } from './wire-reader.ts';

/** The features of editions; undefined where a level does not set them. */
export interface Features {
  fieldPresence?: number;
  enumType?: number;
  repeatedEncoding?: number;
  utf8Validation?: number;
  messageEncoding?: number;
  jsonFormat?: number;
}

export interface FieldDescriptor {
  name: string;
  number: number;
  label: number;
  type: number;
  typeName: string;
  /** The message that an extension extends; '' for ordinary fields. */
  extendee: string;
  jsonName: string;
  oneofIndex: number;
  proto3Optional: boolean;
  packed: boolean | undefined;
  features: Features;
}

export interface EnumDescriptor {
  name: string;
  values: [name: string, number: number][];
  features?: Features;
}

export interface MessageDescriptor {
  name: string;
  fields: FieldDescriptor[];
  messages: MessageDescriptor[];
  enums: EnumDescriptor[];
  extensions: FieldDescriptor[];
  oneofs: string[];
  /** Of parsed text: where they stand. */
  readonly oneofsAt?: readonly object[];
  mapEntry: boolean;
  features: Features;
}

export interface ServiceDescriptor {
  name: string;
  methods: { name: string; input: string; output: string; clientStreaming: boolean; serverStreaming: boolean }[];
}

export interface FileDescriptor {
  name: string;
  package: string;
  dependencies: string[];
  /** Indexes of the dependencies whose types are visible to those who import this file. */
  publicDependencies: number[];
  messages: MessageDescriptor[];
  enums: EnumDescriptor[];
  services: ServiceDescriptor[];
  extensions: FieldDescriptor[];
  /** '' is proto2. */
  syntax: string;
  edition: number;
  features: Features;
}

type Value = number | Uint8Array;
type Setters<T> = Record<number, (into: T, value: Value) => void>;

const text = (value: Value): string => (typeof value === 'number' ? '' : Buffer.from(value).toString('utf8'));
const bytes = (value: Value): Uint8Array => (typeof value === 'number' ? new Uint8Array() : value);
/** Enough of a varint for an int32, which travels sign-extended to 64 bits. */
const int = (value: Value): number => (typeof value === 'number' ? value | 0 : 0);

function read<T>(from: Uint8Array, into: T, setters: Setters<T>): T {
  for (const field of readFields(from)) setters[field.number]?.(into, field.value);
  return into;
}

const FEATURES: Setters<Features> = {
  1: (f, v) => (f.fieldPresence = int(v)),
  2: (f, v) => (f.enumType = int(v)),
  3: (f, v) => (f.repeatedEncoding = int(v)),
  4: (f, v) => (f.utf8Validation = int(v)),
  5: (f, v) => (f.messageEncoding = int(v)),
  6: (f, v) => (f.jsonFormat = int(v)),
};

/** Options messages hold their features under different numbers. */
function readFeatures(options: Value, number: number): Features {
  const features: Features = {};
  for (const field of readFields(bytes(options)))
    if (field.number === number) read(bytes(field.value), features, FEATURES);
  return features;
}

const FIELD: Setters<FieldDescriptor> = {
  1: (f, v) => (f.name = text(v)),
  2: (f, v) => (f.extendee = text(v)),
  3: (f, v) => (f.number = int(v)),
  4: (f, v) => (f.label = int(v)),
  5: (f, v) => (f.type = int(v)),
  6: (f, v) => (f.typeName = text(v)),
  8: (f, v) => {
    f.features = readFeatures(v, 21);
    for (const option of readFields(bytes(v))) if (option.number === 2) f.packed = int(option.value) !== 0;
  },
  9: (f, v) => (f.oneofIndex = int(v)),
  10: (f, v) => (f.jsonName = text(v)),
  17: (f, v) => (f.proto3Optional = int(v) !== 0),
};

const ENUM: Setters<EnumDescriptor> = {
  1: (e, v) => (e.name = text(v)),
  2: (e, v) => {
    const value: [string, number] = ['', 0];
    for (const field of readFields(bytes(v))) {
      if (field.number === 1) value[0] = text(field.value);
      if (field.number === 2) value[1] = int(field.value);
    }
    e.values.push(value);
  },
};

const MESSAGE: Setters<MessageDescriptor> = {
  1: (m, v) => (m.name = text(v)),
  2: (m, v) => m.fields.push(readField(bytes(v))),
  3: (m, v) => m.messages.push(readMessage(bytes(v))),
  4: (m, v) => m.enums.push(read(bytes(v), { name: '', values: [] }, ENUM)),
  6: (m, v) => m.extensions.push(readField(bytes(v))),
  7: (m, v) => {
    m.features = readFeatures(v, 12);
    for (const option of readFields(bytes(v))) if (option.number === 7) m.mapEntry = int(option.value) !== 0;
  },
  8: (m, v) => {
    for (const field of readFields(bytes(v))) if (field.number === 1) m.oneofs.push(text(field.value));
  },
};

const SERVICE: Setters<ServiceDescriptor> = {
  1: (s, v) => (s.name = text(v)),
  2: (s, v) => {
    const method = { name: '', input: '', output: '', clientStreaming: false, serverStreaming: false };
    s.methods.push(
      read(bytes(v), method, {
        1: (m, x) => (m.name = text(x)),
        2: (m, x) => (m.input = text(x)),
        3: (m, x) => (m.output = text(x)),
        5: (m, x) => (m.clientStreaming = int(x) !== 0),
        6: (m, x) => (m.serverStreaming = int(x) !== 0),
      }),
    );
  },
};

const FILE: Setters<FileDescriptor> = {
  1: (f, v) => (f.name = text(v)),
  2: (f, v) => (f.package = text(v)),
  3: (f, v) => f.dependencies.push(text(v)),
  4: (f, v) => f.messages.push(readMessage(bytes(v))),
  5: (f, v) => f.enums.push(read(bytes(v), { name: '', values: [] }, ENUM)),
  6: (f, v) => f.services.push(read(bytes(v), { name: '', methods: [] }, SERVICE)),
  7: (f, v) => f.extensions.push(readField(bytes(v))),
  8: (f, v) => (f.features = readFeatures(v, 50)),
  10: (f, v) => f.publicDependencies.push(int(v)),
  12: (f, v) => (f.syntax = text(v)),
  14: (f, v) => (f.edition = int(v)),
};

function readField(from: Uint8Array): FieldDescriptor {
  const field: FieldDescriptor = {
    name: '',
    number: 0,
    label: 1,
    type: 0,
    typeName: '',
    extendee: '',
    jsonName: '',
    oneofIndex: -1,
    proto3Optional: false,
    packed: undefined,
    features: {},
  };
  return read(from, field, FIELD);
}

function readMessage(from: Uint8Array): MessageDescriptor {
  const message: MessageDescriptor = {
    name: '',
    fields: [],
    messages: [],
    enums: [],
    extensions: [],
    oneofs: [],
    mapEntry: false,
    features: {},
  };
  return read(from, message, MESSAGE);
}

/** @throws SchemaError where the bytes are none */
export function readFileDescriptor(from: Uint8Array): FileDescriptor {
  const file: FileDescriptor = {
    name: '',
    package: '',
    dependencies: [],
    publicDependencies: [],
    messages: [],
    enums: [],
    services: [],
    extensions: [],
    syntax: '',
    edition: 0,
    features: {},
  };
  try {
    return read(from, file, FILE);
  } catch (error) {
    throw new SchemaError(`these bytes are no file descriptor: ${(error as Error).message}`);
  }
}

/**
 * The files of a FileDescriptorSet (`protoc --descriptor_set_out`), each as bytes.
 * @throws SchemaError where the bytes are none
 */
export function splitDescriptorSet(from: Uint8Array): Uint8Array[] {
  const files: Uint8Array[] = [];
  try {
    for (const field of readFields(from)) {
      if (field.number === 1 && typeof field.value !== 'number') files.push(field.value);
    }
  } catch (error) {
    throw new SchemaError(`proto: cannot parse invalid wire-format data: ${(error as Error).message}`);
  }
  return files;
}
