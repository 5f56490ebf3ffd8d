/** sfc32 (Chris Doty-Humphrey, PractRand), with 53 bits of two words: 0 ≤ x < 1. */
export function createSmallFastChaotic(seed: number): () => number {
  const whole = Number.isFinite(seed) ? Math.trunc(seed) : 0;
  let a = whole | 0;
  let b = Math.floor(whole / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const word = (): number => {
    const sum = (((a + b) | 0) + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) word(); // the seed's bits have to spread first
  return () => ((word() >>> 5) * 67_108_864 + (word() >>> 6)) / 2 ** 53;
}
