// Twins for every built-in that calls back: with them, a callback may block wherever the language lets one be given.
import type { Protocol } from '../protocol.ts';
import { installArrayNatives } from './array.ts';
import { installArrayChanges } from './array-changes.ts';
import { installCollectionNatives } from './collections.ts';
import { installDisposableNatives } from './disposable.ts';
import { installFunctionNatives } from './function.ts';
import { installIteratorNatives } from './iterator.ts';
import { installJsonNatives } from './json.ts';
import { installPromiseStatics } from './promise-statics.ts';
import { installRegExpNatives } from './regexp.ts';
import { installSort } from './sort.ts';
import { installSpec } from './spec.ts';
import { installStringNatives } from './string.ts';
import { installTypedArrayNatives } from './typed-array.ts';

/** Each is evaluated in the realm from its own source text, in this order. */
export const NATIVE_INSTALLERS: readonly ((p: Protocol) => void)[] = [
  installSpec,
  installSort,
  installArrayNatives,
  installArrayChanges,
  installTypedArrayNatives,
  installCollectionNatives,
  installDisposableNatives,
  installPromiseStatics,
  installRegExpNatives,
  installStringNatives,
  installFunctionNatives,
  installIteratorNatives,
  installJsonNatives,
];
