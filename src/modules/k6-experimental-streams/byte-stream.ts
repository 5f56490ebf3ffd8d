// Streams of bytes that are there already: what `stream()` of a Blob and `body` of a Response give.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Realm } from '../../script/realm-interface.ts';
import { toRealmBuffer } from '../../vu/script-bytes.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';

type StreamClasses = typeof import('./stream-classes.ts');

/** Octets of a chunk. */
const CHUNK = 64 * 1024;

let classes: StreamClasses | null = null;

/** Few scripts need them, and with them the compiler. */
function loadClasses(): StreamClasses {
  classes ??= createRequire(import.meta.url)(
    fileURLToPath(new URL('./stream-classes.ts', import.meta.url)),
  ) as StreamClasses;
  return classes;
}

/**
 * A ReadableStream of the virtual user whose code runs.
 * @param onRead told before the first chunk is handed out
 */
export function openByteStream(realm: Realm, bytes: Uint8Array, onRead: () => void = () => {}): unknown {
  const { fromChunks } = loadClasses().streamClassesOf(realm.vu as VirtualUser);
  let at = 0;
  const next = realm.hostFunction('next', 0, () => {
    if (at === 0) onRead();
    if (at >= bytes.length) return undefined;
    const chunk = bytes.subarray(at, at + CHUNK);
    at += chunk.length;
    return new realm.intrinsics.Uint8Array(toRealmBuffer(realm, chunk));
  });
  return realm.apply(fromChunks, undefined, [next]);
}
