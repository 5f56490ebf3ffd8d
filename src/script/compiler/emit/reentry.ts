import type { Rope } from '../rope.ts';
import type { Emitter } from './emitter.ts';

/**
 * At the start of a catch or finally block. In an async function a rejected await has resumed without the VU's lock. Where the
 * stack has ended, a result may not have been fetched, or the promise of a call that waited have been rejected, after which
 * nobody has said whose code runs. And what threw may have left a pattern before its end: the iterations that it had open
 * are closed.
 */
export function reentry(e: Emitter): Rope {
  const { runtime, activation, context } = e;
  if (context.kind === 'plain') return '';
  const armed = hasArmedSites(e) ? `${runtime.a}=0;` : '';
  const owner = context.kind === 'generator' || e.script !== null ? '' : `${runtime.vu}=${e.prefix}u;`;
  const state = `${runtime.d}=0;${owner}${armed}`;
  const unwinds = unwinding(e);
  if (context.kind !== 'async' && context.kind !== 'async-generator') return [state, unwinds];
  return [`if(${activation.awaiting}&&${activation.r}())${activation.s}(await ${activation.t}());${state}`, unwinds];
}

/** Closes the iterations of patterns that have been left by a throw. */
export function unwinding(e: Emitter): Rope {
  const { prefix: $, runtime, context } = e;
  if (!context.temps.has(`${$}k`)) return '';
  return [`if(${$}k){const ${$}l=${$}k;${$}k=void 0;`, e.settle(`${runtime.unwind}(${$}l)`, 0), '}'];
}

function hasArmedSites(e: Emitter): boolean {
  const { getters, setters, traps } = e.marks.features;
  return getters.size > 0 || setters.size > 0 || traps;
}
