// `File` of `k6/experimental/fs`: a place in a file's content, which all virtual users of a worker share.
import path from 'node:path';
import { createAttachedState } from '../../script/attached-state.ts';
import type { Realm } from '../../script/realm-interface.ts';

/** A file that a virtual user has opened; each has a place of its own. */
export interface OpenFile {
  readonly path: string;
  readonly content: Buffer;
  at: number;
}

export const SEEK_MODES = { Start: 0, Current: 1, End: 2 } as const;

export interface FileClass {
  create(file: OpenFile): object;
  /** Null for what is no File. */
  of(value: unknown): OpenFile | null;
}

const made = new WeakMap<Realm, FileClass>();

/** The class of a realm. */
export function fileClassOf(realm: Realm): FileClass {
  let files = made.get(realm);
  if (files === undefined) made.set(realm, (files = createFileClass(realm)));
  return files;
}

function createFileClass(realm: Realm): FileClass {
  const states = createAttachedState<OpenFile>();
  const own = (self: unknown): OpenFile => {
    const file = states.of(self);
    if (file === null) throw new TypeError('this is not a File');
    return file;
  };
  const fileClass = realm.hostClass({
    name: 'File',
    construct() {
      throw new TypeError('a File comes from open(); it cannot be constructed');
    },
    getters: {
      path(this: unknown) {
        return own(this).path;
      },
    },
    methods: {
      read: {
        length: 1,
        kind: 'async',
        async impl(this: unknown, into: unknown) {
          const file = own(this);
          if (Object.prototype.toString.call(into) !== '[object Uint8Array]' || !ArrayBuffer.isView(into)) {
            throw new TypeError(`read() takes a Uint8Array to fill, not ${into === null ? 'null' : typeof into}`);
          }
          if (into.byteLength === 0) throw new TypeError('read() takes a Uint8Array that has room');
          const count = Math.min(into.byteLength, file.content.length - file.at);
          if (count <= 0) return null;
          const target = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
          target.set(file.content.subarray(file.at, file.at + count));
          file.at += count;
          return count;
        },
      },
      seek: {
        length: 2,
        kind: 'async',
        async impl(this: unknown, offset: unknown, whence: unknown) {
          const file = own(this);
          if (typeof offset !== 'number' || !Number.isInteger(offset)) {
            throw new TypeError(`seek() takes a whole number of bytes, not ${String(offset)}`);
          }
          const { length } = file.content;
          const from = whence === SEEK_MODES.Start ? 0 : whence === SEEK_MODES.Current ? file.at : length;
          if (whence !== SEEK_MODES.Start && whence !== SEEK_MODES.Current && whence !== SEEK_MODES.End) {
            throw new TypeError(`seek() takes one of SeekMode.Start, Current and End, not ${String(whence)}`);
          }
          const at = from + offset;
          if (at < 0) throw new TypeError(`seek() would go ${-at} bytes before the start of the file`);
          if (at > length)
            throw realm.error('Error', `seek() would go ${at - length} bytes behind the end of the file`, {
              name: 'EOFError',
            });
          file.at = at;
          return at;
        },
      },
      stat: {
        length: 0,
        kind: 'async',
        async impl(this: unknown) {
          const file = own(this);
          return realm.fromHost({ name: path.basename(file.path), size: file.content.length });
        },
      },
    },
  });
  return {
    create(file) {
      const object = fileClass.create();
      states.attach(object, file);
      return object;
    },
    of: (value) => states.of(value),
  };
}
