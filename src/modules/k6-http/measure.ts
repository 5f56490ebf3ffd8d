import type { TagSet } from '../../metrics/tag-set.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { Timings } from '../../wire/net/timings.ts';

/** What a request that was never sent took. */
export const NO_TIMINGS: Readonly<Timings> = {
  blocked: 0,
  lookingUp: 0,
  connecting: 0,
  tlsHandshaking: 0,
  sending: 0,
  waiting: 0,
  receiving: 0,
};

/** The samples of one request. @param expected null: there is no response callback, so it can have failed neither */
export function emitRequest(
  environment: VuEnvironment,
  tags: TagSet,
  timings: Readonly<Timings>,
  expected: boolean | null,
): void {
  const { samples, metrics } = environment;
  const now = environment.now();
  samples.add(metrics.http_reqs, tags, 1, now);
  samples.add(metrics.http_req_duration, tags, timings.sending + timings.waiting + timings.receiving, now);
  samples.add(metrics.http_req_blocked, tags, timings.blocked, now);
  samples.add(metrics.http_req_connecting, tags, timings.connecting, now);
  samples.add(metrics.http_req_tls_handshaking, tags, timings.tlsHandshaking, now);
  samples.add(metrics.http_req_sending, tags, timings.sending, now);
  samples.add(metrics.http_req_waiting, tags, timings.waiting, now);
  samples.add(metrics.http_req_receiving, tags, timings.receiving, now);
  if (expected !== null) samples.add(metrics.http_req_failed, tags, expected ? 0 : 1, now);
}
