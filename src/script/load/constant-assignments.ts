// Assignments to constants and imports: an error of run time by the language, which the bundler refuses to join.

import { analyseScopes, patternNames } from '../compiler/scope.ts';
import type { Expression, Identifier, Node, Pattern, Program, VariableDeclaration } from '../compiler/syntax.ts';
import { type ModuleEdits, pickName } from './module-edits.ts';
import { visitNodes } from './visit-nodes.ts';

/**
 * Lets what a module assigns to its constants and imports go to names of no declaration instead. Where all of them are
 * declared as constants around the joined text, the assignments throw what they would have thrown.
 * @param constants takes in the names
 * @returns null where nothing is to be done
 */
export function divertConstantAssignments(
  source: string,
  program: Program,
  constants: Set<string>,
): ModuleEdits | null {
  const targets = new Set<Identifier>();
  const shorthands = new Set<Node>();
  visitNodes(program, (node) => {
    if (node.type === 'AssignmentExpression') addTargets(node.left, targets);
    else if (node.type === 'UpdateExpression') addTargets(node.argument, targets);
    else if (node.type === 'ForInStatement' || node.type === 'ForOfStatement') addTargets(node.left, targets);
    else if (node.type === 'Property' && node.shorthand) shorthands.add(nameOfShorthand(node.value));
  });
  const { references } = analyseScopes(program);
  const refused = [...targets].filter((node) => /^(?:const|import)$/.test(references.get(node)?.kind ?? ''));
  if (refused.length === 0) return null;
  return {
    replacements: refused.map((node) => {
      const name = pickName(source, node.end - node.start);
      constants.add(name);
      const key = shorthands.has(node) ? `${source.slice(node.start, node.end)}:` : '';
      return { start: node.start, end: node.end, text: key + name };
    }),
    appended: [],
  };
}

function addTargets(pattern: Pattern | Expression | VariableDeclaration, targets: Set<Identifier>): void {
  if (pattern.type === 'VariableDeclaration') return;
  if (pattern.type === 'ParenthesizedExpression') addTargets(pattern.expression, targets);
  else for (const name of patternNames(pattern)) targets.add(name);
}

/** The identifier of `{ a }` or `{ a = 1 }` in a pattern. */
function nameOfShorthand(value: Node): Node {
  return value.type === 'AssignmentPattern' ? value.left : value;
}
