// Debian's Chromium, as tests of pages use it.
import { type Browser, chromium } from 'playwright-core';
import { findProgram } from './has-program.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why tests of pages cannot run here; false: they can. On CI they have to. */
export const NO_BROWSER =
  findProgram('chromium') === null && process.env['CI'] === undefined ? 'Chromium is not installed' : false;

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findProgram('chromium') ?? 'chromium', args: FLAGS });
}
