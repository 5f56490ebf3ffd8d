// What an extension may use of the virtual user that calls it.
import type { Duplex } from 'node:stream';
import type { Call, ConnectTarget } from '../../extension/api.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { DialedStream } from '../../wire/net/dialed-stream.ts';

const CONNECT_MS = 30_000;
const NO_ALPN: readonly string[] = [];

export class ExtensionCall implements Call {
  readonly #vu: VirtualUser;
  readonly phase: Call['phase'];
  readonly vu: number;
  readonly iteration: number;
  #controller: AbortController | null = null;
  #forget: (() => void) | null = null;

  constructor(vu: VirtualUser) {
    this.#vu = vu;
    this.phase = vu.phase;
    this.vu = vu.idInTest;
    this.iteration = vu.iteration.inVu;
  }

  /** Made when it is asked for: most calls never are interrupted, nor ask. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      const controller = new AbortController();
      this.#controller = controller;
      this.#forget = this.#vu.onInterrupt(() => controller.abort());
    }
    return this.#controller.signal;
  }

  async connect({ host, port, tls = false, timeoutMs = CONNECT_MS }: ConnectTarget): Promise<Duplex> {
    const { network } = this.#vu.environment;
    const localAddressIndex = network.localAddressOf(this.#vu);
    const connection = await network.dialer.dial({
      host: String(host),
      port: Number(port),
      tls: tls ? network.tlsFor(String(host), NO_ALPN) : null,
      timeoutMs,
      meter: this.#vu.meter,
      ...(localAddressIndex === undefined ? {} : { localAddressIndex }),
    });
    return new DialedStream(Promise.resolve(connection));
  }

  onEnd(close: () => void): void {
    this.#vu.onDispose(close);
  }

  /** The call is over. */
  finish(): void {
    this.#forget?.();
  }

  /** The caller, for those who made the call. */
  static callerOf(call: Call): VirtualUser {
    if (call instanceof ExtensionCall) return call.#vu;
    throw new TypeError('the first argument must be the call that the function was given');
  }
}
