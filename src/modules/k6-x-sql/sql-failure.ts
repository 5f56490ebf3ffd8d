import type { Code } from '../../codes/catalogue.ts';
import { WireError } from '../../wire/net/wire-error.ts';

/** By SQLSTATE, the longest beginning that fits. */
const BY_STATE: readonly (readonly [string, Code])[] = [
  ['42501', 2101],
  ['3D000', 2101],
  ['28', 2101],
  ['23', 2102],
  ['42', 2103],
  ['40', 2104],
  ['55P03', 2104],
  ['53', 2105],
  ['57P', 2106],
  ['08', 2106],
];

/** @param kind few texts, so that it can be a tag: the SQLSTATE */
export function sqlFailure(message: string, state: string, cause: unknown, code = codeOfState(state)): WireError {
  return new WireError(code, message, { cause, kind: `sqlstate ${state}` });
}

function codeOfState(state: string): Code {
  return BY_STATE.find(([start]) => state.startsWith(start))?.[1] ?? 2100;
}
