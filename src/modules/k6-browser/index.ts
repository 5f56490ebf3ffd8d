// `k6/browser` (https://grafana.com/docs/k6/latest/javascript-api/k6-browser/), on Playwright.
import type * as Playwright from 'playwright-core';
import type { HostModule } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { Bridge, type ClassSpec, type Kind, nothing, now } from './bridge.ts';
import { BROWSER } from './browser-class.ts';
import type { LinkParts } from './browser-link.ts';
import { BrowserSession } from './browser-session.ts';
import { BROWSER_CONTEXT } from './context-class.ts';
import { listDevices, NETWORK_PROFILES } from './devices.ts';
import { toPageError } from './failures.ts';
import { FRAME } from './frame-class.ts';
import { GuardedWay } from './guarded-way.ts';
import { ELEMENT_HANDLE, JS_HANDLE } from './handle-classes.ts';
import { KEYBOARD, MOUSE, TOUCHSCREEN } from './input-classes.ts';
import type { BrowserSource } from './link.ts';
import { FRAME_LOCATOR, LOCATOR } from './locator-class.ts';
import { tagMatch } from './metric-message.ts';
import { REQUEST, RESPONSE, ROUTE } from './network-classes.ts';
import { CONSOLE_MESSAGE, PAGE, WORKER } from './page-class.ts';
import { filledText } from './readers.ts';
import { ScriptCalls } from './script-calls.ts';

/** A class behind the one that it extends. */
const CLASSES: Readonly<Record<Kind, ClassSpec>> = {
  Browser: BROWSER,
  BrowserContext: BROWSER_CONTEXT,
  ConsoleMessage: CONSOLE_MESSAGE,
  JSHandle: JS_HANDLE,
  ElementHandle: ELEMENT_HANDLE,
  Frame: FRAME,
  FrameLocator: FRAME_LOCATOR,
  Keyboard: KEYBOARD,
  Locator: LOCATOR,
  MetricMessage: { members: { tag: now([tagMatch], nothing) } },
  Mouse: MOUSE,
  Page: PAGE,
  Request: REQUEST,
  Response: RESPONSE,
  Route: ROUTE,
  Touchscreen: TOUCHSCREEN,
  Worker: WORKER,
};

const SESSION = Symbol('k6/browser');

/** @param playwright the package, as it is installed */
export function createBrowserModule(playwright: typeof Playwright): HostModule {
  return {
    specifier: 'k6/browser',
    create(environment) {
      const { realm } = environment;
      // The options are final by the time that something is asked for.
      const way = new GuardedWay(() => environment.network.dialer);
      const bridge = new Bridge(realm, CLASSES, way);
      const parts: LinkParts = { playwright, bridge, calls: new ScriptCalls(realm), way };
      const sessionOf = (vu: VirtualUser): BrowserSession => vu.state(SESSION, () => new BrowserSession(vu, parts));
      const devices = listDevices(playwright.devices);
      const connectOverCDP = realm.asyncFunction('connectOverCDP', 1, async (endpoint: unknown) => {
        const session = sessionOf(realm.vu as VirtualUser);
        try {
          const link = await session.connect(filledText(endpoint, 'the address of connectOverCDP()', bridge) as string);
          const source: BrowserSource = {
            current: link,
            own: () => Promise.resolve(link),
            close: () => session.disconnect(link),
          };
          link.shown = source;
          return bridge.wrap('Browser', source, link);
        } catch (error) {
          throw toPageError(realm, error, way);
        }
      });
      return (vu) => {
        const chromium = realm.fromHost({}) as object;
        Object.defineProperty(chromium, 'connectOverCDP', {
          value: connectOverCDP,
          writable: true,
          enumerable: true,
          configurable: true,
        });
        const named = {
          browser: bridge.wrap('Browser', sessionOf(vu), null),
          chromium,
          devices: realm.fromHost(devices),
          networkProfiles: realm.fromHost(NETWORK_PROFILES),
        };
        return { named };
      };
    },
  };
}
