import { nodeCrypto } from '../node/late-builtins.ts';

/** @returns a name for a run that sorts by time and is the only one of its kind: `20261128-091204-7f3c2e` */
export function makeRunId(now = new Date()): string {
  const [date, time] = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return `${date}-${time}-${nodeCrypto().randomBytes(3).toString('hex')}`;
}
