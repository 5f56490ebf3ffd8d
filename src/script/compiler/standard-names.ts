/** Global names of the language itself: the same for every VU, so compiled code may use them directly. */
export const STANDARD_NAMES: ReadonlySet<string> = new Set(
  (
    'Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error ' +
    'AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError JSON Math Intl ArrayBuffer Atomics ' +
    'Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array Uint8ClampedArray ' +
    'Float32Array Float64Array DataView Map BigInt Set Iterator WeakMap WeakSet Proxy Reflect FinalizationRegistry WeakRef ' +
    'decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN SharedArrayBuffer'
  ).split(' '),
);

/** Standard constructors that run no code of the script, whatever their arguments (conversions apart). */
export const INERT_CONSTRUCTORS: ReadonlySet<string> = new Set(
  (
    'Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError Date RegExp Object Array Number ' +
    'String Boolean ArrayBuffer DataView WeakRef Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array ' +
    'Uint8ClampedArray Float32Array Float64Array BigInt64Array BigUint64Array'
  ).split(' '),
);

/** Those that only iterate over their argument. */
export const ITERATING_CONSTRUCTORS: ReadonlySet<string> = new Set(['Map', 'Set', 'WeakMap', 'WeakSet']);

/** Standard functions that run no code of the script (conversions and accessors apart). */
export const INERT_FUNCTIONS: ReadonlySet<string> = new Set(
  (
    'Number String Boolean BigInt Symbol parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI escape ' +
    'unescape Date.now Date.parse Date.UTC Array.isArray Array.of Object.keys Object.freeze Object.is Object.hasOwn ' +
    'Object.isFrozen Object.getPrototypeOf Object.getOwnPropertyNames Object.getOwnPropertyDescriptor Number.isInteger Number.isFinite Number.isNaN ' +
    'Number.isSafeInteger Number.parseInt Number.parseFloat String.fromCharCode String.fromCodePoint Symbol.for'
  ).split(' '),
);

/** Methods of built-in objects that take no callback: inert unless the program defines a property of that name itself. */
export const INERT_METHODS: ReadonlySet<string> = new Set(
  (
    'push pop shift unshift slice splice join concat includes indexOf lastIndexOf reverse fill charAt charCodeAt codePointAt ' +
    'padStart padEnd startsWith endsWith trim trimStart trimEnd toLowerCase toUpperCase substring substr repeat toFixed ' +
    'toPrecision getTime getFullYear getMonth getDate getDay getHours getMinutes getSeconds getMilliseconds toISOString hasOwnProperty localeCompare ' +
    'normalize isPrototypeOf propertyIsEnumerable'
  ).split(' '),
);
