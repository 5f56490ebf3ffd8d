// `File` (https://w3c.github.io/FileAPI): a Blob with a name.
import { createAttachedState } from '../../script/attached-state.ts';
import type { Realm, RealmFunction } from '../../script/realm-interface.ts';
import { toText } from '../../vu/to-text.ts';
import { blobClassOf } from '../k6-websockets/blob-class.ts';
import { oncePerRealm } from './once-per-realm.ts';
import { defineTag, inherit } from './script-methods.ts';

interface FileState {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

interface FileClass {
  readonly constructor: RealmFunction;
  /** Null for what is no File. */
  nameOf(value: unknown): string | null;
  /** @param bytes are the file's own from now on */
  create(bytes: Buffer, name: string, type: string): object;
  /** Null for what is no File. */
  copy(value: object): object | null;
}

/** The class of a realm. */
export const fileClassOf: (realm: Realm) => FileClass = oncePerRealm((realm) => {
  const blobs = blobClassOf(realm);
  const states = createAttachedState<FileState>();
  const own = (self: unknown): FileState => {
    const state = states.of(self);
    if (state === null) throw new TypeError('this is not a File');
    return state;
  };
  const files = realm.hostClass({
    name: 'File',
    length: 2,
    construct(self, args) {
      const { 0: parts, 1: name, 2: options } = args;
      if (args.length < 2) throw new TypeError('new File() requires a list of parts and a name');
      const given = typeof options === 'object' && options !== null ? (options as { lastModified?: unknown }) : {};
      const { lastModified } = given;
      const text = toText(name);
      blobs.construct(self, parts, options);
      states.attach(self, {
        name: text,
        lastModified: lastModified === undefined ? Date.now() : Math.trunc(Number(lastModified)) || 0,
      });
    },
    getters: {
      name(this: unknown) {
        return own(this).name;
      },
      lastModified(this: unknown) {
        return own(this).lastModified;
      },
    },
  });
  inherit(files, blobs);
  defineTag(files.prototype, 'File');
  const make = (bytes: Buffer, type: string, state: FileState): object => {
    const file = files.create();
    blobs.attach(file, bytes, type);
    states.attach(file, state);
    return file;
  };
  return {
    constructor: files.constructor,
    nameOf: (value) => states.of(value)?.name ?? null,
    create: (bytes, name, type) => make(bytes, type, { name, lastModified: Date.now() }),
    copy(value) {
      const state = states.of(value);
      return state === null ? null : make(blobs.bytesOf(value)!, blobs.typeOf(value), state);
    },
  };
});
