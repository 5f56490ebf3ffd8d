// `Headers` (https://fetch.spec.whatwg.org, section 5.1).
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostMember, Realm, RealmFunction } from '../../script/realm-interface.ts';
import { toText } from '../../vu/to-text.ts';
import { oncePerRealm } from './once-per-realm.ts';
import { makeIterable } from './pair-collection.ts';
import { readPairs } from './script-methods.ts';

/** A list of headers by their names in lower case; a name may occur several times. */
export class HeaderFields {
  readonly list: [name: string, value: string][];
  /** Those of a response that came cannot be changed. */
  readonly isFixed: boolean;

  constructor(list: [name: string, value: string][] = [], isFixed = false) {
    this.list = list;
    this.isFixed = isFixed;
  }

  /** @param isFixed whether the copy cannot be changed */
  copy(isFixed = false): HeaderFields {
    return new HeaderFields(
      this.list.map(([name, value]) => [name, value]),
      isFixed,
    );
  }

  append(name: string, value: string): void {
    this.list.push([name.toLowerCase(), value]);
  }

  delete(name: string): void {
    const lower = name.toLowerCase();
    for (let i = this.list.length - 1; i >= 0; i--) if (this.list[i]![0] === lower) this.list.splice(i, 1);
  }

  values(name: string): string[] {
    const lower = name.toLowerCase();
    return this.list.filter(([known]) => known === lower).map(([, value]) => value);
  }

  /** All values as one text; null where there is none. */
  get(name: string): string | null {
    const values = this.values(name);
    return values.length === 0 ? null : values.join(', ');
  }

  set(name: string, value: string): void {
    const lower = name.toLowerCase();
    const at = this.list.findIndex(([known]) => known === lower);
    if (at < 0) this.list.push([lower, value]);
    else {
      this.list[at] = [lower, value];
      for (let i = this.list.length - 1; i > at; i--) if (this.list[i]![0] === lower) this.list.splice(i, 1);
    }
  }

  /** By name, each once with its values joined; cookies each by itself. */
  sorted(): [name: string, value: string][] {
    const names = [...new Set(this.list.map(([name]) => name))].sort();
    return names.flatMap((name): [string, string][] =>
      name === 'set-cookie' ? this.values(name).map((value) => [name, value]) : [[name, this.get(name)!]],
    );
  }
}

interface HeadersClass {
  readonly constructor: RealmFunction;
  create(fields: HeaderFields): object;
  /** Reads what `headers` of a request or response may be. @throws TypeError for what cannot be a header */
  read(given: unknown): HeaderFields;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function checkName(given: unknown): string {
  const name = toText(given);
  if (TOKEN.test(name)) return name;
  throw new TypeError(`${JSON.stringify(name)} cannot be the name of a header`);
}

function checkValue(name: string, given: unknown): string {
  const value = toText(given).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (/[\0\n\r]|[^\0-\xff]/.test(value))
    throw new TypeError(`the header ${name} cannot have the value ${JSON.stringify(value)}`);
  return value;
}

/** The class of a realm. */
export const headersClassOf: (realm: Realm) => HeadersClass = oncePerRealm((realm) => {
  const states = createAttachedState<HeaderFields>();
  const own = (self: unknown): HeaderFields => {
    const fields = states.of(self);
    if (fields === null) throw new TypeError('this is not a Headers');
    return fields;
  };
  const read = (given: unknown): HeaderFields => {
    const known = states.of(given);
    if (known !== null) return known.copy();
    const fields = new HeaderFields();
    if (given === undefined) return fields;
    if ((typeof given !== 'object' || given === null) && typeof given !== 'function')
      throw new TypeError('headers are an object, a list of pairs or a Headers');
    for (const [name, value] of readPairs(realm, given, 'new Headers()'))
      fields.append(checkName(name), checkValue(name, value));
    return fields;
  };
  const reading = (act: (fields: HeaderFields, name: string) => unknown): HostMember => ({
    length: 1,
    impl(this: unknown, ...args: unknown[]) {
      const fields = own(this);
      if (args.length === 0) throw new TypeError('a name is required');
      return act(fields, checkName(args[0]));
    },
  });
  const changing = (length: number, act: (fields: HeaderFields, name: string, value: string) => void): HostMember => ({
    length,
    impl(this: unknown, ...args: unknown[]) {
      const fields = own(this);
      if (args.length < length) throw new TypeError(`a name${length === 1 ? ' is' : ' and a value are'} required`);
      const name = checkName(args[0]);
      const value = length === 1 ? '' : checkValue(name, args[1]);
      if (fields.isFixed) throw new TypeError('the headers of a response that came cannot be changed');
      act(fields, name, value);
    },
  });
  const made = realm.hostClass({
    name: 'Headers',
    length: 0,
    construct(self, { 0: given }) {
      states.attach(self, read(given));
    },
    methods: {
      append: changing(2, (fields, name, value) => fields.append(name, value)),
      delete: changing(1, (fields, name) => fields.delete(name)),
      get: reading((fields, name) => fields.get(name)),
      has: reading((fields, name) => fields.get(name) !== null),
      set: changing(2, (fields, name, value) => fields.set(name, value)),
      getSetCookie: {
        length: 0,
        impl(this: unknown) {
          return realm.fromHost(own(this).values('set-cookie'));
        },
      },
    },
  });
  makeIterable(realm, 'Headers', made, (self) => own(self).sorted());
  return {
    constructor: made.constructor,
    create(fields) {
      const headers = made.create();
      states.attach(headers, fields);
      return headers;
    },
    read,
  };
});
