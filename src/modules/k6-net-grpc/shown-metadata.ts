// The metadata of an answer as scripts see them: `{name: [value, …]}`, an object of the script's realm.
import type { Realm } from '../../script/realm-interface.ts';
import { fromHeaderFields } from '../../wire/grpc/metadata.ts';
import type { HeaderField } from '../../wire/http2/hpack/header-field.ts';

type Shown = Record<string, string[]>;

/** Answers in a row with the same fields before code is made for them: it costs as much as some hundred of them. */
const WORTH_CODE = 100;
/** Lists that there is code for. Where a server says something new all the time, it is not made without end. */
const MOST_CODE = 32;

interface Seen {
  readonly fields: readonly HeaderField[];
  times: number;
  make: (() => Shown) | null;
}

export class ShownMetadata {
  readonly #realm: Realm;
  readonly #code = new WeakMap<readonly HeaderField[], () => Shown>();
  #coded = 0;
  #headers: Seen | null = null;
  #trailers: Seen | null = null;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  /** @param fields an answer's; equal ones of many answers are mostly the same list */
  headers(fields: readonly HeaderField[]): Shown {
    if (this.#headers?.fields !== fields) this.#headers = this.#see(fields);
    return this.#show(this.#headers as Seen);
  }

  /** @param fields as those of the headers */
  trailers(fields: readonly HeaderField[]): Shown {
    if (this.#trailers?.fields !== fields) this.#trailers = this.#see(fields);
    return this.#show(this.#trailers as Seen);
  }

  #see(fields: readonly HeaderField[]): Seen {
    return { fields, times: 0, make: this.#code.get(fields) ?? null };
  }

  #show(seen: Seen): Shown {
    if (seen.make !== null) return seen.make();
    const lists = readLists(seen.fields);
    if (++seen.times >= WORTH_CODE && this.#coded < MOST_CODE) {
      this.#coded++;
      // A name in brackets is one whatever it says; without them `__proto__` would be something else.
      const members = [...lists].map(([name, list]) => `[${JSON.stringify(name)}]:${JSON.stringify(list)}`);
      seen.make = this.#realm.evaluate(`() => ({${members.join()}})`, 'k6/net/grpc') as () => Shown;
      this.#code.set(seen.fields, seen.make);
      return seen.make();
    }
    return this.#realm.fromHost(Object.fromEntries(lists)) as Shown;
  }
}

function readLists(fields: readonly HeaderField[]): Map<string, string[]> {
  const lists = new Map<string, string[]>();
  for (const [name, value] of fromHeaderFields(fields)) {
    const text = typeof value === 'string' ? value : Buffer.from(value).toString('utf8');
    const list = lists.get(name);
    if (list === undefined) lists.set(name, [text]);
    else list.push(text);
  }
  return lists;
}
