import type { InterruptHook } from '../../vu/interrupt-hooks.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { CookieJar } from '../../wire/http/cookie-jar.ts';
import { HttpConnections } from '../../wire/pool/http-connections.ts';
import type { Unpacking } from './content-coding.ts';
import type { HttpClient } from './http-client.ts';
import { callbackOf, type ResponseCallback } from './response-callback.ts';

const STATE = Symbol('k6/http');

/** The one of a virtual user, made when it is first asked for. */
export function httpStateOf(client: HttpClient, vu: VirtualUser): HttpState {
  return vu.state(STATE, () => new HttpState(client, vu));
}

/** What the http module keeps for one virtual user. Small: most of it is made when first used. */
export class HttpState implements InterruptHook {
  readonly connections: HttpConnections;
  readonly callback: ResponseCallback;
  /** Null until the first cookie. */
  jar: CookieJar | null = null;
  hookBefore: InterruptHook | null = null;
  hookAfter: InterruptHook | null = null;
  /** Bodies that are being unpacked; null while there has been none. */
  #unpackings: Set<Unpacking> | null = null;
  readonly vu: VirtualUser;
  readonly #keepCookies: boolean;
  #hooked = false;
  /** Counts interruptions: a call that began before one must do nothing more. */
  epoch = 0;

  constructor(client: HttpClient, vu: VirtualUser) {
    const { options, network } = client.environment;
    this.vu = vu;
    this.callback = callbackOf(vu);
    this.#keepCookies = options.noCookiesReset;
    this.connections = new HttpConnections({
      dialer: network.dialer,
      meter: vu.meter,
      bodies: client.bodies,
      maxIdlePerHost: Math.max(1, options.batchPerHost),
      noReuse: options.noConnectionReuse,
      localAddressIndex: network.localAddressOf(vu),
    });
    if (options.noVUConnectionReuse) vu.onIterationStart(() => this.connections.closeIdle());
    vu.onDispose(() => this.connections.close());
  }

  /** The active jar; made, and from then on emptied before each iteration, when a script or a server first uses it. */
  openJar(): CookieJar {
    if (this.jar === null) {
      this.jar = new CookieJar();
      if (!this.#keepCookies && !this.#resets) {
        this.#resets = true;
        this.vu.onIterationStart(() => {
          this.jar = null;
        });
      }
    }
    return this.jar;
  }
  #resets = false;

  /** Makes sure that requests in flight are cut off when the iteration is interrupted. */
  watchInterrupt(): void {
    if (this.#hooked) return;
    this.#hooked = true;
    this.vu.watchInterrupt(this);
  }

  /** @internal */
  onInterrupt(): void {
    this.#hooked = false;
    this.epoch++;
    this.connections.abandonActive();
    for (const unpacking of this.#unpackings ?? []) unpacking.cancel();
    this.#unpackings = null;
  }

  /** Has a body's unpacking end with the iteration when that is interrupted. */
  watchUnpacking(unpacking: Unpacking): void {
    (this.#unpackings ??= new Set()).add(unpacking);
  }

  forgetUnpacking(unpacking: Unpacking): void {
    this.#unpackings?.delete(unpacking);
  }
}
