// Browsers for `k6/browser`, as a worker may have them started.

export interface RunningBrowser {
  /** Where it listens for the DevTools protocol, `ws://…`. */
  readonly endpoint: string;
  /** Ends it; a browser that ran already goes on. */
  end(): void;
}

export interface Browsers {
  /**
   * @param flags of Chromium, beside the usual ones
   * @throws Error that says why there is none
   */
  start(flags: readonly string[]): Promise<RunningBrowser>;
  /**
   * Writes a file of the script's, as handleSummary's are written: from the folder that the test was started in.
   * @throws Error that says why it could not
   */
  save(path: string, bytes: Uint8Array): Promise<void>;
}
