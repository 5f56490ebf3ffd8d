// What a page asks the server for when it opens, and anew when something has changed.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, signInAgain, trouble } from './api.ts';

export interface Loaded<T> {
  /** null: not there yet. */
  readonly value: T | null;
  readonly problem: string | null;
  /** Reads it anew; what is shown stays until then. */
  readonly reload: () => Promise<void>;
}

/**
 * @param key of what it depends on
 * @param everyMs how often it is read anew while somebody looks; 0: never
 */
export function useLoaded<T>(key: string, load: () => Promise<T>, everyMs = 0): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const reload = async (): Promise<void> => {
    try {
      setValue(await load());
      setProblem(null);
      trouble.value = null;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) signInAgain();
      const text = error instanceof Error ? error.message : String(error);
      setProblem(text);
      trouble.value = text;
    }
  };
  useEffect(() => {
    void reload();
    if (everyMs === 0) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) void reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [key]);
  return { value, problem, reload };
}
