// The child's end of the channel to its server.
import type { ChildLogLine, ChildTask, FromChild, ToChild } from './child-protocol.ts';
import { lineWithin } from './kept-size.ts';
import { type LeftBehind, leaveBehind } from './left-behind.ts';
import type { RunListener } from './told-run.ts';

/** Lines that wait; what comes beyond them is counted. */
const MOST_LINES = 500;
const FLUSH_MS = 200;

export interface Orders {
  onOrder(order: Extract<ToChild, { type: 'order' }>): void;
  onCheckpoint(): void;
}

export class ChildLink implements RunListener {
  #orders: Orders | null = null;
  /** What came before the run could be steered. */
  #early: Extract<ToChild, { type: 'order' }>[] = [];
  #lines: ChildLogLine[] = [];
  #leftOut = 0;
  #timer: NodeJS.Timeout | null = null;
  readonly #going = Promise.withResolvers<void>();
  #folder: string | null = null;
  #soFar: () => LeftBehind['message'] | null = () => null;

  /** Whoever takes the run up finds there how far it was, or how it ended. @param soFar null: there is nothing yet */
  leaveIn(folder: string, soFar: () => LeftBehind['message'] | null): void {
    this.#folder = folder;
    this.#soFar = soFar;
  }

  /** Says that the load is about to begin. @returns when that is written down: until then another server may start the run anew */
  begin(fingerprint: string): Promise<void> {
    this.say({ type: 'ready', fingerprint });
    return this.#going.promise;
  }

  /** The run can be steered from now on. */
  obey(orders: Orders): void {
    this.#orders = orders;
    for (const order of this.#early) orders.onOrder(order);
    this.#early = [];
  }

  hear(message: Exclude<ToChild, { type: 'begin' }>): void {
    if (message.type === 'go') this.#going.resolve();
    else if (message.type === 'checkpoint') this.#orders?.onCheckpoint();
    else if (this.#orders === null) this.#early.push(message);
    else this.#orders.onOrder(message);
  }

  say(message: FromChild): void {
    // Where the server is gone the channel is closed, which ends this process.
    if (process.connected) process.send!(message, undefined, {}, () => {});
  }

  log(level: string, message: string, fields: Readonly<Record<string, string>>, time: Date): void {
    if (this.#lines.length >= MOST_LINES) this.#leftOut++;
    else {
      this.#lines.push({ atMs: time.getTime(), level, message: lineWithin(message), fields });
    }
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#lines.length === 0 && this.#leftOut === 0) return;
    this.say({ type: 'logs', lines: this.#lines, leftOut: this.#leftOut });
    this.#lines = [];
    this.#leftOut = 0;
  }

  /** Sends the last message and ends this process once the server has it. */
  finish(message: Extract<FromChild, { type: 'end' }>): void {
    this.flush();
    // The server may be gone before it has read or written it.
    this.#soFar = () => message;
    this.#leave();
    this.#soFar = () => null;
    if (!process.connected) process.exit(0);
    process.send!(message, undefined, {}, () => process.disconnect?.());
  }

  /** Nobody is left to hear: the load ends with the server, and what it has measured stays for whoever takes the run up. */
  lose(): never {
    this.#leave();
    process.exit(0);
  }

  #leave(): void {
    try {
      const message = this.#soFar();
      if (message !== null && this.#folder !== null) leaveBehind(this.#folder, message);
    } catch {
      // The disk is full, say: what the server has kept stays.
    }
  }
}

/** The server decides when a run ends, also where a terminal's Ctrl-C reaches all its processes. */
export function followServer(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
}

/** Waits for what is to be done. */
export function takeTask(work: (task: ChildTask, link: ChildLink) => Promise<void>): void {
  const link = new ChildLink();
  process.on('disconnect', () => link.lose());
  process.on('message', (message: ToChild) => {
    if (message.type === 'begin') void work(message.task, link);
    else link.hear(message);
  });
  link.say({ type: 'up' });
}
