// The REST API of a run on the command line: opened when the run is ready, closed when the program ends.
import { parseApiAddress, showApiAddress } from '../control/api-address.ts';
import type { ControlServer } from '../control/control-server.ts';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import type { RunControl } from '../run/run-control.ts';
import type { RunObserver } from '../run/run-observer.ts';
import type { GlobalFlags } from './flags/runtime-flags.ts';
import type { LogWriter } from './log/log-writer.ts';

export class ApiObserver implements RunObserver {
  readonly #flags: Pick<GlobalFlags, 'address' | 'addressFromFlag'>;
  readonly #token: string | null;
  readonly #log: LogWriter;
  readonly #run: () => RunControl;
  #api: ControlServer | null = null;

  /** @param token what callers have to show; null: nothing */
  constructor(
    flags: Pick<GlobalFlags, 'address' | 'addressFromFlag'>,
    token: string | null,
    log: LogWriter,
    run: () => RunControl,
  ) {
    this.#flags = flags;
    this.#token = token;
    this.#log = log;
    this.#run = run;
  }

  /**
   * Not before the options are known: they say whether the run waits to be resumed.
   * @throws ExitError 106 where the address that the user named on the command line cannot be had; elsewhere it is a warning, as in k6
   */
  async onReady(): Promise<void> {
    const { address, addressFromFlag } = this.#flags;
    if (address === null) return;
    const parsed = parseApiAddress(address);
    const { openRestApi } = await import('../control/rest-api.ts');
    try {
      this.#api = await openRestApi(this.#run(), { address: parsed, token: this.#token });
      this.#log.log('debug', `the REST API listens on ${showApiAddress(this.#api.address)}`);
    } catch (error) {
      const message = `the REST API cannot listen on ${address}: ${(error as Error).message}`;
      if (addressFromFlag) throw new ExitError(EXIT.apiUnavailable, message);
      this.#log.log('warning', message);
    }
  }

  async close(): Promise<void> {
    await this.#api?.close();
  }
}
