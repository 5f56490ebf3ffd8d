const UNITS: readonly [suffix: string, milliseconds: number][] = [
  ['n', 1e-6],
  ['u', 1e-3],
  ['m', 1],
  ['S', 1000],
  ['M', 60_000],
  ['H', 3_600_000],
];
const MOST = 99_999_999;

/** The value of `grpc-timeout`: at most eight digits, in the smallest unit that fits, rounded up. */
export function formatTimeout(ms: number): string {
  if (ms <= 0) return '0n';
  for (const [suffix, unit] of UNITS) {
    const count = Math.ceil(Number((ms / unit).toPrecision(15)));
    if (count <= MOST) return `${count}${suffix}`;
  }
  return `${MOST}H`;
}
