// Browsers for `k6/browser`, as a worker may have them started.

import type { Options } from '../options/options.ts';

export interface RunningBrowser {
  /** Where it listens for the DevTools protocol, `ws://…`. */
  readonly endpoint: string;
  /** Ends it; a browser that ran already goes on. */
  end(): void;
}

/** Which way a browser takes to the network: data, of which the thread that starts it makes flags. */
export interface BrowserWay {
  /** The option `hosts`. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Of a SOCKS proxy on 127.0.0.1 that all connections are to go through; null: none. */
  readonly proxyPort: number | null;
}

export interface Browsers {
  /** @throws Error that says why there is none */
  start(way: BrowserWay): Promise<RunningBrowser>;
  /**
   * Writes a file of the script's, as handleSummary's are written: from the folder that the test was started in.
   * @throws Error that says why it could not
   */
  save(path: string, bytes: Uint8Array): Promise<void>;
}

/** @returns the names of the options that are set and hold only for browsers that are started for the test, by how they are started */
export function optionsOfStart(options: Pick<Options, 'hosts' | 'blockHostnames' | 'blacklistIPs'>): string[] {
  return [
    ...(Object.keys(options.hosts).length > 0 ? ['hosts'] : []),
    ...(options.blockHostnames.length > 0 ? ['blockHostnames'] : []),
    ...(options.blacklistIPs.length > 0 ? ['blacklistIPs'] : []),
  ];
}
