// The options that many methods share (k6 pages "Page", "Frame", "Locator", "ElementHandle").
import { flag, listOf, number, oneOf, options, pattern, type Reader, text, textMap } from './readers.ts';

export const WAIT_UNTIL = oneOf('load', 'domcontentloaded', 'networkidle');
export const STATE = oneOf('attached', 'detached', 'visible', 'hidden');

const point = options({ x: number, y: number });
const TIMEOUT = { timeout: number } as const;
const STRICT = { strict: flag, ...TIMEOUT } as const;
const ACTION = { ...STRICT, force: flag, noWaitAfter: flag } as const;
const POINTER = { ...ACTION, position: point, trial: flag } as const;
const MODIFIERS = { modifiers: listOf(oneOf('Alt', 'Control', 'ControlOrMeta', 'Meta', 'Shift')) } as const;
const BUTTON = { button: oneOf('left', 'middle', 'right'), delay: number } as const;

export const timeoutOptions = options(TIMEOUT);
export const strictOptions = options(STRICT);
export const actionOptions = options(ACTION);
export const checkOptions = options(POINTER);
export const hoverOptions = options({ ...POINTER, ...MODIFIERS });
export const dblclickOptions = options({ ...POINTER, ...MODIFIERS, ...BUTTON });
export const clickOptions = options({ ...POINTER, ...MODIFIERS, ...BUTTON, clickCount: number });
export const pressOptions = options({ ...STRICT, delay: number, noWaitAfter: flag });
export const delayOptions = options({ delay: number });
export const stateOptions = options({ ...STRICT, state: STATE });
export const navigationOptions = options({ ...TIMEOUT, waitUntil: WAIT_UNTIL, referer: text });
export const contentOptions = options({ ...TIMEOUT, waitUntil: WAIT_UNTIL });
export const awaitedNavigationOptions = options({ ...TIMEOUT, waitUntil: WAIT_UNTIL, url: pattern });
export const locatorOptions = options({ hasText: pattern, hasNotText: pattern });
export const textOptions = options({ exact: flag });
export const roleOptions = options({
  checked: flag,
  disabled: flag,
  exact: flag,
  expanded: flag,
  includeHidden: flag,
  level: number,
  name: pattern,
  pressed: flag,
  selected: flag,
});
export const headers: Reader = textMap;
const shot = {
  path: text,
  type: oneOf('png', 'jpeg'),
  format: oneOf('png', 'jpeg'),
  quality: number,
  omitBackground: flag,
  ...TIMEOUT,
} as const;
export const elementShotOptions = options(shot);
export const pageShotOptions = options({
  ...shot,
  fullPage: flag,
  clip: options({ x: number, y: number, width: number, height: number }),
});
/** Every `ms`, at each frame of the screen, or at each change of the page. */
export const pollingOptions = options({
  ...TIMEOUT,
  polling: (value, what, bridge) => (typeof value === 'number' ? value : oneOf('raf', 'mutation')(value, what, bridge)),
});
