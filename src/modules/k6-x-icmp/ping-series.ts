// The echo requests of one call of ping() or pingAsync(): where to, when each is sent, and what they come to together.
import { isIP } from 'node:net';
import type { TagSet } from '../../metrics/tag-set.ts';
import type { EchoOutcome, SentEcho } from '../../vu/pinger.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { Place } from '../../wire/net/dialer.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import type { PingOptions } from './ping-options.ts';
import type { PingSamples } from './ping-samples.ts';

/** What became of one request; `place` is null where the target was not found. */
export interface EchoReport {
  /** From 0. */
  readonly index: number;
  readonly place: Place | null;
  /** When it was asked for, in milliseconds since the epoch. */
  readonly askedMs: number;
  /** Null where it failed. */
  readonly reply: Extract<EchoOutcome, { kind: 'reply' }> | null;
  /** Null where the reply has come. */
  readonly error: WireError | null;
}

export class PingSeries {
  readonly #vu: VirtualUser;
  readonly #samples: PingSamples;
  readonly #target: string;
  readonly #options: PingOptions;
  readonly #onReport: (report: EchoReport) => void;
  /** Those of the virtual user when the call was made, and the call's own. */
  readonly #plain: TagSet;
  #tags: TagSet;
  #place: Place | null = null;
  /** By its index. */
  readonly #open = new Map<number, SentEcho>();
  #asked = 0;
  #replies = 0;
  #isLate = false;
  #isOver = false;
  #next: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #forget: () => void = () => {};
  readonly #result = Promise.withResolvers<boolean>();

  /**
   * @param onReport told what became of each request, in the order of their ends
   */
  constructor(
    vu: VirtualUser,
    samples: PingSamples,
    target: string,
    options: PingOptions,
    onReport: (report: EchoReport) => void,
  ) {
    this.#vu = vu;
    this.#samples = samples;
    this.#target = target;
    this.#options = options;
    this.#onReport = onReport;
    this.#plain = options.tags.reduce((all, [name, value]) => all.with(name, value), vu.tags);
    this.#tags = this.#plain.with('proto', 'ICMP');
  }

  /**
   * @returns whether enough of the replies came
   * @throws Error where nothing can be sent at all
   */
  run(): Promise<boolean> {
    const { deadlineMs, preferred } = this.#options;
    const { network } = this.#vu.environment;
    this.#forget = this.#vu.onInterrupt(() => this.#interrupt());
    if (deadlineMs !== Number.POSITIVE_INFINITY) this.#deadline = setTimeout(() => this.#endLate(), deadlineMs);
    const began = performance.now();
    const found = (place: Place | WireError): void => {
      if (this.#isOver) return;
      if (place instanceof WireError) {
        this.#report(0, null, place, Date.now());
        this.#finish(false);
        return;
      }
      this.#place = place;
      this.#tags = this.#tags.with('ip', place.ip);
      this.#samples.resolved(this.#tags, performance.now() - began);
      this.#sendNext(place, performance.now());
    };
    network.dialer.locate(this.#target, 0, found, preferred ?? undefined);
    return this.#result.promise;
  }

  /** @param began when the first was asked for: the others follow at even distances, however long their replies take */
  #sendNext(place: Place, began: number): void {
    const { count, intervalMs } = this.#options;
    this.#send(this.#asked++, place);
    if (this.#asked === count || this.#isOver) return;
    const due = began + this.#asked * intervalMs;
    this.#next = setTimeout(() => this.#sendNext(place, began), Math.max(0, due - performance.now()));
  }

  #send(index: number, place: Place): void {
    const { timeoutMs, size, ttl, id } = this.#options;
    const { programs } = this.#vu.environment;
    const askedMs = Date.now();
    const sent = programs.pinger.send({ address: place.ip, timeoutMs, size, ttl, id, source: this.#sourceFor(place) });
    this.#open.set(index, sent);
    sent.outcome.then(
      (outcome) => this.#take(index, outcome, askedMs),
      (error: unknown) => this.#giveUp(error),
    );
  }

  /** The option's address, or that of `localIPs`; one of the other family is of no use. */
  #sourceFor({ ip }: Place): string | null {
    const { network } = this.#vu.environment;
    const local = network.dialer.localAddress(network.localAddressOf(this.#vu));
    return this.#options.source ?? (local !== undefined && isIP(local) === isIP(ip) ? local : null);
  }

  #take(index: number, outcome: EchoOutcome, askedMs: number): void {
    if (this.#isOver) return;
    this.#open.delete(index);
    if (outcome.kind === 'reply') {
      this.#samples.sent(this.#vu, this.#tags, this.#options.size);
      this.#samples.replied(this.#vu, { tags: this.#tags, plain: this.#plain }, outcome);
      this.#replies++;
      this.#report(index, outcome, null, askedMs);
    } else {
      if (outcome.isSent) {
        this.#samples.sent(this.#vu, this.#tags, this.#options.size);
        this.#samples.setUp(this.#tags, outcome.setupMs);
      }
      // What was ended for the deadline was told so.
      const error = this.#isLate ? this.#late() : new WireError(outcome.code, outcome.message);
      this.#report(index, null, error, askedMs);
    }
    const { count, threshold } = this.#options;
    if (this.#open.size > 0) return;
    if (this.#isLate) this.#finish(false);
    else if (this.#asked === count) this.#finish((100 * this.#replies) / count >= threshold);
  }

  #report(index: number, reply: EchoReport['reply'], error: WireError | null, askedMs: number): void {
    if (error !== null) this.#samples.failed(this.#tags, error);
    this.#onReport({ index, place: this.#place, askedMs, reply, error });
  }

  /** The time for all is over: what waits for its reply fails, what was not sent is left out. */
  #endLate(): void {
    if (this.#isOver) return;
    this.#isLate = true;
    clearTimeout(this.#next);
    if (this.#open.size > 0) {
      for (const sent of this.#open.values()) sent.cancel();
      return;
    }
    this.#report(this.#asked, null, this.#late(), Date.now());
    this.#finish(false);
  }

  #late(): WireError {
    return new WireError(1050, `icmp: the deadline of ${this.#options.deadlineMs / 1000} s has passed`);
  }

  /** Nothing can be sent at all. */
  #giveUp(error: unknown): void {
    if (this.#isOver) return;
    this.#stop();
    this.#result.reject(error);
  }

  /** The iteration hears of nothing any more, but what is on its way counts. */
  #interrupt(): void {
    if (this.#isOver) return;
    for (const _ of this.#open) {
      this.#samples.sent(this.#vu, this.#tags, this.#options.size);
      this.#samples.failed(this.#tags, new WireError(1030, 'icmp: cancelled'));
    }
    this.#finish(false);
  }

  #finish(result: boolean): void {
    this.#stop();
    this.#result.resolve(result);
  }

  #stop(): void {
    this.#isOver = true;
    clearTimeout(this.#next);
    clearTimeout(this.#deadline);
    this.#forget();
    for (const sent of this.#open.values()) sent.cancel();
    this.#open.clear();
  }
}
