// A stream that is full: NATS says so at once, and says the same until somebody makes room.
import { JetStreamApiError } from '@nats-io/jetstream';

/**
 * Codes of nats-server where a stream, an account, a server or a cluster has no more room
 * (https://github.com/nats-io/nats-server/blob/main/server/errors.json).
 */
const NO_ROOM: ReadonlySet<number> = new Set([10_002, 10_023, 10_047, 10_077]);

/** Whether NATS has refused a message since it has no room for it. */
export function isNoRoom(error: unknown): error is JetStreamApiError {
  return error instanceof JetStreamApiError && NO_ROOM.has(error.code);
}
