import { maskCredentials } from '../../addresses/credentials.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { toBytes } from '../../vu/script-bytes.ts';
import { copyList } from '../../vu/script-list.ts';
import { type CookieAttributes, CookieJar } from '../../wire/http/cookie-jar.ts';
import { parseRequestUrl, UrlError } from '../../wire/http/request-url.ts';
import { readStatuses, type StatusSet } from './expected-statuses.ts';
import type { FilePart } from './request-body.ts';
import type { ParamObjects } from './request-settings.ts';

/** The objects that scripts make with this module and hand back to it: jars, files, status sets, named URLs. */
export interface ScriptObjects extends ParamObjects {
  isFile(value: unknown): value is FilePart;
  isUrl(value: unknown): boolean;
  /** @throws UrlError for anything that is neither text nor made by http.url`…` */
  readUrl(value: unknown): { url: string; name: string | null };
  /** The script's object for a jar. */
  showJar(jar: CookieJar): object;
  /** What the module exports of them. */
  readonly functions: Readonly<Record<string, unknown>>;
}

const made = new WeakMap<VuEnvironment, ScriptObjects>();

/** Those of a load worker. */
export function scriptObjectsOf(environment: VuEnvironment): ScriptObjects {
  let objects = made.get(environment);
  if (objects === undefined) made.set(environment, (objects = createScriptObjects(environment)));
  return objects;
}

/** Makes the classes and functions once per worker; which object is what is known only here, so that a script cannot forge one. */
function createScriptObjects(environment: VuEnvironment): ScriptObjects {
  const { realm } = environment;
  const jars = new WeakMap<object, CookieJar>();
  const shownJars = new WeakMap<CookieJar, object>();
  const statuses = new WeakMap<object, StatusSet>();
  const urls = new WeakMap<object, { url: string; name: string }>();
  const files = new WeakSet<object>();

  const jarOf = (value: unknown): CookieJar | null =>
    typeof value === 'object' && value !== null ? (jars.get(value) ?? null) : null;
  const ownJar = (value: unknown): CookieJar => {
    const jar = jarOf(value);
    if (jar === null) throw new TypeError('this is not a CookieJar');
    return jar;
  };

  const jarClass = realm.hostClass({
    name: 'CookieJar',
    construct(self) {
      jars.set(self, new CookieJar());
    },
    methods: {
      cookiesForURL: {
        length: 1,
        impl(this: unknown, url: unknown) {
          const found = new Map<string, string[]>();
          for (const { name, value } of ownJar(this).cookiesFor(parseRequestUrl(String(url)))) {
            const values = found.get(name);
            if (values === undefined) found.set(name, [value]);
            else values.push(value);
          }
          return realm.fromHost(Object.fromEntries(found));
        },
      },
      set: {
        length: 4,
        impl(this: unknown, url: unknown, name: unknown, value: unknown, attributes: unknown) {
          ownJar(this).set(
            parseRequestUrl(String(url)),
            String(name),
            String(value),
            (attributes ?? {}) as CookieAttributes,
          );
          return true;
        },
      },
      clear: {
        length: 1,
        impl(this: unknown, url: unknown) {
          ownJar(this).remove(parseRequestUrl(String(url)));
        },
      },
      delete: {
        length: 2,
        impl(this: unknown, url: unknown, name: unknown) {
          ownJar(this).remove(parseRequestUrl(String(url)), String(name));
        },
      },
    },
  });

  const makeFile = (data: unknown, filename: unknown, contentType: unknown): object => {
    if (typeof data !== 'string' && toBytes(data) === null)
      throw new TypeError(`file() takes text or an ArrayBuffer, not ${typeof data}`);
    const file = new realm.intrinsics.Object() as Record<string, unknown>;
    file['data'] = data;
    file['filename'] =
      filename === undefined || filename === null || filename === '' ? `${process.hrtime.bigint()}` : String(filename);
    file['content_type'] =
      contentType === undefined || contentType === null || contentType === ''
        ? 'application/octet-stream'
        : String(contentType);
    files.add(file);
    return file;
  };

  const makeUrl = (strings: unknown, ...values: unknown[]): object => {
    if (!Array.isArray(strings)) throw new TypeError('http.url is a tag for template literals: http.url`https://…`');
    let url = '';
    let name = '';
    const parts = copyList(strings);
    parts.forEach((part, index) => {
      url += String(part);
      name += String(part);
      if (index < parts.length - 1) {
        url += String(values[index]);
        name += `$\{}`;
      }
    });
    const object = new realm.intrinsics.Object() as Record<string, unknown>;
    object['name'] = name;
    object['url'] = url;
    urls.set(object, { url, name: maskCredentials(name) });
    return object;
  };

  const makeStatuses = (...args: unknown[]): object => {
    const object = new realm.intrinsics.Object();
    statuses.set(object, readStatuses(args));
    return object;
  };

  return {
    jarOf,
    statusesOf: (value) => (typeof value === 'object' && value !== null ? (statuses.get(value) ?? null) : null),
    isFile: (value): value is FilePart => typeof value === 'object' && value !== null && files.has(value),
    isUrl: (value) => typeof value === 'object' && value !== null && urls.has(value),
    readUrl(value) {
      if (typeof value === 'string') return { url: value, name: null };
      const named = typeof value === 'object' && value !== null ? urls.get(value) : undefined;
      if (named === undefined)
        throw new UrlError(`invalid URL: ${value === null ? 'null' : typeof value} is not a URL`, true);
      return named;
    },
    showJar(jar) {
      let shown = shownJars.get(jar);
      if (shown === undefined) {
        shown = jarClass.create();
        jars.set(shown, jar);
        shownJars.set(jar, shown);
      }
      return shown;
    },
    functions: {
      CookieJar: jarClass.constructor,
      file: realm.hostFunction('file', 3, makeFile),
      url: realm.hostFunction('url', 1, makeUrl),
      expectedStatuses: realm.hostFunction('expectedStatuses', 1, makeStatuses),
    },
  };
}
