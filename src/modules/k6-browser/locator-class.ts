import { an, type ClassSpec, handle, later, listOfAll, type Member, now, value } from './bridge.ts';
import { FINDERS } from './frame-members.ts';
import {
  actionOptions,
  checkOptions,
  clickOptions,
  dblclickOptions,
  hoverOptions,
  locatorOptions,
  pressOptions,
  stateOptions,
  timeoutOptions,
} from './option-readers.ts';
import { data, filledText, flag, number, optional, pageFunction, text } from './readers.ts';
import { inputFiles, selectedValues } from './selected-values.ts';

const isInState = later([timeoutOptions], value);
const typeText: Member = later([text, pressOptions], undefined, ({ target }, ...args) =>
  target.pressSequentially(...args),
);

/** Resolves to whether a part of the element is within what the page shows. */
const IN_VIEWPORT = (element: object): Promise<boolean> =>
  new Promise((resolve) => {
    const page = globalThis as unknown as {
      IntersectionObserver: new (
        hear: (entries: readonly { isIntersecting: boolean }[], observer: { disconnect(): void }) => void,
      ) => { observe(element: object): void };
    };
    const observer = new page.IntersectionObserver((entries, self) => {
      self.disconnect();
      resolve(entries.some(({ isIntersecting }) => isIntersecting));
    });
    observer.observe(element);
  });

/** k6 page "Locator". */
export const LOCATOR: ClassSpec = {
  members: {
    ...FINDERS,
    all: later([], listOfAll('Locator')),
    boundingBox: later([timeoutOptions], value),
    check: later([checkOptions]),
    clear: later([actionOptions]),
    click: later([clickOptions]),
    contentFrame: now([], an('FrameLocator')),
    count: later([], value),
    dblclick: later([dblclickOptions]),
    dispatchEvent: later([filledText, optional(data), timeoutOptions]),
    evaluate: later([pageFunction, optional(data), timeoutOptions], value),
    evaluateHandle: later([pageFunction, optional(data), timeoutOptions], handle),
    fill: later([text, actionOptions]),
    filter: now([locatorOptions], an('Locator')),
    first: now([], an('Locator')),
    focus: later([timeoutOptions]),
    getAttribute: later([filledText, timeoutOptions], value),
    hover: later([hoverOptions]),
    innerHTML: later([timeoutOptions], value),
    innerText: later([timeoutOptions], value),
    inputValue: later([timeoutOptions], value),
    isChecked: isInState,
    isDisabled: isInState,
    isEditable: isInState,
    isEnabled: isInState,
    isHidden: isInState,
    isInViewport: later([timeoutOptions], value, ({ target }, options) =>
      target.evaluate(IN_VIEWPORT, undefined, options),
    ),
    isVisible: isInState,
    last: now([], an('Locator')),
    nth: now([number], an('Locator')),
    press: later([filledText, pressOptions]),
    pressSequentially: typeText,
    selectOption: later([selectedValues, actionOptions], value),
    setChecked: later([flag, checkOptions]),
    setInputFiles: later([inputFiles, actionOptions]),
    tap: later([hoverOptions]),
    textContent: later([timeoutOptions], value),
    type: typeText,
    uncheck: later([checkOptions]),
    waitFor: later([stateOptions]),
  },
};

/** k6 page "FrameLocator": where elements of a frame are found. */
export const FRAME_LOCATOR: ClassSpec = { members: FINDERS };
