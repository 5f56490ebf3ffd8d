// How people sign in to this server: the same for as long as it runs.
import { ask, type SignInWays } from './api.ts';
import { useLoaded } from './use-loaded.ts';

/** @returns null: not known yet */
export function useWays(): SignInWays | null {
  return useLoaded('sign-in', () => ask<SignInWays>('GET', '/sign-in')).value;
}
