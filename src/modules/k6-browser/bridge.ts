// Objects of the module as a script has them: each of a class of its realm, behind which stands one of Playwright's.
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostClass, HostImpl, HostMember, Realm } from '../../script/realm-interface.ts';
import { box, Suspension } from '../../script/runtime/suspension.ts';
import { toRealmBuffer } from '../../vu/script-bytes.ts';
import { toPageError } from './failures.ts';
import type { GuardedWay } from './guarded-way.ts';
import type { Link } from './link.ts';
import { PageFunctions } from './page-function.ts';
import type { Reader, ReadingRealm } from './readers.ts';
import { copyToScript } from './script-values.ts';

export type Kind =
  | 'Browser'
  | 'BrowserContext'
  | 'ConsoleMessage'
  | 'ElementHandle'
  | 'Frame'
  | 'FrameLocator'
  | 'JSHandle'
  | 'Keyboard'
  | 'Locator'
  | 'MetricMessage'
  | 'Mouse'
  | 'Page'
  | 'Request'
  | 'Response'
  | 'Route'
  | 'Touchscreen'
  | 'Worker';

/** What stands behind an object of the script's. */
export interface Wrapped {
  readonly kind: Kind;
  // biome-ignore lint/suspicious/noExplicitAny: one of Playwright's classes, by the kind; the tables of members know which
  readonly target: any;
  /** Null for the browser of a scenario, which may not have been started yet: its members have a way to it. */
  readonly link: Link | null;
}

/** What a member of a class is called with. */
export interface Call extends Wrapped {
  readonly link: Link;
  readonly bridge: Bridge;
  /** As the script called it, for messages: `click()`. */
  readonly name: string;
}

/** What becomes of a result for the script. */
export type Show = (value: unknown, call: Call) => unknown;

export interface Member {
  readonly kind: 'plain' | 'async' | 'blocking';
  readonly length: number;
  readonly reads: readonly Reader[];
  /** Reads what comes behind these, as many as there are. */
  readonly rest?: Reader;
  readonly run: (call: Call, ...args: unknown[]) => unknown;
  readonly show: Show;
}

export type Members = Readonly<Record<string, Member>>;

export interface ClassSpec {
  readonly members: Members;
  /** Properties, each an object of the module. */
  readonly properties?: Readonly<Record<string, Kind>>;
  /** The class whose members it has, too. */
  readonly extend?: Kind;
}

export class Bridge implements ReadingRealm {
  readonly realm: Realm;
  readonly functions: PageFunctions;
  readonly way: GuardedWay;
  readonly #classes = new Map<Kind, HostClass>();
  readonly #state = createAttachedState<Wrapped>();
  /** So that the same page is the same object each time. */
  readonly #known = new WeakMap<object, object>();

