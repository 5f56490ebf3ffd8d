import type { Activation, CompiledProtocol } from '../../runtime/compiled-protocol.ts';

/** How emitted code calls an operation of the runtime: `im` → `$$.im`. */
export type RuntimeNames = { readonly [Operation in keyof CompiledProtocol]: string };

/** How it calls what belongs to the activation of an async function: `done` → `$$d.done`. */
export type ActivationNames = { readonly [Member in ActivationMember]: string };

type ActivationMember = Exclude<keyof Activation, 'vu'>;

/** All operations that compiled code may use: the types allow neither one too many nor one too few. */
export const OPERATIONS = namesOf<keyof CompiledProtocol>({
  d: true,
  a: true,
  pend: true,
  vu: true,
  tw: true,
  st: true,
  take: true,
  seen: true,
  ret: true,
  thr: true,
  box: true,
  ebox: true,
  sync: true,
  fn: true,
  takePend: true,
  takeRead: true,
  replay: true,
  global: true,
  f0: true,
  tag: true,
  rest: true,
  iter: true,
  step: true,
  close: true,
  next: true,
  rests: true,
  unwind: true,
  drain: true,
  dst: true,
  names: true,
  copy: true,
  uses: true,
  use: true,
  holds: true,
  dispose: true,
  spoil: true,
  disposed: true,
  deleg: true,
  aiter: true,
  anext: true,
  astep: true,
  aclose: true,
  aclosed: true,
  adeleg: true,
  new: true,
  cons: true,
  RET: true,
  Base: true,
  mk: true,
  mks: true,
  mc: true,
  sup: true,
  born: true,
  noObject: true,
  isObject: true,
  gp: true,
  heir: true,
  inherit: true,
  wt: true,
  nt: true,
  named: true,
  reg: true,
  statics: true,
  UNNAMED: true,
  name: true,
  property: true,
  def: true,
  m: true,
  pm: true,
  ob: true,
  bin: true,
  unary: true,
  str: true,
  key: true,
  keyOf: true,
  numeric: true,
  num: true,
  up: true,
  blk: true,
  genw: true,
  gst: true,
  gbeg: true,
  asyncw: true,
  acall: true,
  agen: true,
  agenw: true,
  agbeg: true,
  asks: true,
  apply: true,
  entry: true,
  source: true,
  hide: true,
  patches: true,
  overrides: true,
  arm: true,
  im: true,
  imp: true,
  meta: true,
  exports: true,
  chk: true,
  early: true,
  gs: true,
  self: true,
  globals: true,
  eval: true,
});

const ACTIVATION_MEMBERS = namesOf<ActivationMember>({
  awaiting: true,
  a: true,
  r: true,
  t: true,
  s: true,
  done: true,
  fail: true,
  end: true,
});

/** The names of the operations in a module whose own names begin with `prefix`. */
export function nameOperations(prefix: string): RuntimeNames {
  return nameMembers(OPERATIONS, prefix);
}

export function nameActivation(prefix: string): ActivationNames {
  return nameMembers(ACTIVATION_MEMBERS, `${prefix}d`);
}

function namesOf<Name extends string>(table: { readonly [K in Name]: true }): readonly Name[] {
  return Object.keys(table) as Name[];
}

function nameMembers<Name extends string>(names: readonly Name[], owner: string): { readonly [K in Name]: string } {
  return Object.fromEntries(names.map((name) => [name, `${owner}.${name}`])) as { [K in Name]: string };
}
