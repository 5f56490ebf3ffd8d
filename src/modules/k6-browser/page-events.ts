// Events of pages (k6 page "Page > on"), and waiting for one of them.
import type * as Playwright from 'playwright-core';
import { an, type Call, type Kind } from './bridge.ts';
import { nameOf } from './page-function.ts';
import { number, type Reader, scriptFunction } from './readers.ts';

/** What a handler of each event gets. */
const EVENTS = {
  console: 'ConsoleMessage',
  request: 'Request',
  requestfailed: 'Request',
  requestfinished: 'Request',
  response: 'Response',
} as const satisfies Readonly<Record<string, Kind>>;

type EventName = keyof typeof EVENTS;

const NAMES = [...Object.keys(EVENTS), 'metric'];

export const eventName: Reader = (given, what) => {
  if (typeof given === 'string' && NAMES.includes(given)) return given;
  throw new TypeError(
    `${what}: unknown page on event: ${typeof given === 'string' ? `"${given}"` : nameOf(given)}, must be one of ${NAMES.join(', ')}`,
  );
};

/** `page.on(event, handler)`. */
export function listen(call: Call, event: unknown, fn: unknown): void {
  const { target, link } = call;
  link.watch(target as Playwright.Page);
  if (event === 'metric') {
    link.addMetricHandler(target as Playwright.Page, fn);
    return;
  }
  const show = an(EVENTS[event as EventName]);
  target.on(event, (subject: object) => {
    if (link.context !== null) link.calls.post(link.vu, fn, () => [show(subject, call)]);
  });
}

export interface Waiting {
  readonly predicate: unknown;
  readonly timeout: number | undefined;
}

/** A predicate, or `{ predicate, timeout }`. */
export const waitingOptions: Reader = (given, what, bridge): Waiting => {
  if (given === undefined || given === null) return { predicate: undefined, timeout: undefined };
  if (typeof given === 'function') return { predicate: given, timeout: undefined };
  if (typeof given !== 'object') throw new TypeError(`${what} takes a function or options, not ${nameOf(given)}`);
  const { predicate, timeout } = given as Record<string, unknown>;
  return {
    predicate:
      predicate === undefined || predicate === null
        ? undefined
        : scriptFunction(predicate, `predicate of ${what}`, bridge),
    timeout:
      timeout === undefined || timeout === null ? undefined : (number(timeout, `timeout of ${what}`, bridge) as number),
  };
};

/** `page.waitForEvent()` and `context.waitForEvent()`. */
export function awaitEvent(call: Call, event: string, kind: Kind, { predicate, timeout }: Waiting): Promise<object> {
  const { target, link } = call;
  const show = an(kind);
  return target.waitForEvent(event, {
    ...(timeout !== undefined && { timeout }),
    ...(predicate !== undefined && {
      predicate: (subject: object) =>
        new Promise<boolean>((resolve) => {
          link.calls.post(
            link.vu,
            predicate,
            () => [show(subject, call)],
            (answer) => resolve(Boolean(answer)),
            () => resolve(false),
          );
        }),
    }),
  });
}
