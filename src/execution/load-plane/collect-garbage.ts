// What the engine does by itself only when it runs short of memory.
import { Session } from 'node:inspector/promises';

/** Frees the memory that nothing of this thread refers to any more. */
export async function collectGarbage(): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.collectGarbage');
  session.disconnect();
}
