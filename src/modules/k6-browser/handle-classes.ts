import { an, buffer, type ClassSpec, handle, later, listOfAll, nothing, value } from './bridge.ts';
import {
  actionOptions,
  checkOptions,
  clickOptions,
  dblclickOptions,
  elementShotOptions,
  hoverOptions,
  pressOptions,
  stateOptions,
  timeoutOptions,
} from './option-readers.ts';
import { data, filledText, flag, oneOf, optional, pageFunction, text } from './readers.ts';
import { takeScreenshot } from './screenshot.ts';
import { inputFiles, selectedValues } from './selected-values.ts';

const isInState = later([], value);

/** k6 page "JSHandle". */
export const JS_HANDLE: ClassSpec = {
  members: {
    asElement: later([], an('ElementHandle')),
    dispose: later([]),
    evaluate: later([pageFunction, optional(data)], value),
    evaluateHandle: later([pageFunction, optional(data)], handle),
    getProperties: later([], (found, call) => {
      const map = new call.bridge.realm.intrinsics.Map<string, unknown>();
      for (const [name, property] of found as Map<string, unknown>) setOf(map, name, handle(property, call));
      return map;
    }),
    jsonValue: later([], value),
  },
};

/** Not a method that a script could have replaced. */
function setOf(map: Map<string, unknown>, name: string, property: unknown): void {
  Map.prototype.set.call(map, name, property);
}

/** k6 page "ElementHandle". */
export const ELEMENT_HANDLE: ClassSpec = {
  extend: 'JSHandle',
  members: {
    $: later([filledText], an('ElementHandle')),
    $$: later([filledText], listOfAll('ElementHandle')),
    boundingBox: later([], value),
    check: later([checkOptions]),
    click: later([clickOptions]),
    contentFrame: later([], an('Frame')),
    dblclick: later([dblclickOptions]),
    dispatchEvent: later([filledText, optional(data)]),
    fill: later([text, actionOptions]),
    focus: later([]),
    getAttribute: later([filledText], value),
    hover: later([hoverOptions]),
    innerHTML: later([], value),
    innerText: later([], value),
    inputValue: later([timeoutOptions], value),
    isChecked: isInState,
    isDisabled: isInState,
    isEditable: isInState,
    isEnabled: isInState,
    isHidden: isInState,
    isVisible: isInState,
    ownerFrame: later([], an('Frame')),
    press: later([filledText, pressOptions]),
    screenshot: later([elementShotOptions], buffer, takeScreenshot),
    scrollIntoViewIfNeeded: later([timeoutOptions]),
    selectOption: later([selectedValues, actionOptions], value),
    selectText: later([actionOptions]),
    setChecked: later([flag, checkOptions]),
    setInputFiles: later([inputFiles, actionOptions]),
    tap: later([hoverOptions]),
    textContent: later([], value),
    type: later([text, pressOptions]),
    uncheck: later([checkOptions]),
    waitForElementState: later(
      [oneOf('visible', 'hidden', 'stable', 'enabled', 'disabled', 'editable'), timeoutOptions],
      nothing,
    ),
    waitForSelector: later([filledText, stateOptions], an('ElementHandle')),
  },
};
