// `require` as the ordinary function that it is in k6: calls whose argument is no literal, and uses as a value.

import type { Node } from '../compiler/parse.ts';
import { analyseScopes } from '../compiler/scope.ts';
import { parseScript } from './parse-module.ts';

/**
 * Gives a module that uses `require` otherwise than as `require('literal')` a function of its own that knows where the
 * module lies. Nothing before the end of the text moves.
 * @param source JavaScript
 * @param url of the module
 * @param bundled files of the script that the function may be asked for
 * @returns null where nothing is to be done
 */
export function bindRequire(source: string, url: string, bundled: readonly string[]): string | null {
  const uses = findComputedRequires(source);
  if (uses.length === 0) return null;
  const name = pickName(source);
  let text = source;
  for (const at of uses) text = text.slice(0, at) + name + text.slice(at + 'require'.length);
  const table = bundled.map((file) => `${JSON.stringify(file)}:()=>require(${JSON.stringify(file)})`);
  const own = `function ${name}(id){return globalThis.require(id,${JSON.stringify(url)},{${table.join(',')}})}`;
  // In front of a comment that names a source map, which has to be the last.
  const comment = text.lastIndexOf('\n//# sourceMappingURL=');
  return comment < 0 ? `${text}\n;${own}` : `${text.slice(0, comment)}\n;${own}${text.slice(comment)}`;
}

/** Offsets of the identifier `require` wherever it is the module system's and more than a call with a literal. */
function findComputedRequires(source: string): number[] {
  const withoutLiterals = source.replace(/\brequire\s*\(\s*(?:'[^'\n]*'|"[^"\n]*")\s*\)/g, '');
  if (!/\brequire\b/.test(withoutLiterals)) return [];
  let program: Node;
  try {
    program = parseScript(source);
  } catch {
    return []; // the bundler says what is wrong with it
  }
  const literal = new Set<unknown>();
  const shorthands = new Set<unknown>();
  visitNodes(program, (node) => {
    if (node.type === 'CallExpression' && typeof node['arguments'][0]?.value === 'string') literal.add(node['callee']);
    if (node.type === 'Property' && node['shorthand']) shorthands.add(node['value']);
  });
  return [...analyseScopes(program).references]
    .filter(([node, binding]) => binding === null && node['name'] === 'require')
    .filter(([node]) => !literal.has(node) && !shorthands.has(node) && source.startsWith('require', node.start))
    .map(([node]) => node.start);
}

function visitNodes(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const key in node) {
    const child: unknown = node[key];
    for (const item of Array.isArray(child) ? child : [child]) {
      if (typeof (item as Node | null)?.type === 'string') visitNodes(item as Node, visit);
    }
  }
}

/** As long as `require`, and nowhere in the text. */
function pickName(source: string): string {
  for (let i = 0; ; i++) {
    const name = `$r_${String(i).padStart(4, '0')}`;
    if (!source.includes(name)) return name;
  }
}
