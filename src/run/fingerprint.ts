import { nodeCrypto } from '../node/late-builtins.ts';
import type { Options } from '../options/options.ts';

/**
 * @param code the compiled script with its modules
 * @returns the same for runs that can be compared: of the same script with the same options. Tags may differ, they name single runs
 */
export function fingerprintOf(code: string, { shown }: Pick<Options, 'shown'>): string {
  const { tags: _, ...options } = shown;
  return nodeCrypto()
    .createHash('sha256')
    .update(code)
    .update('\n')
    .update(JSON.stringify(options))
    .digest('hex')
    .slice(0, 32);
}
