// `structuredClone` (HTML section 2.7): copies what data is made of, circles and shared parts included.
import { types } from 'node:util';
import { plainOfLate } from '../../script/late-object.ts';
import type { ErrorName, Realm, RealmFunction } from '../../script/realm-interface.ts';
import { blobClassOf } from '../k6-websockets/blob-class.ts';
import { domExceptionOf } from './dom-exception.ts';
import { fileClassOf } from './file-class.ts';
import { readList } from './script-methods.ts';

type Constructor = new (...args: unknown[]) => object;
/** Constructors of the realm by the names of the classes. */
type Constructors = Readonly<Record<string, Constructor>>;

const TAKEN = `({ Object, Array, Boolean, Number, String, Date, RegExp, Map, Set, ArrayBuffer, SharedArrayBuffer, DataView, Int8Array, Uint8Array,
  Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float16Array: globalThis.Float16Array, Float32Array, Float64Array,
  BigInt64Array, BigUint64Array })`;

const ERROR_NAMES: ReadonlySet<string> = new Set([
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
]);

/** The main realm's own: a script may have replaced those of its realm. */
const { getPrototypeOf, getOwnPropertyDescriptor } = Object;
const kindOfView = getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!.get!;
const flagsOf = getOwnPropertyDescriptor(RegExp.prototype, 'flags')!.get!;
const isDetached = getOwnPropertyDescriptor(ArrayBuffer.prototype, 'detached')!.get!;
const { transfer } = ArrayBuffer.prototype;
const sourceOf = getOwnPropertyDescriptor(RegExp.prototype, 'source')!.get!;

/** The function of a realm. */
export function createStructuredClone(realm: Realm): RealmFunction {
  const constructors = realm.evaluate(TAKEN) as Constructors;
  return realm.hostFunction('structuredClone', 1, (...args: unknown[]) => {
    if (args.length === 0) throw new TypeError('structuredClone() requires a value');
    const options = args[1];
    const given =
      typeof options === 'object' && options !== null ? (options as { transfer?: unknown }).transfer : undefined;
    const transferred = typeof given === 'object' && given !== null ? readList(realm, given) : [];
    for (const item of transferred) {
      if (!types.isArrayBuffer(item)) throw refused(realm, 'only an ArrayBuffer can be transferred');
      if (isDetached.call(item)) throw refused(realm, 'an ArrayBuffer that is gone cannot be transferred');
    }
    if (new Set(transferred).size < transferred.length) throw refused(realm, 'an ArrayBuffer can be transferred once');
    const copy = new Cloning(realm, constructors).copy(args[0]);
    // Only now: parts of them may have been among the data.
    for (const item of transferred) transfer.call(item as ArrayBuffer, 0);
    return copy;
  });
}

function refused(realm: Realm, message: string): Error {
  return domExceptionOf(realm).create(message, 'DataCloneError');
}

/** One call. */
class Cloning {
  readonly #realm: Realm;
  readonly #constructors: Constructors;
  readonly #copies = new Map<object, object>();

  constructor(realm: Realm, constructors: Constructors) {
    this.#realm = realm;
    this.#constructors = constructors;
  }

