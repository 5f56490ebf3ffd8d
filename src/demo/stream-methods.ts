// What the target serves as streams: reflection (https://grpc.io/docs/guides/reflection/) and the watching of health
// (https://grpc.io/docs/guides/health-checking/).
import { BinaryReader, BinaryWriter, type WireType } from '@bufbuild/protobuf/wire';
import { descriptorOfFile, descriptorOfSymbol, SERVICE_NAMES } from './descriptors.ts';
import { StatusError, type UnaryMethod } from './grpc-service.ts';

/** A method that answers each message of a stream with one of its own. */
export interface StreamMethod {
  readonly answer: UnaryMethod;
  /** Whether the stream stays open when the client has said all that it wants. */
  readonly staysOpen: boolean;
}

const NOT_FOUND = 5;
const SERVING = 1;
const SERVICE_UNKNOWN = 3;

/** By path. */
export const STREAM_METHODS: ReadonlyMap<string, StreamMethod> = new Map([
  ...['v1', 'v1alpha'].map((version): [string, StreamMethod] => [
    `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
    { answer: reflect, staysOpen: false },
  ]),
  [
    '/grpc.health.v1.Health/Watch',
    { answer: (bytes) => writeHealth(isServed(readName(bytes)) ? SERVING : SERVICE_UNKNOWN), staysOpen: true },
  ],
]);

/** `grpc.health.v1.Health/Check`. */
export const checkHealth: UnaryMethod = (bytes) => {
  const service = readName(bytes);
  if (!isServed(service)) throw new StatusError(NOT_FOUND, `unknown service ${service}`);
  return writeHealth(SERVING);
};

/** No name asks for the server as a whole. */
function isServed(service: string): boolean {
  return service === '' || SERVICE_NAMES.includes(service);
}

function readFields(bytes: Uint8Array, readField: (number: number, reader: BinaryReader) => boolean): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType]: [number, WireType] = reader.tag();
    if (!readField(number, reader)) reader.skip(wireType, number);
  }
}

/** The service of a HealthCheckRequest. */
function readName(bytes: Uint8Array): string {
  let name = '';
  readFields(bytes, (number, reader) => {
    if (number !== 1) return false;
    name = reader.string();
    return true;
  });
  return name;
}

function writeHealth(status: number): Uint8Array {
  return new BinaryWriter().uint32(8).int32(status).finish();
}

const FILE_BY_NAME = 3;
const FILE_OF_SYMBOL = 4;
const LIST_SERVICES = 7;
const BYTES = 2;

/** Answers one ServerReflectionRequest. */
function reflect(bytes: Uint8Array): Uint8Array {
  let host = '';
  let asked: { readonly number: number; readonly text: string } | undefined;
  readFields(bytes, (number, reader) => {
    if (number === 1) host = reader.string();
    else if (number === FILE_BY_NAME || number === FILE_OF_SYMBOL || number === LIST_SERVICES)
      asked = { number, text: reader.string() };
    else return false;
    return true;
  });
  const answer = new BinaryWriter().uint32((1 << 3) | BYTES).string(host);
  answer.uint32((2 << 3) | BYTES).bytes(bytes);
  if (asked?.number === LIST_SERVICES)
    return answer
      .uint32((6 << 3) | BYTES)
      .bytes(listServices())
      .finish();
  const file = asked && (asked.number === FILE_BY_NAME ? descriptorOfFile(asked.text) : descriptorOfSymbol(asked.text));
  if (file)
    return answer
      .uint32((4 << 3) | BYTES)
      .bytes(
        new BinaryWriter()
          .uint32((1 << 3) | BYTES)
          .bytes(file)
          .finish(),
      )
      .finish();
  const error = new BinaryWriter().uint32(1 << 3).int32(asked ? NOT_FOUND : 12);
  error.uint32((2 << 3) | BYTES).string(asked ? `${asked.text} is not known here` : 'this is not served');
  return answer
    .uint32((7 << 3) | BYTES)
    .bytes(error.finish())
    .finish();
}

function listServices(): Uint8Array {
  const writer = new BinaryWriter();
  for (const name of SERVICE_NAMES) {
    const service = new BinaryWriter()
      .uint32((1 << 3) | BYTES)
      .string(name)
      .finish();
    writer.uint32((1 << 3) | BYTES).bytes(service);
  }
  return writer.finish();
}
