// What the browser calls Playwright's objects: Playwright knows it and has no public way to say it.
import type { BrowserContext, Page } from 'playwright-core';

interface Inner {
  readonly _connection?: { toImpl?(object: object): Inner | undefined };
  readonly _browserContextId?: string;
  readonly delegate?: { readonly _targetId?: string };
}

function innerOf(object: Page | BrowserContext): Inner | undefined {
  return (object as unknown as Inner)._connection?.toImpl?.(object);
}

function known(id: string | undefined): string {
  if (id !== undefined) return id;
  throw new Error('this version of playwright-core cannot be used: it does not tell whose requests are whose');
}

/** @returns the `browserContextId` of the DevTools protocol @throws Error */
export function contextIdOf(context: BrowserContext): string {
  return known(innerOf(context)?._browserContextId);
}

/** @param page not closed @returns the `targetId` of the DevTools protocol @throws Error */
export function targetIdOf(page: Page): string {
  return known(innerOf(page)?.delegate?._targetId);
}
