export { ProtoDecodeError, ProtoFormError, ProtoJsonError } from './codec-errors.ts';
export { type CodecRealm, codecRealm, hostRealm, MessageCodec } from './message-codec.ts';
export { type MethodDescriptor, ProtoRegistry, SchemaCache } from './proto-registry.ts';
export { SchemaError } from './schema/message-type.ts';
