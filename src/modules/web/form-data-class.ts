// `FormData` (https://xhr.spec.whatwg.org, section 4), and how it is sent (RFC 7578).
import { randomBytes } from 'node:crypto';
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostMember, Realm, RealmFunction } from '../../script/realm-interface.ts';
import { addBodyReader } from '../../vu/object-bodies.ts';
import { toBytes } from '../../vu/script-bytes.ts';
import { toText } from '../../vu/to-text.ts';
import { blobClassOf } from '../k6-websockets/blob-class.ts';
import { fileClassOf } from './file-class.ts';
import { oncePerRealm } from './once-per-realm.ts';
import { makeIterable } from './pair-collection.ts';

/** Text, or a File of the realm. */
type Entry = [name: string, value: string | object];

interface FormDataClass {
  readonly constructor: RealmFunction;
  create(entries: Entry[]): object;
  /** As multipart, with its media type; null for what is no FormData. */
  encode(value: unknown): { bytes: Buffer; type: string } | null;
}

/** The class of a realm. */
export const formDataClassOf: (realm: Realm) => FormDataClass = oncePerRealm((realm) => {
  const blobs = blobClassOf(realm);
  const files = fileClassOf(realm);
  const states = createAttachedState<Entry[]>();
  const own = (self: unknown): Entry[] => {
    const entries = states.of(self);
    if (entries === null) throw new TypeError('this is not a FormData');
    return entries;
  };
  const readEntry = (args: readonly unknown[], method: string): Entry => {
    const [name, value, filename] = args;
    if (args.length < 2) throw new TypeError(`${method}() of a FormData requires a name and a value`);
    const bytes = blobs.bytesOf(value);
    if (bytes === null) {
      const file = readHttpFile(value);
      if (file !== null)
        return [toText(name).toWellFormed(), files.create(file.bytes, toText(filename ?? file.name), file.type)];
      if (args.length > 2) throw new TypeError(`${method}() of a FormData takes a file name only for a Blob or a File`);
      return [toText(name).toWellFormed(), toText(value).toWellFormed()];
    }
    const known = files.nameOf(value);
    if (known !== null && filename === undefined) return [toText(name).toWellFormed(), value as object];
    const called = filename === undefined ? (known ?? 'blob') : toText(filename);
    return [toText(name).toWellFormed(), files.create(bytes, called, blobs.typeOf(value))];
  };
  const ofName = (act: (entries: Entry[], name: string) => unknown): HostMember => ({
    length: 1,
    impl(this: unknown, ...args: unknown[]) {
      if (args.length === 0) throw new TypeError('a name is required');
      return act(own(this), toText(args[0]).toWellFormed());
    },
  });
  const made = realm.hostClass({
    name: 'FormData',
    length: 0,
    construct(self, { 0: form }) {
      if (form !== undefined) throw new TypeError('new FormData() takes nothing: a script has no forms of a page');
      states.attach(self, []);
    },
    methods: {
      append: {
        length: 2,
        impl(this: unknown, ...args: unknown[]) {
          own(this).push(readEntry(args, 'append'));
        },
      },
      set: {
        length: 2,
        impl(this: unknown, ...args: unknown[]) {
          const entries = own(this);
          const entry = readEntry(args, 'set');
          const at = entries.findIndex(([name]) => name === entry[0]);
          if (at < 0) entries.push(entry);
          else {
            entries[at] = entry;
            for (let i = entries.length - 1; i > at; i--) if (entries[i]![0] === entry[0]) entries.splice(i, 1);
          }
        },
      },
      delete: ofName((entries, name) => {
        for (let i = entries.length - 1; i >= 0; i--) if (entries[i]![0] === name) entries.splice(i, 1);
      }),
      get: ofName((entries, name) => entries.find(([known]) => known === name)?.[1] ?? null),
      getAll: ofName((entries, name) =>
        realm.fromHost(entries.filter(([known]) => known === name).map(([, value]) => value)),
      ),
      has: ofName((entries, name) => entries.some(([known]) => known === name)),
    },
  });
  makeIterable(realm, 'FormData', made, own);
  const encode = (value: unknown): ReturnType<FormDataClass['encode']> => {
    const entries = states.of(value);
    if (entries === null) return null;
    const boundary = `----sixfold${randomBytes(16).toString('hex')}`;
    const pieces: Buffer[] = [];
    for (const [name, item] of entries) {
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quote(normalise(name))}"`;
      const bytes = blobs.bytesOf(item);
      if (bytes === null) pieces.push(Buffer.from(`${head}\r\n\r\n${normalise(String(item))}\r\n`));
      else {
        const type = blobs.typeOf(item) || 'application/octet-stream';
        pieces.push(
          Buffer.from(`${head}; filename="${quote(files.nameOf(item)!)}"\r\nContent-Type: ${type}\r\n\r\n`),
          bytes,
          Buffer.from('\r\n'),
        );
      }
    }
    pieces.push(Buffer.from(`--${boundary}--\r\n`));
    return { bytes: Buffer.concat(pieces), type: `multipart/form-data; boundary=${boundary}` };
  };
  addBodyReader(realm, encode);
  return {
    constructor: made.constructor,
    create(entries) {
      const form = made.create();
      states.attach(form, entries);
      return form;
    },
    encode,
  };
});

/** What `http.file()` of k6/http gives, which k6's users append to forms: an object of these three. */
function readHttpFile(value: unknown): { bytes: Buffer; name: string; type: string } | null {
  if (typeof value !== 'object' || value === null) return null;
  const { data, filename, content_type } = value as Readonly<Record<string, unknown>>;
  if (data === undefined || filename === undefined || content_type === undefined) return null;
  const bytes = toBytes(data);
  // A copy: the script may go on writing to its buffer.
  return { bytes: Buffer.from(bytes ?? toText(data)), name: toText(filename), type: toText(content_type) };
}

/** HTML section 4.10.21.8: lines end in CR LF. */
function normalise(text: string): string {
  return text.replaceAll(/\r\n?|\n/g, '\r\n');
}

function quote(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}
