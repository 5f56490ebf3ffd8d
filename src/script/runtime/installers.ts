import { installConstruction } from './construct.ts';
import { installFunctions } from './functions.ts';
import { installHostSteps } from './host-steps.ts';
import { installIteration } from './iteration.ts';
import { NATIVE_INSTALLERS } from './natives/index.ts';
import { installOperators } from './operators.ts';
import { installPromises } from './promise.ts';
import type { Protocol } from './protocol.ts';

/** Parts of the runtime that are evaluated in the realm, in this order, each from its own source text. */
export const INSTALLERS: readonly ((p: Protocol) => void)[] = [
  installPromises,
  installConstruction,
  installIteration,
  installOperators,
  installFunctions,
  installHostSteps,
  ...NATIVE_INSTALLERS,
];
