import type { Draw } from './random-draw.ts';

const BINARY = '+ - * / % ** | & ^ << >> >>> == != === !== < > <= >= in instanceof'.split(' ');
const LOGICAL = ['&&', '||', '??'];
const ASSIGNING = '= += -= *= /= %= **= |= &= ^= <<= >>= >>>= &&= ||= ??='.split(' ');
const UNARY = ['-', '+', '!', '~', 'typeof ', 'void '];
const KEYS = ['k', 'n', 'f', 'q'];
const LEAVES = ['0', '1', '2', '.5', '"s"', '""', 'null', 'undefined', 'true', 'false', '/b/g', '3n', '-0', '1e3'];

/** A random expression, in more parentheses than it needs: printing the tree leaves out what can be. */
export function randomExpression(draw: Draw): string {
  const { pick, chance } = draw;
  if (draw.deep() || chance(0.2)) return leaf(draw);
  const e = (): string => randomExpression(draw);
  return draw.deeper(() => pick(chance(0.75) ? PLAIN : NESTING)(draw, e));
}

function leaf(draw: Draw): string {
  if (draw.chance(0.3)) return draw.pick(LEAVES);
  return draw.pick(draw.scope.values);
}

type Maker = (draw: Draw, e: () => string) => string;

const member: Maker = ({ pick, scope }, e) =>
  pick([
    () => `${pick(scope.objects)}.${pick(KEYS)}`,
    () => `${pick(scope.objects)}["${pick(KEYS)}"]`,
    () => `${pick(scope.objects)}[${e()}]`,
    () => `(${e()}, ${pick(scope.objects)})[host("${pick(KEYS)}")]`,
  ])();

/** What is written. V8 turns a key that is an object into text twice where the value is read first: no such keys. */
const target: Maker = (draw, e) =>
  draw.scope.mutable.length > 0 && draw.chance(0.6)
    ? draw.pick(draw.scope.mutable)
    : member(draw, () => `typeof (${e()})`);

const list = (draw: Draw, e: () => string): string =>
  Array.from({ length: draw.below(3) }, () => (draw.chance(0.2) ? `...[${e()}, ${e()}]` : e())).join(', ');

/** What stays in the function that it stands in. */
const PLAIN: readonly Maker[] = [
  (_, e) => `host(${e()})`,
  (_, e) => `host(${e()})`,
  ({ pick }, e) => `((${e()}) ${pick(BINARY)} (${e()}))`,
  ({ pick }, e) => `((${e()}) ${pick(BINARY)} (${e()}))`,
  ({ pick }, e) => `((${e()}) ${pick(LOGICAL)} (${e()}))`,
  (_, e) => `((${e()}) ? (${e()}) : (${e()}))`,
  (_, e) => `((${e()}), (${e()}))`,
  (draw, e) => `(${target(draw, e)} ${draw.pick(ASSIGNING)} (${e()}))`,
  (draw, e) =>
    draw.chance(0.5)
      ? `(${target(draw, e)}${draw.pick(['++', '--'])})`
      : `(${draw.pick(['++', '--'])}${target(draw, e)})`,
  ({ pick }, e) => `(${pick(UNARY)}(${e()}))`,
  (draw, e) => `(delete ${member(draw, e)})`,
  (draw, e) => `${draw.pick(draw.scope.functions)}(${list(draw, e)})`,
  (draw, e) => `${draw.pick(draw.scope.functions)}?.(${list(draw, e)})`,
  (_, e) => `(${e()})?.[${e()}]`,
  (draw, e) => `${draw.pick(draw.scope.objects)}.m(${list(draw, e)})`,
  (draw, e) => `${draw.pick(draw.scope.objects)}?.["m"]?.(${list(draw, e)})`,
  (draw, e) => `${draw.pick(draw.scope.objects)}[host("m")](${list(draw, e)})`,
  (draw, e) => `${draw.pick(draw.scope.objects)}?.f?.[${e()}]?.k`,
  (draw, e) => `(${draw.pick(draw.scope.objects)}?.m)(${list(draw, e)})`,
  (draw) => `(${draw.pick(draw.scope.objects)}?.f).length`,
  member,
  (_, e) => `\`\${${e()}}-\${${e()}}\``,
  (_, e) => `tag\`a\${${e()}}b\${${e()}}\``,
  (draw, e) => `[${list(draw, e)}${draw.chance(0.2) ? ',, 1' : ''}]`,
  ({ pick }, e) => `({ k: (${e()}), [${e()}]: (${e()}), ...(${e()}), ${pick(KEYS)}: 1 })`,
  ({ pick }, e) => `({ k: (${e()}) }).${pick(KEYS)}`,
  (draw, e) => `new ${draw.pick(draw.scope.classes)}${draw.chance(0.3) ? '' : `(${list(draw, e)})`}`,
  (draw, e) => `new ${draw.pick(draw.scope.classes)}(${e()}).m(${e()})`,
  (draw, e) => `${draw.pick(draw.scope.classes)}.s(${list(draw, e)})`,
  (draw, e) => `([${target(draw, e)} = (${e()})] = [${list(draw, e)}])`,
  (draw, e) => `({ k: ${target(draw, e)} = (${e()}), n: ${target(draw, e)} } = ${draw.pick(draw.scope.objects)})`,
  ({ scope }, e) => (scope.inAsync ? `(await (${e()}))` : `[${e()}][0]`),
  ({ scope, chance }, e) =>
    scope.inGenerator ? (chance(0.3) ? `(yield* [${e()}, ${e()}])` : `(yield (${e()}))`) : e(),
  ({ scope, pick }) => (scope.hasThis ? pick(['this.k', 'this.n', 'typeof this', 'new.target === undefined']) : '7'),
  ({ scope }) => (scope.hasArguments ? 'arguments.length' : '8'),
  ({ pick }, e) => `[...${pick(['"ab"', 'I', 'new Set([1, 2])'])}, ${e()}].length`,
  ({ pick }, e) =>
    `[3, 1, ${e()}].${pick(['join("")', 'at(-1)', 'slice(1)', 'indexOf(1)', 'concat([4])', 'includes(3)'])}`,
];

