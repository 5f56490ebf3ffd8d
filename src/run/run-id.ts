/** @returns a name for a run that sorts by time and is the only one of its kind: `20261128-091204-7f3c2e` */
export function makeRunId(now = new Date()): string {
  const [date, time] = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  // Nobody has to be unable to guess it, and Node's cryptography would cost each start more.
  const end = Math.floor(Math.random() * 0x1000000);
  return `${date}-${time}-${end.toString(16).padStart(6, '0')}`;
}
