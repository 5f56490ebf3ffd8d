// What one client knows: the schemas that it loaded, with codecs that all clients of a worker share.
import { type CodecRealm, hostRealm, MessageCodec } from './message-codec.ts';
import type { FindType } from './reference-encoder.ts';
import { schemaFromDescriptors } from './schema/descriptor-schema.ts';
import { splitDescriptorSet } from './schema/file-descriptor.ts';
import type { MessageType, MethodType, Schema } from './schema/message-type.ts';
import { type ReadSource, schemaFromSources } from './schema/proto-source.ts';

export interface MethodDescriptor {
  /** '/package.Service/Method' */
  readonly fullName: string;
  readonly package: string;
  /** Without the package. */
  readonly service: string;
  readonly name: string;
  readonly input: MessageCodec;
  readonly output: MessageCodec;
  readonly clientStreaming: boolean;
  readonly serverStreaming: boolean;
}

/** A schema with the codecs of its methods, made as they are asked for. */
class LoadedSchema {
  readonly schema: Schema;
  readonly methods = new Map<string, MethodDescriptor>();

  constructor(schema: Schema, codecOf: (type: MessageType) => MessageCodec) {
    this.schema = schema;
    for (const method of schema.methods) this.methods.set(method.fullName, describe(method, codecOf));
  }
}

function describe(method: MethodType, codecOf: (type: MessageType) => MessageCodec): MethodDescriptor {
  return { ...method, input: codecOf(method.input), output: codecOf(method.output) };
}

interface SourceLoad {
  /** Every file that was asked for and what it held. */
  readonly sources: readonly (readonly [file: string, text: string | undefined])[];
  readonly loaded: LoadedSchema;
}

/** One per worker: what was read once is shared by every client that loads the same contents. */
export class SchemaCache {
  readonly #realm: CodecRealm;
  readonly #codecs = new WeakMap<MessageType, MessageCodec>();
  readonly #bySources = new Map<string, SourceLoad[]>();
  readonly #byBytes = new Map<string, LoadedSchema>();

  constructor(realm: CodecRealm = hostRealm) {
    this.#realm = realm;
  }

  /** @throws SchemaError with file, line and column */
  fromSources(importPaths: readonly string[], files: readonly string[], read: ReadSource): LoadedSchema {
    const key = JSON.stringify([importPaths, files]);
    let loads = this.#bySources.get(key);
    if (!loads) this.#bySources.set(key, (loads = []));
    const known = loads.find((load) => load.sources.every(([file, text]) => read(file) === text));
    if (known) return known.loaded;
    const sources: [string, string | undefined][] = [];
    const schema = schemaFromSources(importPaths, files, (file) => {
      const text = read(file);
      sources.push([file, text]);
      return text;
    });
    const loaded = new LoadedSchema(schema, this.#codecOf);
    loads.push({ sources, loaded });
    return loaded;
  }

  /**
   * @param files FileDescriptorProto messages
   * @throws SchemaError
   */
  fromDescriptors(files: readonly Uint8Array[]): LoadedSchema {
    const key = files
      .map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'))
      .sort()
      .join('\0');
    let loaded = this.#byBytes.get(key);
    if (!loaded) this.#byBytes.set(key, (loaded = new LoadedSchema(schemaFromDescriptors(files), this.#codecOf)));
    return loaded;
  }

  readonly #codecOf = (type: MessageType): MessageCodec => {
    let codec = this.#codecs.get(type);
    if (!codec) this.#codecs.set(type, (codec = new MessageCodec(type, this.#realm)));
    return codec;
  };
}

export class ProtoRegistry {
  readonly #cache: SchemaCache;
  readonly #schemas: LoadedSchema[] = [];
  /** Resolves the types of Any among all that was loaded. */
  readonly findType: FindType = (fullName) => {
    for (const { schema } of this.#schemas) {
      const type = schema.messages.get(fullName);
      if (type) return type;
    }
    return undefined;
  };

  constructor(cache: SchemaCache) {
    this.#cache = cache;
  }

  /**
   * @param importPaths absolute folders
   * @param files relative to one of them
   * @param read a file's text, or undefined where there is none
   * @returns the methods of these files and of what they import
   * @throws SchemaError with file, line and column
   */
  load(importPaths: readonly string[], files: readonly string[], read: ReadSource): readonly MethodDescriptor[] {
    return this.#add(this.#cache.fromSources(importPaths, files, read));
  }

  /**
   * @param bytes a FileDescriptorSet, as `protoc --include_imports --descriptor_set_out` writes it
   * @throws SchemaError
   */
  loadProtoset(bytes: Uint8Array): readonly MethodDescriptor[] {
    return this.#add(this.#cache.fromDescriptors(splitDescriptorSet(bytes)));
  }

  /** What a server's reflection answered: FileDescriptorProto messages, imports included. */
  addFileDescriptors(files: readonly Uint8Array[]): readonly MethodDescriptor[] {
    return this.#add(this.#cache.fromDescriptors(files));
  }

  /** @param fullName '/package.Service/Method' */
  method(fullName: string): MethodDescriptor | undefined {
    for (const loaded of this.#schemas) {
      const method = loaded.methods.get(fullName);
      if (method) return method;
    }
    return undefined;
  }

  /** The full names of all methods, to propose one. */
  *methodNames(): Generator<string> {
    for (const { methods } of this.#schemas) yield* methods.keys();
  }

  #add(loaded: LoadedSchema): readonly MethodDescriptor[] {
    if (!this.#schemas.includes(loaded)) this.#schemas.push(loaded);
    return [...loaded.methods.values()];
  }
}