/** Functions and classes within the expression. */
const NESTING: readonly Maker[] = [
  (draw, e) => `((p, q = (${draw.inParameters(e)})) => (${draw.inArrow(['p', 'q'], e)}))(${list(draw, e)})`,
  (draw, e) =>
    `(({ k = (${draw.inParameters(e)}), n: [c = 1] = [], ...r }) => (${draw.inArrow(['k', 'c'], e)}))({ k: (${e()}), z: 1 })`,
  (draw, e) =>
    `(function (p) { ${draw.inFunction('plain', ['p'], () => draw.statements(1))} return ${draw.inFunction('plain', ['p'], e)}; }).call(${e()}, ${e()})`,
  (draw, e) => `(function named(p) { return p ? (${draw.inFunction('plain', ['p'], e)}) : named.name; })(${e()})`,
  (draw, e) => `({ k: (${e()}), m(x) { return [this.k, x, (${draw.inFunction('plain', ['x'], e)})]; } }).m(${e()})`,
  (draw, e) =>
    `({ get k() { return (${draw.inFunction('plain', [], e)}); }, set k(v) { log((${draw.inFunction('plain', ['v'], e)})); } }).k`,
  (draw, e) =>
    `[${e()}, ${e()}].${draw.pick(['map', 'filter', 'flatMap', 'find', 'some', 'every', 'findLastIndex', 'forEach'])}((x) => (${draw.inArrow(['x'], e)}))`,
  (draw, e) => `[3, 1, 2].${draw.pick(['sort', 'toSorted'])}((x, y) => (host(x - y), x - y))[${e()}]`,
  (draw, e) => `[1, 2].reduce((s, x) => (${draw.inArrow(['s', 'x'], e)}), ${e()})`,
  (draw, e) => `"abcb".replace(/b/g, (x) => (${draw.inArrow(['x'], e)}))`,
  (draw, e) => `Array.from({ length: 2 }, (_, x) => (${draw.inArrow(['x'], e)}))`,
  (draw, e) =>
    `[...(function* () { ${draw.inFunction('generator', [], () => draw.statements(1))} yield (${draw.inFunction('generator', [], e)}); })()]`,
  (draw, e) =>
    `new (class { k = (${draw.inFunction('field', [], e)}); #p = (${draw.inFunction('field', [], e)}); constructor(z) { this.z = (${draw.inFunction('plain', ['z'], e)}); } get w() { return [this.k, this.#p, #p in this]; } })(${e()}).w`,
  (draw, e) =>
    `(class { static k = (${draw.inFunction('field', [], e)}); static [${e()}]() { return 1; } static { log(this.k); } }).k`,
  (draw, e) =>
    `(later(async () => { ${draw.inFunction('async', [], () => draw.statements(1))} return (${draw.inFunction('async', [], e)}); }), 1)`,
  (draw, e) => `((...r) => r.length)(${list(draw, e)})`,
];
