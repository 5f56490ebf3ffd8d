// k6 pages "Keyboard", "Mouse" and "Touchscreen".
import { type ClassSpec, forward, later, nothing } from './bridge.ts';
import { delayOptions } from './option-readers.ts';
import { filledText, number, oneOf, options, text } from './readers.ts';

const BUTTON = { button: oneOf('left', 'middle', 'right'), clickCount: number } as const;
const buttonOptions = options(BUTTON);
const clickOptions = options({ ...BUTTON, delay: number });
const dblclick = later(
  [number, number, options({ button: BUTTON.button, delay: number })],
  nothing,
  forward('dblclick'),
);

export const KEYBOARD: ClassSpec = {
  members: {
    down: later([filledText]),
    insertText: later([text]),
    press: later([filledText, delayOptions]),
    type: later([text, delayOptions]),
    up: later([filledText]),
  },
};

export const MOUSE: ClassSpec = {
  members: {
    click: later([number, number, clickOptions]),
    dblClick: dblclick,
    dblclick,
    down: later([buttonOptions]),
    move: later([number, number, options({ steps: number })]),
    up: later([buttonOptions]),
  },
};

export const TOUCHSCREEN: ClassSpec = { members: { tap: later([number, number]) } };
