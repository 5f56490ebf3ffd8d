// Environment variables and their names: what k6 calls `K6_…` is also `SIXFOLD_…` here.

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that is set. */
export interface Variable {
  /** The name that it is set under. */
  readonly name: string;
  readonly text: string;
}

/** @returns the names under which a setting stands in the environment, the one that goes first in front */
export function variableNames(name: string): readonly string[] {
  return name.startsWith('K6_') ? [name.replace('K6_', 'SIXFOLD_'), name] : [name];
}

/**
 * @param name as k6 has it, or one of our own
 * @returns the variable, null where it is not set or set to nothing
 */
export function findVariable(name: string, env: Environment): Variable | null {
  for (const one of variableNames(name)) {
    const text = env[one];
    if (text !== undefined && text !== '') return { name: one, text };
  }
  return null;
}