  copy(value: unknown): unknown {
    if (typeof value === 'symbol') throw refused(this.#realm, 'a symbol cannot be cloned');
    if (typeof value === 'function') throw refused(this.#realm, 'a function cannot be cloned');
    if (typeof value !== 'object' || value === null) return value;
    return this.#copies.get(value) ?? this.#copyObject(value);
  }

  #make(name: string, ...args: unknown[]): object {
    const Made = this.#constructors[name];
    if (Made === undefined) throw refused(this.#realm, `a ${name} cannot be cloned`);
    return new Made(...args);
  }

  #keep<T extends object>(value: object, copy: T): T {
    this.#copies.set(value, copy);
    return copy;
  }

  #copyObject(value: object): object {
    if (types.isProxy(value)) {
      const plain = plainOfLate(value);
      if (plain === null) throw refused(this.#realm, 'a proxy cannot be cloned');
      return this.#keep(value, this.#copyObject(plain));
    }
    if (types.isBoxedPrimitive(value)) return this.#keep(value, this.#copyBoxed(value));
    if (types.isDate(value)) return this.#keep(value, this.#make('Date', Date.prototype.getTime.call(value)));
    if (types.isRegExp(value))
      return this.#keep(value, this.#make('RegExp', sourceOf.call(value) as string, flagsOf.call(value) as string));
    if (types.isSharedArrayBuffer(value)) return this.#keep(value, value);
    if (types.isArrayBuffer(value)) return this.#keep(value, this.#copyBuffer(value));
    if (ArrayBuffer.isView(value)) return this.#copyView(value);
    if (types.isMap(value)) return this.#copyMap(value);
    if (types.isSet(value)) return this.#copySet(value);
    if (types.isNativeError(value)) return this.#copyError(value);
    if (Array.isArray(value)) {
      const list = this.#keep(value, this.#make('Array'));
      Object.defineProperty(list, 'length', { value: value.length });
      return this.#copyMembers(value, list);
    }
    const blobs = blobClassOf(this.#realm);
    const bytes = blobs.bytesOf(value);
    if (bytes !== null)
      return this.#keep(value, fileClassOf(this.#realm).copy(value) ?? blobs.create(bytes, blobs.typeOf(value)));
    if (isPlatformObject(value)) throw refused(this.#realm, 'this object holds what is no data, and cannot be cloned');
    return this.#copyMembers(value, this.#keep(value, this.#make('Object')));
  }

  #copyBoxed(value: object): object {
    if (types.isSymbolObject(value)) throw refused(this.#realm, 'a symbol cannot be cloned');
    if (types.isBooleanObject(value)) return this.#make('Boolean', Boolean.prototype.valueOf.call(value));
    if (types.isNumberObject(value)) return this.#make('Number', Number.prototype.valueOf.call(value));
    if (types.isStringObject(value)) return this.#make('String', String.prototype.valueOf.call(value));
    return this.#make('Object', BigInt.prototype.valueOf.call(value as unknown as bigint));
  }

  #copyBuffer(value: ArrayBuffer): object {
    if (isDetached.call(value)) throw refused(this.#realm, 'an ArrayBuffer that is gone cannot be cloned');
    const source = new Uint8Array(value);
    const copy = this.#make('ArrayBuffer', source.byteLength) as ArrayBuffer;
    new Uint8Array(copy).set(source);
    return copy;
  }

  #copyView(value: ArrayBufferView): object {
    const { byteOffset, byteLength } = value;
    const length = types.isTypedArray(value) ? value.length : byteLength;
    const buffer = this.copy(value.buffer);
    return this.#keep(
      value,
      this.#make((kindOfView.call(value) as string | undefined) ?? 'DataView', buffer, byteOffset, length),
    );
  }

  #copyMap(value: ReadonlyMap<unknown, unknown>): object {
    const copy = this.#keep(value, this.#make('Map')) as Map<unknown, unknown>;
    const entries: [unknown, unknown][] = [];
    Map.prototype.forEach.call(value, (item, key) => entries.push([key, item]));
    for (const [key, item] of entries) Map.prototype.set.call(copy, this.copy(key), this.copy(item));
    return copy;
  }

  #copySet(value: ReadonlySet<unknown>): object {
    const copy = this.#keep(value, this.#make('Set')) as Set<unknown>;
    const items: unknown[] = [];
    Set.prototype.forEach.call(value, (item) => items.push(item));
    for (const item of items) Set.prototype.add.call(copy, this.copy(item));
    return copy;
  }

  #copyError(value: Error): object {
    const { name } = value;
    const exceptions = domExceptionOf(this.#realm);
    if (exceptions.is(value)) return this.#keep(value, exceptions.create(value.message, name));
    const message = getOwnPropertyDescriptor(value, 'message');
    const type = typeof name === 'string' && ERROR_NAMES.has(name) ? (name as ErrorName) : 'Error';
    const copy = this.#keep(value, this.#realm.error(type, ''));
    const put = (key: string, item: unknown): void => {
      Object.defineProperty(copy, key, { value: item, writable: true, configurable: true, enumerable: false });
    };
    if (message === undefined) Reflect.deleteProperty(copy, 'message');
    else if ('value' in message) put('message', String(message.value));
    if (typeof value.stack === 'string') put('stack', value.stack);
    if ('cause' in value) put('cause', this.copy(value.cause));
    return copy;
  }

  #copyMembers(value: object, copy: object): object {
    for (const key of Object.keys(value)) {
      // A getter that has run before may have taken it away.
      if (!Object.hasOwn(value, key)) continue;
      const item = this.copy((value as Record<string, unknown>)[key]);
      Object.defineProperty(copy, key, { value: item, writable: true, configurable: true, enumerable: true });
    }
    return copy;
  }
}

/** What stands for more than its properties. */
function isPlatformObject(value: object): boolean {
  return (
    types.isPromise(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    types.isGeneratorObject(value) ||
    types.isMapIterator(value) ||
    types.isSetIterator(value) ||
    types.isModuleNamespaceObject(value) ||
    bears(WeakRef.prototype.deref, value) ||
    bears(FinalizationRegistry.prototype.unregister, value)
  );
}

/** Whether an object has what a method looks for, which only its own class gives. @param method that changes nothing */
function bears(method: (token: WeakKey) => unknown, value: object): boolean {
  try {
    method.call(value, {});
    return true;
  } catch {
    return false;
  }
}
