import type { Protocol } from '../metrics/sample-batch.ts';
import type { WireError } from '../wire/net/wire-error.ts';
import type { VuEnvironment } from './environment.ts';

/** Keeps, for the summary, what the bounded `error` tag of a failure leaves out: its whole text, and where our own code broke. */
export function noteFailure(
  { samples }: VuEnvironment,
  protocol: Protocol,
  { code, message, kind, cause }: WireError,
): void {
  if (code !== 1001 && message === kind) return;
  samples.note({
    protocol,
    code,
    text: message,
    stack: code === 1001 && cause instanceof Error ? (cause.stack ?? '') : '',
  });
}
