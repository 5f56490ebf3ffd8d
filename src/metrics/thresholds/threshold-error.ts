/** A threshold that cannot be read, or that its metric cannot have. Ends a run with 104 before it starts. */
export class ThresholdError extends Error {
  override readonly name = 'ThresholdError';
}
