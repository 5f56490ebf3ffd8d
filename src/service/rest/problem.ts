// What is wrong with a request, as RFC 9457 has it.

/** The kinds there are, by the last part of their address. */
export const PROBLEMS = {
  invalid: { status: 400, title: 'The request is not right' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'You may not do this' },
  missing: { status: 404, title: 'There is no such thing' },
  method: { status: 405, title: 'Not with this method' },
  conflict: { status: 409, title: 'Not in this state' },
  'too-large': { status: 413, title: 'It is too large' },
  'media-type': { status: 415, title: 'Not this kind of content' },
  unusable: { status: 422, title: 'It cannot be used' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'The server failed' },
  unavailable: { status: 503, title: 'The server cannot do this now' },
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

/** An answer that says what is wrong. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  /** The parts of the body that are wrong. */
  readonly fields: readonly { readonly path: string; readonly message: string }[];

  /** @param detail what is wrong with this request, and what to do */
  constructor(kind: ProblemKind, detail: string, fields: Problem['fields'] = []) {
    super(detail);
    this.kind = kind;
    this.fields = fields;
  }
}

/** @returns the body of the answer */
export function problemBody({ kind, message, fields }: Problem): Record<string, unknown> {
  const { status, title } = PROBLEMS[kind];
  return {
    type: `urn:sixfold:problem:${kind}`,
    title,
    status,
    detail: message,
    ...(fields.length > 0 && { errors: fields }),
  };
}
