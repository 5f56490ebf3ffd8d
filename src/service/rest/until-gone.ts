// Work that is for one answer alone ends with whoever waits for it.
import type { FastifyReply } from 'fastify';
import { Problem } from './problem.ts';

/** @returns is aborted with a {@link Problem} when the connection closes before the answer has gone out: the server ends that way too */
export function untilGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const leave = (): void => {
    if (!raw.writableFinished) gone.abort(new Problem('unavailable', 'whoever asked has gone'));
  };
  if (raw.destroyed) leave();
  else raw.once('close', leave);
  return gone.signal;
}