  /** @param specs a class behind the one that it extends @param way knows why hosts were refused */
  constructor(realm: Realm, specs: Readonly<Record<Kind, ClassSpec>>, way: GuardedWay) {
    this.realm = realm;
    this.way = way;
    this.functions = new PageFunctions(realm);
    for (const [kind, spec] of Object.entries(specs) as [Kind, ClassSpec][]) {
      const parent = spec.extend === undefined ? undefined : this.#classes.get(spec.extend)?.constructor;
      this.#classes.set(
        kind,
        realm.hostClass({
          name: kind,
          construct() {
            throw new TypeError(`a ${kind} comes from the browser; it cannot be constructed`);
          },
          methods: Object.fromEntries(
            Object.entries(spec.members).map(([name, member]) => [name, this.#method(kind, name, member)]),
          ),
          getters: Object.fromEntries(
            Object.entries(spec.properties ?? {}).map(([name, of]) => [name, this.#property(kind, name, of)]),
          ),
          ...(parent !== undefined && { extend: parent }),
        }),
      );
    }
  }

  /** The script's object for one of Playwright's; null for none. */
  wrap(kind: Kind, target: object | null | undefined, link: Link | null): object | null {
    if (target === null || target === undefined) return null;
    const known = this.#known.get(target);
    if (known !== undefined) return known;
    const made = (this.#classes.get(kind) as HostClass).create();
    this.#state.attach(made, { kind, target, link });
    this.#known.set(target, made);
    return made;
  }

  /** What stands behind an object of the module's; null for others. */
  of(value: unknown): Wrapped | null {
    return this.#state.of(value);
  }

  /** Playwright's handle behind one of the script's; null for anything else. @throws TypeError for other objects of the module */
  handleOf(object: object): object | null {
    const wrapped = this.of(object);
    if (wrapped === null) return null;
    if (wrapped.kind === 'JSHandle' || wrapped.kind === 'ElementHandle') return wrapped.target as object;
    throw new TypeError(`a ${wrapped.kind} cannot be given to a page`);
  }

  #property(kind: Kind, name: string, of: Kind): HostImpl {
    const bridge = this;
    return function (this: unknown) {
      const { target, link } = bridge.#own(this, kind, name);
      return bridge.wrap(of, target[name], link);
    };
  }

  #method(kind: Kind, name: string, member: Member): HostMember {
    const bridge = this;
    const begin = (self: unknown, given: readonly unknown[]): { call: Call; result: unknown } => {
      const wrapped = bridge.#own(self, kind, name);
      const call: Call = { ...wrapped, link: wrapped.link as Link, bridge, name: `${name}()` };
      const args = member.reads.map((read, index) => read(given[index], call.name, bridge));
      const { rest } = member;
      if (rest !== undefined) for (const more of given.slice(args.length)) args.push(rest(more, call.name, bridge));
      while (args.length > 0 && args.at(-1) === undefined) args.pop();
      return { call, result: member.run(call, ...args) };
    };
    const { length } = member;
    switch (member.kind) {
      case 'plain':
        return {
          length,
          impl(this: unknown, ...given: unknown[]) {
            try {
              const { call, result } = begin(this, given);
              return member.show(result, call);
            } catch (error) {
              throw toPageError(bridge.realm, error, bridge.way);
            }
          },
        };
      case 'blocking':
        return {
          length,
          kind: 'blocking',
          refuse: 'callbacks',
          impl(this: unknown, ...given: unknown[]) {
            const { call, result } = begin(this, given);
            if (!(result instanceof Promise)) return member.show(result, call);
            return new Suspension(
              result.then(
                (value) => box(member.show(value, call)),
                (error: unknown) => {
                  throw toPageError(bridge.realm, error, bridge.way);
                },
              ),
            );
          },
        };
      case 'async':
        return {
          length,
          kind: 'async',
          async impl(this: unknown, ...given: unknown[]) {
            try {
              const { call, result } = begin(this, given);
              return box(member.show(await result, call));
            } catch (error) {
              throw toPageError(bridge.realm, error, bridge.way);
            }
          },
        };
    }
  }

  #own(self: unknown, kind: Kind, name: string): Wrapped {
    const wrapped = this.of(self);
    if (wrapped !== null && (wrapped.kind === kind || (kind === 'JSHandle' && wrapped.kind === 'ElementHandle')))
      return wrapped;
    throw new TypeError(`${name}() was called on what is no ${kind}`);
  }
}

export const nothing: Show = () => undefined;
export const value: Show = (result, { bridge, name }) => copyToScript(bridge.realm, result, `the result of ${name}`);
export const buffer: Show = (result, { bridge }) =>
  result === null || result === undefined ? null : toRealmBuffer(bridge.realm, result as Uint8Array);

/** An object of the module, or null. */
export function an(kind: Kind): Show {
  return (result, { bridge, link }) => bridge.wrap(kind, result as object | null, link);
}

export function listOfAll(kind: Kind): Show {
  return (result, call) => {
    const list = call.bridge.realm.fromHost([]) as unknown[];
    for (const [index, item] of (result as object[]).entries())
      Object.defineProperty(list, index, {
        value: call.bridge.wrap(kind, item, call.link),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    return list;
  };
}

/** What evaluateHandle() gives: an element's handle for an element. */
export const handle: Show = (result, { bridge, link }) => {
  const given = result as { asElement(): object | null };
  return given.asElement() === null ? bridge.wrap('JSHandle', given, link) : bridge.wrap('ElementHandle', given, link);
};

type Run = Member['run'];

/** Calls Playwright's method of the same name, or another. */
export function forward(name?: string): Run {
  return ({ target, name: called }, ...args) => target[name ?? called.slice(0, -2)](...args);
}

/** A method that returns a promise. */
export function later(reads: readonly Reader[], show: Show = nothing, run: Run = forward()): Member {
  return { kind: 'async', length: reads.length, reads, run, show };
}

/** A method that returns at once. */
export function now(reads: readonly Reader[], show: Show = value, run: Run = forward()): Member {
  return { kind: 'plain', length: reads.length, reads, run, show };
}

/** A method that returns at once once its browser is there: until then the virtual user waits. */
export function waiting(reads: readonly Reader[], show: Show, run: Run): Member {
  return { kind: 'blocking', length: reads.length, reads, run, show };
}
