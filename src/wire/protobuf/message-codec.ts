import { runInThisContext } from 'node:vm';
import { type GeneratedDecoder, generateDecoder } from './generated-decoder.ts';
import { type GeneratedEncoder, generateEncoder } from './generated-encoder.ts';
import { decodeToJson, defaultsAsJson, type ObjectMaker, plainObjects } from './reference-decoder.ts';
import { encodeJsonText, type FindType } from './reference-encoder.ts';
import { stringifyRequest } from './request-text.ts';
import type { MessageType } from './schema/message-type.ts';
import { TOO_SMALL } from './write-values.ts';

/** The realm that values come from and go to. */
export interface CodecRealm {
  evaluate(source: string): unknown;
  readonly objectPrototype: object;
  readonly objects: ObjectMaker;
}

/** This realm, for callers without scripts. */
export const hostRealm: CodecRealm = {
  evaluate: (source) => runInThisContext(source, 'sixfold:protobuf'),
  objectPrototype: Object.prototype,
  objects: plainObjects,
};

/** A realm by its means of evaluation. */
export function codecRealm(evaluate: (source: string) => unknown): CodecRealm {
  const objects = evaluate('({object: () => ({}), list: () => []})') as ObjectMaker;
  return { evaluate, objects, objectPrototype: evaluate('Object.prototype') as object };
}

const MAX_SCRATCH = 1 << 20;
let scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** One message type between the form that scripts see and the wire: generated code, and the reference codec behind it. */
export class MessageCodec {
  readonly type: MessageType;
  readonly #realm: CodecRealm;
  #findType: FindType = () => undefined;
  #encoder: GeneratedEncoder | null = null;
  #decoder: GeneratedDecoder | null = null;

  constructor(type: MessageType, realm: CodecRealm = hostRealm) {
    this.type = type;
    this.#realm = realm;
  }

  /**
   * @param findType the types that an Any in it may be of
   * @returns bytes that the caller owns
   * @throws ProtoJsonError in k6's words
   */
  encode(value: unknown, findType: FindType): Uint8Array {
    for (;;) {
      const end = this.#generated(value, scratch, 0, findType);
      if (end >= 0) return Buffer.from(scratch.subarray(0, end));
      if (end !== TOO_SMALL) return encodeJsonText(this.type, stringifyRequest(value), findType);
      if (scratch.length >= MAX_SCRATCH) return encodeJsonText(this.type, stringifyRequest(value), findType);
      scratch = Buffer.allocUnsafeSlow(scratch.length * 4);
    }
  }

  /**
   * Writes into the caller's buffer.
   * @returns the end, or -1 where there is too little room
   * @throws ProtoJsonError in k6's words
   */
  encodeInto(value: unknown, buffer: Buffer, offset: number, findType: FindType): number {
    const end = this.#generated(value, buffer, offset, findType);
    if (end >= 0) return end;
    if (end === TOO_SMALL) return -1;
    const bytes = encodeJsonText(this.type, stringifyRequest(value), findType);
    if (offset + bytes.length > buffer.length) return -1;
    buffer.set(bytes, offset);
    return offset + bytes.length;
  }

  /**
   * @returns what the script gets
   * @throws ProtoDecodeError where the bytes are no such message, ProtoFormError where it has no JSON form
   */
  decode(bytes: Uint8Array, findType: FindType): unknown {
    this.#findType = findType;
    this.#decoder ??= this.#makeDecoder();
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    try {
      const value = this.#decoder(buffer, 0, buffer.length);
      if (value !== undefined) return value;
    } catch {
      // The reference codec says what is wrong with it.
    }
    return decodeToJson(this.type, bytes, findType, this.#realm.objects);
  }

  /** What an empty message looks like. */
  defaults(findType: FindType): unknown {
    return defaultsAsJson(this.type, findType, this.#realm.objects);
  }

  /** The end, or a negative number: see generated-encoder.ts. */
  #generated(value: unknown, buffer: Buffer, offset: number, findType: FindType): number {
    if (typeof value !== 'object' || value === null) return -1;
    this.#findType = findType;
    this.#encoder ??= this.#makeEncoder();
    try {
      const end = this.#encoder(value, buffer, offset);
      return end > buffer.length ? TOO_SMALL : end;
    } catch (error) {
      // Too deep, or holding itself: the reference codec tells which.
      if (error instanceof RangeError) return -1;
      throw error;
    }
  }

  #makeEncoder(): GeneratedEncoder {
    return generateEncoder(this.type, {
      objectPrototype: this.#realm.objectPrototype,
      findType: () => this.#findType,
    });
  }

  #makeDecoder(): GeneratedDecoder {
    const { evaluate, objects } = this.#realm;
    return generateDecoder(this.type, { evaluate, objects, findType: () => this.#findType });
  }
}
