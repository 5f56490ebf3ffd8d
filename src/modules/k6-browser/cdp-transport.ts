// The way to a browser: its DevTools protocol over a WebSocket. Playwright sees what goes over it, and so do the samples.
import { WebSocket } from 'ws';
import { WireError } from '../../wire/net/wire-error.ts';

/** What the protocol says: an answer, or an event of one target. */
export interface CdpMessage {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** A page may be this large, as a screenshot or as text. */
const MOST_OCTETS = 512 * 1024 * 1024;
/** Numbers of commands of our own: Playwright counts its from 1. */
const OWN_IDS = 1_000_000_000;
/** The browser is gone, as a code of the catalogue. */
const GONE = 1040;
/** So many characters of what is no protocol are shown. */
const SHOWN = 80;

export class CdpTransport {
  /** Set by Playwright. */
  onmessage?: (message: object) => void;
  onclose?: (reason?: string) => void;
  /** Hears every event before Playwright does. */
  onEvent: ((message: CdpMessage) => void) | null = null;
  /** Hears that the browser is gone. */
  onGone: (() => void) | null = null;
  readonly #socket: WebSocket;
  readonly #commands = new Map<number, (message: CdpMessage | null) => void>();
  /** What has come and not been handed on yet. */
  readonly #waiting: CdpMessage[] = [];
  #count = OWN_IDS;
  /** Why there is no connection any more. */
  #reason = 'the browser is gone';

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#read(data.toString()));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      for (const settle of this.#commands.values()) settle(null);
      this.#commands.clear();
      this.onGone?.();
      this.onclose?.(this.#reason);
    });
  }

  /** @throws Error that says why there is no connection */
  static connect(endpoint: string, timeoutMs: number): Promise<CdpTransport> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(endpoint, {
        perMessageDeflate: false,
        maxPayload: MOST_OCTETS,
        handshakeTimeout: timeoutMs,
        followRedirects: true,
      });
      const fail = (error: Error): void =>
        reject(new Error(`cannot connect to the browser at ${endpoint}: ${error.message}`, { cause: error }));
      socket.once('error', fail);
      socket.once('open', () => {
        socket.off('error', fail);
        resolve(new CdpTransport(socket));
      });
    });
  }

  /** For Playwright. */
  send(message: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
    // It may have been closed before Playwright listened: without a word, it would wait for its answer for ever.
    else if (this.#socket.readyState === WebSocket.CLOSED) setImmediate(() => this.onclose?.(this.#reason));
  }

  /** @returns the result of a command of ours to the browser itself @throws Error */
  async command(method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#count;
    if (this.#socket.readyState !== WebSocket.OPEN) throw new WireError(GONE, this.#reason);
    const answer = await new Promise<CdpMessage | null>((resolve) => {
      this.#commands.set(id, resolve);
      this.send({ id, method, params });
    });
    if (answer?.result === undefined) {
      const said = answer?.error?.message;
      throw said === undefined ? new WireError(GONE, this.#reason) : new Error(said);
    }
    return answer.result;
  }

  close(): void {
    this.#socket.close();
  }

  /** Who does not speak the protocol is no browser. */
  #read(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      message = null;
    }
    if (typeof message === 'object' && message !== null && !Array.isArray(message)) {
      this.#hear(message as CdpMessage);
      return;
    }
    const shown = JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
    this.#reason = `${this.#socket.url} is no browser: it does not speak the DevTools protocol, but says ${shown}`;
    this.#socket.terminate();
  }

  #hear(message: CdpMessage): void {
    if (message.id !== undefined && message.id > OWN_IDS) {
      this.#commands.get(message.id)?.(message);
      this.#commands.delete(message.id);
      return;
    }
    this.#waiting.push(message);
    if (this.#waiting.length === 1) setImmediate(this.#deliver);
  }

  /**
   * One message a turn: what Playwright has begun on hearing one has to come to its next step before it hears the next. Without that it
   * misses what came in the same packet.
   */
  readonly #deliver = (): void => {
    const message = this.#waiting[0];
    if (message === undefined) return;
    try {
      if (message.method !== undefined) this.onEvent?.(message);
      this.onmessage?.(message);
    } finally {
      this.#waiting.shift();
      if (this.#waiting.length > 0) setImmediate(this.#deliver);
    }
  };
}
