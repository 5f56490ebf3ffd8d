// What the compiler has to know of the modules of scripts, made of their one table: the compiler lies below them and cannot import it.
import { MODULES, type ModuleRow } from '../src/modules/registry.ts';

/** Where it is written to. */
export const TRAITS_FILE = 'src/script/load/module-traits.ts';

/** @returns the whole file */
export function renderModuleTraits(): string {
  const rows = Object.entries<ModuleRow>(MODULES).map(([name, { suspends, isPeer }]) => {
    const key = name === 'k6' ? name : `'${name}'`;
    return `  ${key}: { suspends: ${suspends}${isPeer ? ', isPeer: true' : ''} },\n`;
  });
  return `// Made of src/modules/registry.ts by \`npm run docs\`: do not edit.

/** By a module's name: whether it may suspend a virtual user, and whether it stands on a package, or a program, that may not be installed. */
export const MODULE_TRAITS = {
${rows.join('')}} as const;
`;
}
