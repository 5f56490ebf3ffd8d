// What pages and frames have in common (k6 pages "Page" and "Frame").
import { an, forward, handle, later, listOfAll, type Members, nothing, now, value } from './bridge.ts';
import {
  actionOptions,
  awaitedNavigationOptions,
  checkOptions,
  clickOptions,
  contentOptions,
  dblclickOptions,
  hoverOptions,
  locatorOptions,
  navigationOptions,
  pollingOptions,
  pressOptions,
  roleOptions,
  stateOptions,
  strictOptions,
  textOptions,
  timeoutOptions,
  WAIT_UNTIL,
} from './option-readers.ts';
import { data, filledText, flag, number, optional, pageFunction, pattern, text } from './readers.ts';
import { inputFiles, selectedValues } from './selected-values.ts';

/** How elements are found, in a page, a frame, a locator or a frame's locator. */
export const FINDERS: Members = {
  getByAltText: now([pattern, textOptions], an('Locator')),
  getByLabel: now([pattern, textOptions], an('Locator')),
  getByPlaceholder: now([pattern, textOptions], an('Locator')),
  getByRole: now([filledText, roleOptions], an('Locator')),
  getByTestId: now([pattern], an('Locator')),
  getByText: now([pattern, textOptions], an('Locator')),
  getByTitle: now([pattern, textOptions], an('Locator')),
  locator: now([filledText, locatorOptions], an('Locator')),
  frameLocator: now([filledText], an('FrameLocator')),
};

/** Which of the states an element is in; `null` options of locators lack the selector. */
const isInState = later([filledText, strictOptions], value);

export const FRAME_MEMBERS: Members = {
  ...FINDERS,
  $: later([filledText], an('ElementHandle')),
  $$: later([filledText], listOfAll('ElementHandle')),
  check: later([filledText, checkOptions]),
  click: later([filledText, clickOptions]),
  content: later([], value),
  dblclick: later([filledText, dblclickOptions]),
  dispatchEvent: later([filledText, filledText, optional(data), strictOptions]),
  evaluate: later([pageFunction, optional(data)], value),
  evaluateHandle: later([pageFunction, optional(data)], handle),
  fill: later([filledText, text, actionOptions]),
  focus: later([filledText, strictOptions]),
  getAttribute: later([filledText, filledText, strictOptions], value),
  goto: later([filledText, navigationOptions], an('Response')),
  hover: later([filledText, hoverOptions]),
  innerHTML: later([filledText, strictOptions], value),
  innerText: later([filledText, strictOptions], value),
  inputValue: later([filledText, strictOptions], value),
  isChecked: isInState,
  isDisabled: isInState,
  isEditable: isInState,
  isEnabled: isInState,
  isHidden: isInState,
  isVisible: isInState,
  press: later([filledText, filledText, pressOptions]),
  selectOption: later([filledText, selectedValues, actionOptions], value),
  setChecked: later([filledText, flag, checkOptions]),
  setContent: later([text, contentOptions]),
  setInputFiles: later([filledText, inputFiles, actionOptions]),
  tap: later([filledText, hoverOptions]),
  textContent: later([filledText, strictOptions], value),
  title: later([], value),
  type: later([filledText, text, pressOptions]),
  uncheck: later([filledText, checkOptions]),
  url: now([]),
  // k6 has the argument behind the options, Playwright before.
  waitForFunction: later([pageFunction, pollingOptions, optional(data)], handle, ({ target }, fn, given, arg) => {
    const { polling, ...rest } = (given ?? {}) as { polling?: number | 'raf' | 'mutation' };
    // At each change of the page is at each of its frames at the latest: a frame is drawn after a change.
    const how = polling === 'mutation' ? 'raf' : polling;
    return target.waitForFunction(fn, arg, { ...rest, ...(how !== undefined && { polling: how }) });
  }),
  waitForLoadState: later([optional(WAIT_UNTIL), timeoutOptions]),
  waitForNavigation: later([awaitedNavigationOptions], an('Response')),
  waitForSelector: later([filledText, stateOptions], an('ElementHandle')),
  waitForTimeout: later([number], nothing, forward()),
  waitForURL: later([pattern, contentOptions]),
};
