// The globals TextEncoder and TextDecoder, of the script's realm.
import type { Realm } from '../script/realm-interface.ts';

/** Both classes; shared by all virtual users of a worker. */
export function createTextCoding(realm: Realm): { TextEncoder: unknown; TextDecoder: unknown } {
  const encoder = new TextEncoder();
  const decoders = new WeakMap<object, TextDecoder>();
  const textOf = (value: unknown): string => {
    // Other than `String` the language makes no text of it by itself.
    if (typeof value === 'symbol') throw realm.error('TypeError', 'Cannot convert a Symbol value to a string');
    return String(value);
  };
  const textEncoder = realm.hostClass({
    name: 'TextEncoder',
    construct() {},
    methods: {
      encode: {
        length: 0,
        impl: (text: unknown = '') => {
          const bytes = encoder.encode(textOf(text));
          const own = new realm.intrinsics.Uint8Array(bytes.length);
          own.set(bytes);
          return own;
        },
      },
      encodeInto: {
        length: 2,
        impl: (text: unknown, target: Uint8Array) => realm.fromHost(encoder.encodeInto(textOf(text), target)),
      },
    },
    getters: { encoding: () => 'utf-8' },
  });
  const textDecoder = realm.hostClass({
    name: 'TextDecoder',
    construct(self, { 0: label = 'utf-8', 1: options }) {
      const { fatal, ignoreBOM } = (options ?? {}) as { fatal?: unknown; ignoreBOM?: unknown };
      try {
        decoders.set(self, new TextDecoder(String(label), { fatal: Boolean(fatal), ignoreBOM: Boolean(ignoreBOM) }));
      } catch {
        throw realm.error('RangeError', `TextDecoder: the encoding ${String(label)} is not supported`);
      }
    },
    methods: {
      decode: {
        length: 0,
        impl(this: unknown, input?: ArrayBuffer | NodeJS.ArrayBufferView<ArrayBuffer>, options?: { stream?: boolean }) {
          const decoder = decoderOf(this);
          const stream = Boolean(options?.stream);
          try {
            return decoder.decode(input, { stream });
          } catch (error) {
            throw realm.error('TypeError', `TextDecoder: ${(error as Error).message}`);
          }
        },
      },
    },
    getters: {
      encoding(this: unknown) {
        return decoderOf(this).encoding;
      },
      fatal(this: unknown) {
        return decoderOf(this).fatal;
      },
      ignoreBOM(this: unknown) {
        return decoderOf(this).ignoreBOM;
      },
    },
  });

  function decoderOf(self: unknown): TextDecoder {
    const decoder = decoders.get(self as object);
    if (!decoder) throw realm.error('TypeError', 'not a TextDecoder');
    return decoder;
  }
  return { TextEncoder: textEncoder.constructor, TextDecoder: textDecoder.constructor };
}
