// `import.meta`, of which k6 has `resolve` alone: in joined text it would be that of the whole, so each module imports its own.

import type { Node, Program } from '../compiler/syntax.ts';
import { type ModuleEdits, pickName } from './module-edits.ts';
import { visitNodes } from './visit-nodes.ts';

const META_PREFIX = 'sixfold:import-meta:';

/**
 * Lets the `import.meta` of a module's text be an object that knows the module's own address.
 * @returns null where the text has none
 */
export function bindImportMeta(source: string, program: Program, url: string): ModuleEdits | null {
  const uses: Node[] = [];
  visitNodes(program, (node) => {
    if (node.type === 'MetaProperty' && node.meta.name === 'import') uses.push(node);
  });
  if (uses.length === 0) return null;
  const name = pickName(source, 'import'.length, '$meta');
  return {
    replacements: uses.map(({ start, end }) => {
      // What stands between `import` and `meta` may have lines.
      const rest = source.slice(start + name.length, end).replace(/[^\n\r\u2028\u2029]/g, ' ');
      return { start, end, text: name + rest };
    }),
    appended: [`import ${name} from ${JSON.stringify(META_PREFIX + url)}`],
  };
}

/** @returns the address of the module that asks for its `import.meta` by that specifier, null for another specifier */
export function importMetaOwner(specifier: string): string | null {
  return specifier.startsWith(META_PREFIX) ? specifier.slice(META_PREFIX.length) : null;
}

/** What a module at `url` asks for its `import.meta` by. */
export function importMetaSpecifier(url: string): string {
  return META_PREFIX + url;
}

/**
 * The function behind `import.meta.resolve` of the module at `url`.
 * @returns the address of what an import of `specifier` would load
 */
export function makeResolve(url: string): (specifier: string) => string {
  return (specifier) => (/^\.{0,2}\//.test(specifier) ? new URL(specifier, url).href : specifier);
}
