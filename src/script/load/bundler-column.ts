/** A place as the bundler tells it. */
export interface BundlerPlace {
  /** 0-based, in bytes of UTF-8. */
  readonly column: number;
  readonly lineText: string;
}

/** @returns the column, 1-based, in UTF-16 code units as everywhere else */
export function columnOf({ lineText, column }: BundlerPlace): number {
  return Buffer.from(lineText).subarray(0, column).toString().length + 1;
}
