/** What somebody meets that has another code, exit code or error. */
export interface Mistaken {
  readonly text: string;
  /** What it is there. */
  readonly instead: number;
}

/** Examples: when it is this one, and when it is another. */
export interface Use {
  readonly right: readonly [string, string, string];
  readonly wrong: readonly [Mistaken, Mistaken, Mistaken];
}
