import type { Rope } from '../rope.ts';
import { patternNames } from '../scope.ts';
import type { FunctionNode, Pattern } from '../syntax.ts';
import { emitPatternDeclarations, isSpelledOut } from './destructuring.ts';
import type { Emitter } from './emitter.ts';
import { emitTarget } from './patterns.ts';

export interface Parts {
  readonly params: Rope;
  /** Takes apart parameters that are more than names. */
  readonly prelude: Rope;
  readonly body: Rope;
}

/** The number that `length` shows: parameters before the first default or rest. */
export function lengthOf(node: FunctionNode): number {
  const end = node.params.findIndex((param) => param.type === 'AssignmentPattern' || param.type === 'RestElement');
  return end === -1 ? node.params.length : end;
}

/** Whether parameters are but names: nothing is evaluated for them. */
export function hasSimpleParameters({ params }: FunctionNode): boolean {
  return params.every(
    (param) => param.type === 'Identifier' || (param.type === 'RestElement' && param.argument.type === 'Identifier'),
  );
}

/** Parameters and body in the present context; what parameters evaluate may wait, so it moves into the body. */
export function emitParts(e: Emitter, node: FunctionNode): Parts {
  if (!hasSimpleParameters(node)) {
    const prelude = emitParameterDeclarations(e, node);
    return { params: `...${e.prefix}a`, prelude, body: [declareApart(e, node), emitBody(e, node)] };
  }
  return { params: emitSimpleParameters(node), prelude: '', body: emitBody(e, node) };
}

/** Parameters where the engine evaluates them. */
export function emitParametersInPlace(e: Emitter, node: FunctionNode): Rope {
  if (hasSimpleParameters(node)) return emitSimpleParameters(node);
  return node.params.map((param, i): Rope => {
    const comma = i === 0 ? '' : ',';
    if (param.type === 'RestElement') return [comma, '...', emitTarget(e, param.argument)];
    if (param.type !== 'AssignmentPattern') return [comma, emitTarget(e, param)];
    const name = param.left.type === 'Identifier' ? param.left.name : null;
    return [comma, emitTarget(e, param.left), '=', e.named(param.right, name)];
  });
}

/** Parameters that are but names, as they are written. */
function emitSimpleParameters({ params }: FunctionNode): Rope {
  const first = params[0];
  const last = params.at(-1);
  return first && last ? { start: first.start, end: last.end } : '';
}

/** Names that parameters and body declare, and that are one variable: no function among the parameters sees the difference. */
function namesOfBoth(e: Emitter, node: FunctionNode): ReadonlySet<string> {
  const apart = new Set(e.scopes.apart.get(node)?.map(({ name }) => name));
  return (e.scopes.bodyNames.get(node) ?? new Set<string>()).difference(apart);
}

/** Names of parameters that the body declares, too. */
export function redeclaredNames(e: Emitter, node: FunctionNode): string[] {
  const redeclared = namesOfBoth(e, node);
  const names = node.params.flatMap((param) => patternNames(param)).map((id) => id['name'] as string);
  return names.filter((name) => redeclared.has(name));
}

/** Takes the arguments apart. */
export function emitParameterDeclarations(e: Emitter, node: FunctionNode): Rope {
  const { prefix: $, runtime } = e;
  const redeclared = namesOfBoth(e, node);
  return node.params.map((param, i): Rope => {
    const value = `${$}a[${i}]`;
    let pattern: Pattern = param;
    let source: Rope = value;
    if (param.type === 'RestElement') {
      pattern = param.argument;
      source = `${runtime.rest}(${$}a,${i})`;
    } else if (param.type === 'AssignmentPattern') {
      pattern = param.left;
      const name = pattern.type === 'Identifier' ? pattern.name : null;
      source = [`${value}===void 0?`, e.named(param.right, name), `:${value}`];
    }
    const isRedeclared = patternNames(pattern).some((id) => redeclared.has(id['name'] as string));
    return [
      isRedeclared ? 'var ' : 'let ',
      isSpelledOut(e, pattern) ? emitPatternDeclarations(e, pattern, source) : [emitTarget(e, pattern), '=', source],
      ';',
    ];
  });
}

/** Names of the body that the parameters must not see: one that a parameter has, too, begins with its value. */
export function declareApart(e: Emitter, node: FunctionNode): Rope {
  const parameters = new Set(node.params.flatMap((param) => patternNames(param)).map((id) => id['name'] as string));
  return (e.scopes.apart.get(node) ?? []).map((binding): Rope => {
    const { name } = binding;
    const own = e.rename(binding);
    return parameters.has(name) ? `var ${own}=${name};` : '';
  });
}

export function emitBody(e: Emitter, { body }: FunctionNode): Rope {
  if (body.type === 'BlockStatement') return e.functionBody(body);
  return [`${e.prefix}v=`, e.value(body)];
}
