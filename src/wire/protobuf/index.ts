export { ProtoDecodeError, ProtoFormError } from './codec-errors.ts';
export { codecRealm, MessageCodec } from './message-codec.ts';
export { type MethodDescriptor, ProtoRegistry, SchemaCache } from './proto-registry.ts';
export type { MessageType } from './schema/message-type.ts';
