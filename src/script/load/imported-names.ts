// The names that a script imports from k6's modules: whether they are there, only a worker knows.
import type { Program as Tree } from 'acorn';
import type { Node } from '../compiler/parse.ts';
import { isK6Specifier } from './specifiers.ts';

/** Plain data: part of the program that is sent to the workers. */
export interface ImportedName {
  readonly specifier: string;
  readonly name: string;
  /** In the text that is compiled, UTF-16 code units. */
  readonly offset: number;
}

/** @returns named imports and re-exports from k6's modules, in the order of the text */
export function listImportedNames(tree: Tree): ImportedName[] {
  const names: ImportedName[] = [];
  for (const statement of tree.body as unknown as Node[]) {
    const specifier = (statement['source'] as { value?: unknown } | null | undefined)?.value;
    if (typeof specifier !== 'string' || !isK6Specifier(specifier)) continue;
    for (const item of (statement['specifiers'] ?? []) as Node[]) {
      // `local` is the module's own name for it where the statement exports.
      const theirs = (item.type === 'ExportSpecifier' ? item['local'] : item['imported']) as Node | undefined;
      if (theirs) names.push({ specifier, name: String(theirs['name'] ?? theirs['value']), offset: theirs.start });
    }
  }
  return names;
}
