import { parse } from 'acorn';
import type { Plugin } from 'rollup';

/**
 * Refuses files that import one that waits for others before it has run, and may wait for them: Rollup can bring that about where it joins
 * files, and the program would then end with nothing done.
 */
export const refuseStandstill: Plugin = {
  name: 'refuse-standstill',
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
    for (const waiting of chunks.filter(({ code }) => waits(parse(code, OPTIONS))))
      for (const { fileName, imports } of chunks)
        if (imports.includes(waiting.fileName))
          throw new Error(`${fileName} imports ${waiting.fileName}, which waits for others before it has run`);
  },
};

const OPTIONS = { ecmaVersion: 'latest', sourceType: 'module' } as const;

/** Whether there is an `await` outside of all functions. */
function waits(node: object): boolean {
  const { type } = node as { type?: string };
  if (type === 'AwaitExpression' || (type === 'ForOfStatement' && (node as { await: boolean }).await)) return true;
  if (type !== undefined && /Function|Method/.test(type)) return false;
  return Object.values(node).some((part: unknown) => typeof part === 'object' && part !== null && waits(part));
}
