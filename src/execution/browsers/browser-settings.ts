// What is said of browsers outside of scripts: the variables `K6_BROWSER_…` (k6 page "Browser module options").
import { invalidConfig } from '../../exit/exit-error.ts';
import { type Environment, findVariable } from '../../options/environment.ts';
import type { Options } from '../../options/options.ts';
import type { ScenarioConfig } from '../../options/scenario-config.ts';
import { optionsOfStart } from '../../vu/browsers.ts';
import { readDuration } from '../../vu/script-duration.ts';
import { findOnPath, isExecutable } from '../find-on-path.ts';

export interface BrowserSettings {
  /** Null: what is on the path. */
  readonly executablePath: string | null;
  readonly headless: boolean;
  /** Flags beside the usual ones, each with its dashes. */
  readonly flags: readonly string[];
  /** Names of usual flags that are left out, without dashes. */
  readonly withoutFlags: readonly string[];
  /** How long a browser may take to start or to take a connection, in ms. */
  readonly timeoutMs: number;
  /** Whether what browsers say is logged. */
  readonly debug: boolean;
  /** Browsers that run already, `ws://…`; none are started then. */
  readonly endpoints: readonly string[];
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** In the order of preference. */
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
/** Where installers put it on systems that have no such path. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
};

/** @throws ExitError 104 that names the variable */
export function readBrowserSettings(env: Environment): BrowserSettings {
  const timeout = findVariable('K6_BROWSER_TIMEOUT', env);
  const timeoutMs = timeout === null ? DEFAULT_TIMEOUT_MS : readDuration(timeout.text);
  if (!(timeoutMs > 0)) throw invalidConfig(`${timeout?.name} must be a time, such as 30s, not "${timeout?.text}"`);
  const endpoints = readList(env, 'K6_BROWSER_WS_URL');
  for (const endpoint of endpoints) {
    if (!/^wss?:\/\//.test(endpoint))
      throw invalidConfig(`K6_BROWSER_WS_URL must be addresses of the form ws://host:port/…, not "${endpoint}"`);
  }
  return {
    executablePath: findVariable('K6_BROWSER_EXECUTABLE_PATH', env)?.text ?? null,
    headless: readSwitch(env, 'K6_BROWSER_HEADLESS', true),
    flags: readList(env, 'K6_BROWSER_ARGS').map((flag) => `--${withoutDashes(flag)}`),
    withoutFlags: readList(env, 'K6_BROWSER_IGNORE_DEFAULT_ARGS').map(withoutDashes),
    timeoutMs,
    debug: readSwitch(env, 'K6_BROWSER_DEBUG', false),
    endpoints,
  };
}

/**
 * Looks at what a test with browsers needs, before it makes any load.
 * @param options some hold only for browsers that are started here
 * @throws ExitError 104
 */
export function checkBrowsers(scenarios: readonly ScenarioConfig[], options: Options, env: Environment): void {
  const concerned = scenarios.filter(({ browser }) => browser !== null);
  for (const { name, browser } of concerned) {
    const type = browser?.['type'];
    if (type === undefined || type === null || type === '')
      throw invalidConfig(
        `scenario ${name}: options.browser has no type: the browser type option must be set, and the only one is "chromium"`,
      );
    if (type !== 'chromium')
      throw invalidConfig(`scenario ${name}: unsupported browser type: ${String(type)} (there is "chromium" only)`);
  }
  if (concerned.length === 0) return;
  const settings = readBrowserSettings(env);
  if (settings.endpoints.length === 0) {
    findExecutable(settings, env);
    return;
  }
  const unheeded = optionsOfStart(options);
  if (unheeded.length > 0)
    throw invalidConfig(
      `${unheeded.join(', ')} cannot hold for browsers that run already (K6_BROWSER_WS_URL): leave out the variable, or these options`,
    );
}

/**
 * @returns the program to start
 * @throws ExitError 104 that says what to install
 */
export function findExecutable({ executablePath }: BrowserSettings, env: Environment): string {
  if (executablePath !== null) {
    const found = isExecutable(executablePath) ? executablePath : findOnPath(executablePath, env);
    if (found !== null) return found;
    throw invalidConfig(`K6_BROWSER_EXECUTABLE_PATH names ${executablePath}, which is no program that can be run`);
  }
  for (const program of PROGRAMS) {
    const found = findOnPath(program, env);
    if (found !== null) return found;
  }
  const found = PLACES[process.platform]?.find(isExecutable);
  if (found !== undefined) return found;
  throw invalidConfig(
    'no browser was found: install Chromium or Google Chrome, or name the program with K6_BROWSER_EXECUTABLE_PATH',
  );
}

function readList(env: Environment, name: string): string[] {
  return (findVariable(name, env)?.text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function readSwitch(env: Environment, name: string, fallback: boolean): boolean {
  const variable = findVariable(name, env);
  if (variable === null) return fallback;
  const value = variable.text.trim().toLowerCase();
  if (['true', '1', 't'].includes(value)) return true;
  if (['false', '0', 'f'].includes(value)) return false;
  throw invalidConfig(`${variable.name} must be true or false, not "${variable.text}"`);
}

function withoutDashes(flag: string): string {
  return flag.replace(/^-+/, '');
}
