// The names that a script imports from modules outside its text, of k6 and of packages.
import type { Program as Tree } from 'acorn';
import type { Node } from '../compiler/parse.ts';

/** Plain data: part of the program that is sent to the workers. */
export interface ImportedName {
  readonly specifier: string;
  readonly name: string;
  /** In the text that is compiled, UTF-16 code units. */
  readonly offset: number;
}

/** @returns named imports and re-exports from modules that are not part of the text, in its order */
export function listImportedNames(tree: Tree, isMeant: (specifier: string) => boolean): ImportedName[] {
  const names: ImportedName[] = [];
  for (const statement of tree.body as unknown as Node[]) {
    const specifier = (statement['source'] as { value?: unknown } | null | undefined)?.value;
    if (typeof specifier !== 'string' || !isMeant(specifier)) continue;
    for (const item of (statement['specifiers'] ?? []) as Node[]) {
      // `local` is the module's own name for it where the statement exports.
      const theirs = (item.type === 'ExportSpecifier' ? item['local'] : item['imported']) as Node | undefined;
      if (theirs) names.push({ specifier, name: String(theirs['name'] ?? theirs['value']), offset: theirs.start });
    }
  }
  return names;
}
