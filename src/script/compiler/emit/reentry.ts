import type { Emitter } from './emitter.ts';

/** At the start of a catch or finally block of an async function: a rejected await resumed without the VU's lock. */
export function reentry(e: Emitter): string {
  const { prefix: $, context } = e;
  const armed = hasArmedSites(e) && context.kind !== 'plain' ? `${$}.a=0;` : '';
  if (context.kind !== 'async' && context.kind !== 'async-generator') return armed;
  return `if(${$}d.awaiting&&${$}d.r())${$}d.s(await ${$}d.t());${armed}`;
}

function hasArmedSites(e: Emitter): boolean {
  const { getters, setters, traps } = e.marks.features;
  return getters.size > 0 || setters.size > 0 || traps;
}
