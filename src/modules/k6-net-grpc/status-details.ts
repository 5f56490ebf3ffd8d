// google.rpc.Status, as servers send it in `grpc-status-details-bin`.
import { MessageCodec, type MessageType, type ProtoRegistry } from '../../wire/protobuf/index.ts';
import { findStandardDetail, ownMethod } from './own-schemas.ts';

interface RawStatus {
  readonly code: number;
  readonly message: string;
  readonly details: readonly { readonly typeUrl: string; readonly value: string }[];
}

export interface StatusDetails {
  readonly code: number;
  readonly message: string;
  /** Objects with `@type`; of an unknown type the bytes, in base64, are their `value`. */
  readonly details: readonly unknown[];
}

/** @returns null where the bytes are no such message */
export function decodeDetails(bytes: Uint8Array, registry: ProtoRegistry): StatusDetails | null {
  const { input, output } = ownMethod('/google.rpc.Statuses/Raw');
  let raw: RawStatus;
  try {
    raw = input.decode(bytes, () => undefined) as RawStatus;
  } catch {
    return null;
  }
  const any = new MessageCodec(output.type.fields[2]!.messageType!);
  // What the script loaded goes first.
  const findType = (name: string): MessageType | undefined => registry.findType(name) ?? findStandardDetail(name);
  const details = raw.details.map(({ typeUrl, value }) => {
    const packed = input.type.fields[2]!.messageType!;
    try {
      return any.decode(new MessageCodec(packed).encode({ typeUrl, value }, findType), findType);
    } catch {
      return { '@type': typeUrl, value };
    }
  });
  return { code: raw.code, message: raw.message, details };
}
