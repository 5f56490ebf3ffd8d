// `Blob` of scripts (File API, as far as k6 has it): bytes that do not change.
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostClass, Realm } from '../../script/realm-interface.ts';
import { addBodyReader } from '../../vu/object-bodies.ts';
import { toBytes, toRealmBuffer } from '../../vu/script-bytes.ts';
import { copyList } from '../../vu/script-list.ts';
import { toText } from '../../vu/to-text.ts';
import { openByteStream } from '../k6-experimental-streams/byte-stream.ts';

interface BlobState {
  readonly bytes: Buffer;
  readonly type: string;
}

export interface BlobClass extends Omit<HostClass, 'create'> {
  /** @param bytes are the blob's own from now on */
  create(bytes: Buffer, type?: string): object;
  /** Makes a Blob of an object of a class that extends it, from the arguments of a constructor. */
  construct(self: object, parts: unknown, options: unknown): void;
  /** The same from bytes, which are the blob's own from now on. */
  attach(self: object, bytes: Buffer, type: string): void;
  /** Null for what is no Blob. */
  bytesOf(value: unknown): Buffer | null;
  /** Its media type; '' too for what is no Blob. */
  typeOf(value: unknown): string;
}

const made = new WeakMap<Realm, BlobClass>();

/** The class of a realm. */
export function blobClassOf(realm: Realm): BlobClass {
  let blobs = made.get(realm);
  if (blobs === undefined) made.set(realm, (blobs = createBlobClass(realm)));
  return blobs;
}

function createBlobClass(realm: Realm): BlobClass {
  const states = createAttachedState<BlobState>();
  const own = (self: unknown): BlobState => {
    const state = states.of(self);
    if (state === null) throw new TypeError('this is not a Blob');
    return state;
  };
  const bufferOf = ({ bytes }: BlobState): ArrayBuffer => {
    return toRealmBuffer(realm, bytes);
  };
  const partOf = (part: unknown): Uint8Array =>
    states.of(part)?.bytes ?? toBytes(part) ?? Buffer.from(toText(part), 'utf8');
  const typeOf = (type: unknown): string => {
    const text = type === undefined || type === null ? '' : toText(type);
    return /^[ -~]*$/.test(text) ? text.toLowerCase() : '';
  };
  const create = (bytes: Buffer, type = ''): object => {
    const blob = blobs.create();
    states.attach(blob, { bytes, type });
    return blob;
  };
  const construct = (self: object, parts: unknown, options: unknown): void => {
    if (parts !== undefined && !Array.isArray(parts)) throw new TypeError('Blob takes a list of parts');
    const type = typeof options === 'object' && options !== null ? (options as { type?: unknown }).type : undefined;
    const bytes = parts === undefined ? Buffer.alloc(0) : Buffer.concat(copyList(parts).map(partOf));
    states.attach(self, { bytes, type: typeOf(type) });
  };

  const blobs = realm.hostClass({
    name: 'Blob',
    length: 0,
    construct: (self, { 0: parts, 1: options }) => construct(self, parts, options),
    getters: {
      size(this: unknown) {
        return own(this).bytes.length;
      },
      type(this: unknown) {
        return own(this).type;
      },
    },
    methods: {
      arrayBuffer: {
        length: 0,
        kind: 'async',
        async impl(this: unknown) {
          return bufferOf(own(this));
        },
      },
      bytes: {
        length: 0,
        kind: 'async',
        async impl(this: unknown) {
          return new realm.intrinsics.Uint8Array(bufferOf(own(this)));
        },
      },
      text: {
        length: 0,
        kind: 'async',
        async impl(this: unknown) {
          return new TextDecoder().decode(own(this).bytes);
        },
      },
      stream: {
        length: 0,
        impl(this: unknown) {
          return openByteStream(realm, own(this).bytes);
        },
      },
      slice: {
        length: 0,
        impl(this: unknown, start: unknown, end: unknown, type: unknown) {
          const { bytes } = own(this);
          return create(
            bytes.subarray(
              Math.trunc(Number(start ?? 0)) || 0,
              end === undefined ? undefined : Math.trunc(Number(end)) || 0,
            ),
            typeOf(type),
          );
        },
      },
    },
  });
  addBodyReader(realm, (value) => {
    const state = states.of(value);
    return state && { bytes: state.bytes, type: state.type || null };
  });
  return {
    constructor: blobs.constructor,
    prototype: blobs.prototype,
    create,
    construct,
    attach: (self, bytes, type) => states.attach(self, { bytes, type }),
    bytesOf: (value) => states.of(value)?.bytes ?? null,
    typeOf: (value) => states.of(value)?.type ?? '',
  };
}
