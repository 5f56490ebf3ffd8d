// A debugger as editors have one: it attaches to the program and its threads, and works in the user's files by source maps.
import type { SourceMapPayload } from 'node:module';
import { WebSocket } from 'ws';

/** A place in a file of the user's; 1-based. */
export interface UserPlace {
  readonly url: string;
  readonly line: number;
}

interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface Frame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly location: Location;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export interface Pause {
  readonly frames: readonly Frame[];
  /** Where the innermost frame is in the user's files; null: in none. */
  readonly place: UserPlace | null;
}

export class InspectorClient {
  readonly #socket: WebSocket;
  /** The load worker's session. */
  #session: string | null = null;
  #calls = 0;
  readonly #answers = new Map<number, (message: Message) => void>();
  readonly #maps = new Map<string, { readonly url: string; readonly mappings: readonly Mapping[] }>();
  readonly #pauses: Frame[][] = [];
  #last: UserPlace | null = null;
  #wake: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(JSON.parse(String(data)) as Message));
    socket.on('close', () => this.#wake());
  }

  /** Attaches, and lets go on what waits for a debugger. @param url as Node prints it */
  static async attach(url: string): Promise<InspectorClient> {
    const socket = new WebSocket(url);
    const client = new InspectorClient(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    await client.#toMain('NodeWorker.enable', { waitForDebuggerOnStart: true });
    await client.#toMain('Runtime.runIfWaitingForDebugger');
    return client;
  }

  close(): void {
    this.#socket.terminate();
  }

  /** Waits until the script stops. */
  async paused(): Promise<Pause> {
    await this.#until(() => this.#pauses.length > 0);
    const frames = this.#pauses.shift()!;
    return { frames, place: this.#placeOf(frames[0]!.location) };
  }

  /** Waits until the script is known. @returns the user's files that its maps name */
  async sources(): Promise<string[]> {
    await this.#until(() => this.#maps.size > 0);
    return [...new Set([...this.#maps.values()].flatMap(({ mappings }) => mappings.map(({ source }) => source)))];
  }

  /** Sets a breakpoint as an editor does: the source map tells where the line is. */
  async breakAt({ url, line }: UserPlace): Promise<void> {
    for (const script of this.#maps.values()) {
      const found = script.mappings.find((one) => one.source === url && one.line === line - 1);
      if (found === undefined) continue;
      const { lineNumber, columnNumber } = found;
      await this.#toWorker('Debugger.setBreakpointByUrl', { url: script.url, lineNumber, columnNumber });
      return;
    }
    throw new Error(`no source map leads to ${url}:${line}`);
  }

  async evaluate(frame: Frame, expression: string): Promise<unknown> {
    const { result } = (await this.#toWorker('Debugger.evaluateOnCallFrame', {
      callFrameId: frame.callFrameId,
      expression,
      returnByValue: true,
    })) as { result: { value?: unknown } };
    return result.value;
  }

  resume(): Promise<unknown> {
    return this.#toWorker('Debugger.resume');
  }

  /** Steps over until another line of the user's is reached, as editors do. */
  async stepOver(): Promise<Pause> {
    const from = this.#last;
    for (;;) {
      await this.#toWorker('Debugger.stepOver');
      const pause = await this.paused();
      if (pause.place !== null && (pause.place.line !== from?.line || pause.place.url !== from.url)) return pause;
    }
  }

  #placeOf({ scriptId, lineNumber, columnNumber }: Location): UserPlace | null {
    const found = this.#maps
      .get(scriptId)
      ?.mappings.findLast(
        (one) => one.lineNumber < lineNumber || (one.lineNumber === lineNumber && one.columnNumber <= columnNumber),
      );
    this.#last = found === undefined ? null : { url: found.source, line: found.line + 1 };
    return this.#last;
  }

  #receive(message: Message): void {
    if (message.id !== undefined) this.#answers.get(message.id)?.(message);
    const { method, params = {} } = message;
    if (method === 'NodeWorker.attachedToWorker') {
      this.#session = params['sessionId'] as string;
      for (const call of ['Debugger.enable', 'Runtime.enable', 'Runtime.runIfWaitingForDebugger'])
        void this.#toWorker(call);
    } else if (method === 'NodeWorker.receivedMessageFromWorker')
      this.#receiveFromWorker(JSON.parse(params['message'] as string) as Message);
    this.#wake();
  }

  #receiveFromWorker({ id, method, params = {}, ...answer }: Message): void {
    if (id !== undefined) this.#answers.get(id)?.({ id, ...answer });
    if (method === 'Debugger.scriptParsed') {
      const { scriptId, url, sourceMapURL } = params as { scriptId: string; url: string; sourceMapURL?: string };
      const data = /^data:application\/json[^,]*;base64,(.*)$/.exec(sourceMapURL ?? '')?.[1];
      if (data === undefined || !url.startsWith('sixfold:')) return;
      const payload = JSON.parse(Buffer.from(data, 'base64').toString()) as SourceMapPayload;
      this.#maps.set(scriptId, { url, mappings: readMappings(payload) });
    }
    if (method !== 'Debugger.paused') return;
    // Where a thread of the program begins, an editor goes on by itself: that is none of the user's code.
    if (params['reason'] === 'Break on start') void this.resume();
    else this.#pauses.push(params['callFrames'] as Frame[]);
  }

  #toMain(method: string, params: object = {}): Promise<unknown> {
    return this.#call((id) => ({ id, method, params }));
  }

  #toWorker(method: string, params: object = {}): Promise<unknown> {
    const inner = ++this.#calls;
    const answered = new Promise<unknown>((resolve, reject) => {
      this.#answers.set(inner, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
    });
    const message = JSON.stringify({ id: inner, method, params });
    void this.#toMain('NodeWorker.sendMessageToWorker', { sessionId: this.#session, message });
    return answered;
  }

  #call(make: (id: number) => object): Promise<unknown> {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
      this.#socket.send(JSON.stringify(make(id)));
    });
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.#socket.readyState === WebSocket.CLOSED) throw new Error('the debugger was cut off');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** Places of generated code with those that they come from, all 0-based. */
interface Mapping {
  readonly lineNumber: number;
  readonly columnNumber: number;
  readonly source: string;
  readonly line: number;
}

/** Reads the mappings of a source map by its specification (ECMA-426). */
function readMappings({ sources, mappings }: SourceMapPayload): Mapping[] {
  const found: Mapping[] = [];
  let [source, line] = [0, 0];
  for (const [lineNumber, group] of mappings.split(';').entries()) {
    let columnNumber = 0;
    for (const text of group === '' ? [] : group.split(',')) {
      const [column = 0, sourceStep = 0, lineStep = 0] = readNumbers(text);
      columnNumber += column;
      source += sourceStep;
      line += lineStep;
      found.push({ lineNumber, columnNumber, source: sources[source]!, line });
    }
  }
  return found;
}

function readNumbers(text: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const letter of text) {
    const digit = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(letter);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}
