import type { VuScale } from '../execution/control-plane/test-run.ts';
import { ControlError } from './run-control.ts';

/**
 * How many virtual users there are to be, where somebody asks for that over the whole test.
 * @param asked what is to change
 * @throws ControlError for what cannot be
 */
export function readScale(
  current: VuScale,
  { vus = current.vus, maxVus = current.maxVus }: { readonly vus?: number; readonly maxVus?: number },
): VuScale {
  for (const [name, value] of Object.entries({ vus, 'vus-max': maxVus }))
    if (!Number.isSafeInteger(value) || value < 0)
      throw new ControlError('invalid', `${name} must be a whole number from 0 on, but is ${value}`);
  if (vus > maxVus) throw new ControlError('invalid', `vus (${vus}) can't be more than vus-max (${maxVus})`);
  return { ...current, vus, maxVus };
}
