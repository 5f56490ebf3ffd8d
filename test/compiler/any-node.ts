/** A node of an ESTree tree, for tools of tests that take apart whatever they meet. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  // biome-ignore lint/suspicious/noExplicitAny: the fields depend on `type`
  readonly [field: string]: any;
}
