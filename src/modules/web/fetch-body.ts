// Bodies of requests and responses (https://fetch.spec.whatwg.org, section 5.3).
import type { HostImpl, HostMember, Realm } from '../../script/realm-interface.ts';
import { box } from '../../script/runtime/suspension.ts';
import { toBytes, toRealmBuffer } from '../../vu/script-bytes.ts';
import { toText } from '../../vu/to-text.ts';
import { openByteStream } from '../k6-experimental-streams/byte-stream.ts';
import { blobClassOf } from '../k6-websockets/blob-class.ts';
import { fileClassOf } from './file-class.ts';
import { formDataClassOf } from './form-data-class.ts';
import type { HeaderFields } from './headers-class.ts';
import { readForm } from './read-form.ts';
import { urlClassesOf } from './url-classes.ts';

/** A body that is whole: the bytes are in memory. */
export interface FetchBody {
  readonly bytes: Buffer;
  /** The Content-Type that goes with it unless the script gives another. */
  readonly type: string | null;
}

/** What has a body: a Request or a Response. */
export interface BodyHolder {
  readonly body: FetchBody | null;
  readonly fields: HeaderFields;
  isUsed: boolean;
}

/**
 * Reads what `body` may be: text, bytes, a Blob, a FormData, a URLSearchParams; anything else as text.
 * @returns null for none
 * @throws TypeError for a stream
 */
export function readBody(realm: Realm, given: unknown): FetchBody | null {
  if (given === null || given === undefined) return null;
  // A copy: the script may go on writing to its buffer.
  const bytes = toBytes(given);
  if (bytes !== null) return { bytes: Buffer.from(bytes), type: null };
  const blobs = blobClassOf(realm);
  const blob = blobs.bytesOf(given);
  if (blob !== null) return { bytes: blob, type: blobs.typeOf(given) || null };
  const form = formDataClassOf(realm).encode(given);
  if (form !== null) return form;
  const params = urlClassesOf(realm).paramsOf(given);
  if (params !== null)
    return { bytes: Buffer.from(params.toString()), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  if (typeof given === 'object' && 'getReader' in given && 'locked' in given)
    throw new TypeError('a ReadableStream cannot be a body here: read it to its end, and send what it gave');
  return { bytes: Buffer.from(toText(given)), type: 'text/plain;charset=UTF-8' };
}

const NOTHING = Buffer.alloc(0);

/**
 * The methods that read a body, each of which uses it up.
 * @param of the holder; throws TypeError for what is none
 */
export function bodyMethods(
  realm: Realm,
  of: (self: unknown) => BodyHolder,
): { methods: Record<string, HostMember>; getters: Record<string, HostImpl> } {
  const streams = new WeakMap<BodyHolder, unknown>();
  const consume = (self: unknown): BodyHolder & { bytes: Buffer } => {
    const holder = of(self);
    if (holder.isUsed) throw new TypeError('the body has been read already: clone() before reading it twice');
    if (holder.body !== null) holder.isUsed = true;
    return { ...holder, bytes: holder.body?.bytes ?? NOTHING };
  };
  const reading = (read: (holder: BodyHolder & { bytes: Buffer }) => unknown): HostMember => ({
    length: 0,
    kind: 'async',
    async impl(this: unknown) {
      return box(read(consume(this)));
    },
  });
  const text = (bytes: Buffer): string => new TextDecoder().decode(bytes);
  return {
    methods: {
      text: reading(({ bytes }) => text(bytes)),
      json: reading(({ bytes }) => realm.parseJson(text(bytes))),
      arrayBuffer: reading(({ bytes }) => toRealmBuffer(realm, bytes)),
      bytes: reading(({ bytes }) => new realm.intrinsics.Uint8Array(toRealmBuffer(realm, bytes))),
      blob: reading(({ bytes, fields }) =>
        blobClassOf(realm).create(bytes, (fields.get('content-type') ?? '').toLowerCase()),
      ),
      formData: reading(({ bytes, fields }) => {
        const files = fileClassOf(realm);
        const parts = readForm(bytes, fields.get('content-type') ?? '');
        return formDataClassOf(realm).create(
          parts.map(({ name, filename, type, content }) => [
            name,
            filename === null ? text(content) : files.create(content, filename, type),
          ]),
        );
      }),
    },
    getters: {
      body(this: unknown) {
        const holder = of(this);
        const { body } = holder;
        if (body === null) return null;
        let stream = streams.get(holder);
        if (stream === undefined) {
          const bytes = holder.isUsed ? NOTHING : body.bytes;
          stream = openByteStream(realm, bytes, () => {
            holder.isUsed = true;
          });
          streams.set(holder, stream);
        }
        return stream;
      },
      bodyUsed(this: unknown) {
        return of(this).isUsed;
      },
    },
  };
}
