/** What an HTTP status is for, beyond its sentence, with examples. */
export interface HttpUse {
  readonly details: string;
  readonly right: readonly [string, string, string];
  readonly wrong: readonly [HttpMisuse, HttpMisuse, HttpMisuse];
}

export interface HttpMisuse {
  readonly text: string;
  /** The status that is right there. */
  readonly instead: number;
}
