// Variables that stand for `let`, `const` and `class` at the top of modules that run late (see load/late-modules.ts).
import { SCOPE_SPECIFIER, UNSET_EXPORT } from '../module-scope.ts';
import { childrenOf } from './keys.ts';
import { type Binding, patternNames } from './scope.ts';
import type { Expression, Identifier, Node, Program } from './syntax.ts';

/** What must not be used before its turn, though the engine would not mind. */
export interface DeadZones {
  /** The name of what a variable holds until its turn; null where there are none. */
  readonly unset: string | null;
  readonly bindings: ReadonlySet<Binding>;
  /** Where such a name is declared or gets its first value: the only places that ask nothing. */
  readonly initialised: ReadonlySet<Identifier>;
}

export const NO_DEAD_ZONES: DeadZones = { unset: null, bindings: new Set(), initialised: new Set() };

/** @param references what the names of the program stand for */
export function findDeadZones(program: Program, references: ReadonlyMap<Identifier, Binding | null>): DeadZones {
  const unset = findUnset(program);
  if (unset === null) return NO_DEAD_ZONES;
  const bindings = new Set<Binding>();
  const initialised = new Set<Identifier>();
  const isUnset = (node: Node | null | undefined): boolean => node?.type === 'Identifier' && node.name === unset;
  const visit = (node: Node): void => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && isUnset(node.init)) {
      bindings.add(references.get(node.id) as Binding);
      initialised.add(node.id);
    } else if (node.type === 'BlockStatement') {
      for (const [i, statement] of node.body.entries()) {
        const next = node.body[i + 1];
        if (statement.type === 'ExpressionStatement' && isUnset(statement.expression))
          if (next?.type === 'ExpressionStatement')
            for (const target of targetsOf(next.expression)) initialised.add(target);
      }
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return { unset, bindings, initialised };
}

function findUnset({ body }: Program): string | null {
  for (const statement of body) {
    if (statement.type !== 'ImportDeclaration' || statement.source.value !== SCOPE_SPECIFIER) continue;
    for (const specifier of statement.specifiers)
      if (specifier.type === 'ImportSpecifier' && 'name' in specifier.imported)
        if (specifier.imported.name === UNSET_EXPORT) return specifier.local.name;
  }
  return null;
}

/** The names that `a = 1, { b } = o` assigns to. */
function targetsOf(expression: Expression): Identifier[] {
  if (expression.type === 'SequenceExpression') return expression.expressions.flatMap(targetsOf);
  return expression.type === 'AssignmentExpression' ? patternNames(expression.left) : [];
}
