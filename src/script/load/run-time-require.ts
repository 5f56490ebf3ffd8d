// `require` as the ordinary function that it is in k6: calls whose argument is no literal, uses as a value, and all calls
// where the script puts a function of its own in its place.

import { analyseScopes } from '../compiler/scope.ts';
import { staticKey } from '../compiler/static-key.ts';
import { stringLiteral } from '../compiler/string-literal.ts';
import type { Node, Program } from '../compiler/syntax.ts';
import { SCOPE_SPECIFIER } from '../module-scope.ts';
import { type ModuleEdits, pickName } from './module-edits.ts';
import { visitNodes } from './visit-nodes.ts';

export interface RequireScope {
  /** Files and addresses of the script that the function may be asked for. */
  readonly bundled: readonly string[];
  /** The script replaces `global.require`, so that calls with a literal go there too. */
  readonly isReplaced: boolean;
}

/**
 * Gives a module that uses `require` otherwise than as `require('literal')` a function of its own that knows where the
 * module lies: it says so, and then asks the global function of that name.
 * @param url of the module
 * @returns null where nothing is to be done
 */
export function bindRequire(source: string, program: Program, url: string, scope: RequireScope): ModuleEdits | null {
  const literals = new Map<Node, string>();
  const shorthands = new Set<Node>();
  visitNodes(program, (node) => {
    if (node.type === 'CallExpression') {
      const literal = stringLiteral(node.arguments[0]);
      if (literal !== null) literals.set(node.callee, literal);
    }
    if (node.type === 'Property' && node.shorthand) shorthands.add(node.value);
  });
  const uses = [...analyseScopes(program).references]
    .filter(([node, binding]) => binding === null && node.name === 'require')
    .filter(([node]) => scope.isReplaced || !literals.has(node))
    .filter(([node]) => !shorthands.has(node) && source.startsWith('require', node.start))
    .map(([node]) => node);
  if (uses.length === 0) return null;
  const name = pickName(source, 'require'.length, '$req');
  const literal = uses.flatMap((node) => literals.get(node) ?? []);
  const own =
    `function ${name}(id){const{ask}=require(${JSON.stringify(SCOPE_SPECIFIER)}),` +
    `before=ask({base:${JSON.stringify(url)},literal:${tableOf(literal)},bundled:${tableOf(scope.bundled)}});` +
    'try{return globalThis.require(id)}finally{ask(before)}}';
  return {
    replacements: uses.map(({ start, end }) => ({ start, end, text: name })),
    appended: [own],
  };
}

/** Text of an object: key → what loads the module of that name or address. */
function tableOf(keys: readonly string[]): string {
  const entries = [...new Set(keys)].map((key) => `${JSON.stringify(key)}:()=>require(${JSON.stringify(key)})`);
  return `{__proto__:null,${entries.join(',')}}`;
}

/** Whether a module may give the global object a `require` of its own. */
export function replacesRequire(program: Program): boolean {
  let found = false;
  visitNodes(program, (node) => {
    if (node.type === 'AssignmentExpression')
      found ||= node.left.type === 'MemberExpression' && staticKey(node.left) === 'require';
    // Object.assign(global, { require }), Object.defineProperties(global, { require: … })
    else if (node.type === 'CallExpression') {
      const [target, second] = node.arguments;
      if (target === undefined || second === undefined) return;
      if (target.type === 'Identifier' && !/^(?:global|globalThis|self|window)$/.test(target.name)) return;
      if (stringLiteral(second) === 'require') found = true;
      else if (second.type === 'ObjectExpression')
        found ||= second.properties.some(
          (property) => property.type === 'Property' && staticKey(property) === 'require',
        );
    }
  });
  return found;
}
