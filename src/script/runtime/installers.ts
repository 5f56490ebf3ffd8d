import { installAsyncIteration } from './async-iteration.ts';
import { installCodeFromStrings } from './code-from-strings.ts';
import { installConstruction } from './construct.ts';
import { installEngineLimits } from './engine-limits.ts';
import { installEngineMessages } from './engine-messages.ts';
import { installFunctions } from './functions.ts';
import { installHostSteps } from './host-steps.ts';
import { installIteration } from './iteration.ts';
import { NATIVE_INSTALLERS } from './natives/index.ts';
import { installOperators } from './operators.ts';
import { installPatches } from './patches.ts';
import { installPromises } from './promise.ts';
import type { Protocol } from './protocol.ts';
import { installReplay } from './replay.ts';
import { installSourceText } from './source-text.ts';
import { installWatch } from './watched-built-ins.ts';

/** Parts of the runtime that are evaluated in the realm, in this order, each from its own source text. */
export const INSTALLERS: readonly ((p: Protocol) => void)[] = [
  installEngineMessages,
  installReplay,
  installSourceText,
  installWatch,
  installPatches,
  installPromises,
  installConstruction,
  installIteration,
  installAsyncIteration,
  installOperators,
  installFunctions,
  installCodeFromStrings,
  installEngineLimits,
  installHostSteps,
  ...NATIVE_INSTALLERS,
];
