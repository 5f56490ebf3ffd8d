// A process of Chromium with a profile of its own, which both end with the test, however that ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Environment } from '../../options/environment.ts';
import { type BrowserSettings, findExecutable } from './browser-settings.ts';

/** Profiles carry the process that made them in their name, so that those of a process that was killed can be told. */
const PROFILE = 'sixfold-browser-';
/** How much of what a browser says on its standard error is kept for messages. */
const KEPT_LINES = 8;
/** How long a browser may take to be gone once its processes were killed, in ms. */
const END_MS = 5000;

/** What Playwright counts on, and what a browser does for its own sake – updates, experiments, sync – and is no part of a test. */
const DISABLED_FEATURES: readonly string[] = [
  'AcceptCHFrame',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'TcpPortRandomizationWin',
  'ThirdPartyStoragePartitioning',
  'Translate',
];
const FLAGS: readonly string[] = [
  '--disable-back-forward-cache',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-breakpad',
  '--disable-client-side-phishing-detection',
  '--disable-component-extensions-with-background-pages',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  `--disable-features=${DISABLED_FEATURES.join(',')}`,
  '--disable-field-trial-config',
  '--disable-hang-monitor',
  '--disable-infobars',
  '--disable-ipc-flooding-protection',
  '--disable-popup-blocking',
  '--disable-prompt-on-repost',
  '--disable-renderer-backgrounding',
  '--disable-search-engine-choice-screen',
  '--disable-sync',
  '--enable-automation',
  '--enable-unsafe-swiftshader',
  '--force-color-profile=srgb',
  '--metrics-recording-only',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-service-autorun',
  '--no-startup-window',
  '--password-store=basic',
  '--use-mock-keychain',
];
const HEADLESS_FLAGS: readonly string[] = [
  '--headless',
  '--hide-scrollbars',
  '--mute-audio',
  '--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4',
];

export class BrowserProcess {
  /** Where it listens, `ws://127.0.0.1:…`. */
  readonly endpoint: string;
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #exited: Promise<void>;
  #ending: Promise<void> | null = null;

  private constructor(child: ChildProcess, profile: string, exited: Promise<void>, endpoint: string) {
    this.#child = child;
    this.#profile = profile;
    this.#exited = exited;
    this.endpoint = endpoint;
  }

  /**
   * @param flags that a test adds to the usual ones
   * @param over aborted where nobody waits for it any more: it is ended, however far it has got
   * @param log hears what it says, line by line, where the settings ask for that
   * @throws Error that says why it does not start; ExitError where there is no program
   */
  static async start(
    settings: BrowserSettings,
    env: Environment,
    flags: readonly string[],
    over: AbortSignal,
    log: (line: string) => void,
  ): Promise<BrowserProcess> {
    removeLeftProfiles();
    const program = findExecutable(settings, env);
    const profile = mkdtempSync(path.join(os.tmpdir(), `${PROFILE}${process.pid}-`));
    const usual = [...FLAGS, ...(settings.headless ? HEADLESS_FLAGS : [])].filter(
      (flag) => !settings.withoutFlags.includes(flag.replace(/^--/, '').replace(/=.*$/s, '')),
    );
    // It listens on a port, for load workers; and on a pipe, whose end – with this process, whatever ends that – is its own.
    const own = ['--remote-debugging-port=0', '--remote-debugging-pipe', `--user-data-dir=${profile}`];
    try {
      const child = spawn(program, [...usual, ...settings.flags, ...flags, ...own], {
        stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
        // A process group of its own: Ctrl-C is for the test, which then ends the browser; and the group is ended as one.
        detached: process.platform !== 'win32',
        env: env as NodeJS.ProcessEnv,
      });
      const exited = new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
        child.once('error', () => resolve());
      });
      for (const pipe of child.stdio.slice(3)) pipe?.on('error', () => {});
      (child.stdio[4] as Readable).resume();
      living.set(child, profile);
      try {
        const endpoint = await awaitEndpoint(child, settings, over, log);
        return new BrowserProcess(child, profile, exited, endpoint);
      } catch (error) {
        await new BrowserProcess(child, profile, exited, '').end();
        throw error;
      }
    } catch (error) {
      rmSync(profile, { recursive: true, force: true });
      throw error;
    }
  }

  /** Ends it and removes its profile; resolves when both are gone. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    killGroup(this.#child);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, END_MS);
    });
    await Promise.race([this.#exited, late]);
    clearTimeout(timer);
    living.delete(this.#child);
    // Helpers of a browser that was killed may still be writing for a moment.
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }).catch(() => {});
  }
}

/** Those to be ended where this process exits without having ended them, with their profiles. */
const living = new Map<ChildProcess, string>();
process.on('exit', () => {
  for (const [child, profile] of living) {
    killGroup(child);
    try {
      rmSync(profile, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
    } catch {
      // The next one that starts a browser removes it.
    }
  }
});

function killGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  // Once it was waited for, its number may be that of another.
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** @returns the address that it listens on */
function awaitEndpoint(
  child: ChildProcess,
  settings: BrowserSettings,
  over: AbortSignal,
  log: (line: string) => void,
): Promise<string> {
  const lines: string[] = [];
  let rest = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      fail(`the browser was not ready within ${settings.timeoutMs / 1000} s (K6_BROWSER_TIMEOUT)`);
    }, settings.timeoutMs);
    const fail = (reason: string): void => {
      clearTimeout(timer);
      reject(new Error([reason, ...adviceOn(lines), ...lines].join('\n')));
    };
    over.addEventListener('abort', () => fail('the test is over'), { once: true });
    child.once('error', (error) => fail(`the browser cannot be started: ${explainSpawn(error)}`));
    child.once('exit', (code, signal) =>
      fail(`the browser ended before it was ready, ${signal === null ? `with exit code ${code}` : `by ${signal}`}`),
    );
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        if (line.trim() === '') continue;
        if (settings.debug) log(line);
        if (lines.push(line) > KEPT_LINES) lines.shift();
        const endpoint = /^DevTools listening on (ws:\/\/\S+)/.exec(line)?.[1];
        if (endpoint === undefined) continue;
        clearTimeout(timer);
        resolve(endpoint);
      }
    });
  });
}

function explainSpawn(error: Error): string {
  return (error as NodeJS.ErrnoException).code === 'ERR_ACCESS_DENIED'
    ? 'this process may start no others'
    : error.message;
}

function adviceOn(lines: readonly string[]): string[] {
  return lines.some((line) => /no-sandbox|No usable sandbox|SUID sandbox/i.test(line))
    ? ['Chromium has no sandbox here (as root, or in a container): K6_BROWSER_ARGS=no-sandbox lets it start without']
    : [];
}

/** Of processes that were killed before they could remove them. */
function removeLeftProfiles(): void {
  for (const name of readdirSync(os.tmpdir())) {
    const pid = Number(new RegExp(`^${PROFILE}(\\d+)-`).exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    try {
      rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Somebody else's.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
