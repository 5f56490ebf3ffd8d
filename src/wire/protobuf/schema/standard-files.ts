// The files that every compiler brings along: google/protobuf with its language features and the compiler's plugin, and
// google/rpc. They are read when a schema first imports them.
import { createRequire } from 'node:module';
import type * as Protobuf from '@bufbuild/protobuf';
import { type FileDescriptor, readFileDescriptor } from './file-descriptor.ts';
import { GOOGLE_RPC } from './google-rpc.ts';

const require = createRequire(import.meta.url);
let byName: ReadonlyMap<string, Protobuf.DescFile> | null = null;

/** @param name as in an import: `google/protobuf/any.proto` @returns undefined where no such file comes along */
export function standardDescriptor(name: string): FileDescriptor | undefined {
  if (!name.startsWith('google/protobuf/')) return undefined;
  const known = require('@bufbuild/protobuf/wkt') as Record<string, unknown> & {
    FileDescriptorProtoSchema: Parameters<typeof Protobuf.toBinary>[0];
  };
  if (!byName) {
    const files = Object.entries(known).flatMap(([key, file]) =>
      key.startsWith('file_') ? [file as Protobuf.DescFile] : [],
    );
    byName = new Map(files.map((file) => [file.proto.name, file]));
  }
  const file = byName.get(name);
  if (!file) return undefined;
  const { toBinary } = require('@bufbuild/protobuf') as typeof Protobuf;
  return readFileDescriptor(toBinary(known.FileDescriptorProtoSchema, file.proto));
}

/** The .proto text of a file of google/rpc. */
export function standardText(name: string): string | undefined {
  return Object.hasOwn(GOOGLE_RPC, name) ? GOOGLE_RPC[name] : undefined;
}
