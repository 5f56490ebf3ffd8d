// The log as Loki takes it: lines in streams, a stream per set of labels, pushed as JSON once a period
// (Loki's page "HTTP API", "Ingest logs"). It never holds up a test: what Loki does not take is counted, and said.
import type { HttpAnswer, HttpSender } from '../../outputs/http-sender.ts';
import type { LogLevel } from '../../vu/environment.ts';
import { quoteValue } from './line-text.ts';
import { SEVERITY } from './log-levels.ts';
import type { LokiSettings } from './loki-settings.ts';
import type { LogLine } from './repeated-lines.ts';

/** Characters that may wait for a Loki that is slow or away. */
const MOST_WAITING = 16 * 1024 * 1024;
/** How long the end of the program waits for what is left, in ms. */
const CLOSE_TIMEOUT_MS = 3000;
const CLOSE_PAUSE_MS = 200;
/** How long a Loki that failed is left alone, at first and at most, in ms. */
const BACKOFF_MS = { first: 500, most: 10_000 };
/** Errors among the lost lines that the terminal shows in the end. */
const MOST_SHOWN = 10;

interface Entry {
  readonly line: LogLine;
  readonly labels: Readonly<Record<string, string>>;
  readonly text: string;
  /** Ns since the epoch. */
  readonly time: string;
}

/** What to do after a push. */
type Verdict = { readonly kind: 'taken' } | { readonly kind: 'refused' | 'later'; readonly reason: string };

/** Says something where the user looks although the log goes elsewhere. */
export type Say = (level: LogLevel, message: string) => void;

export class LokiLog {
  readonly #settings: LokiSettings;
  readonly #say: Say;
  /** Loaded with the first push: most runs log elsewhere. */
  #sender: Promise<HttpSender> | null = null;
  readonly #timer: NodeJS.Timeout;
  readonly #end = new AbortController();
  #waiting: Entry[] = [];
  #waitingLength = 0;
  /** Lines of the period that are beyond the limit. */
  #beyondLimit = 0;
  #inPeriod = 0;
  #lost = 0;
  #lostErrors: LogLine[] = [];
  #pushing: Promise<void> | null = null;
  /** When a Loki that failed is tried again; 0: it has not failed. */
  #notBefore = 0;
  #backoffMs = BACKOFF_MS.first;
  #complained = false;
  #lastMs = 0;
  #lastNumber = 0;

  constructor(settings: LokiSettings, say: Say) {
    this.#settings = settings;
    this.#say = say;
    // Timers alone do not keep the program; closing waits for what is left.
    this.#timer = setInterval(() => this.#endPeriod(), settings.pushPeriodMs).unref();
  }

  /** Takes a line, at once. */
  take(line: LogLine): void {
    if (SEVERITY[line.level] > this.#settings.severity) return;
    if (this.#inPeriod >= this.#settings.limit) {
      this.#beyondLimit++;
      return;
    }
    this.#inPeriod++;
    this.#add(line);
  }

  /** Pushes what is left, or says what could not be. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#tellBeyondLimit();
    const end = setTimeout(() => this.#end.abort(), CLOSE_TIMEOUT_MS);
    await this.#pushing;
    // One that fails twice on end is not there.
    for (let attempt = 0; attempt < 2 && this.#waiting.length > 0 && !this.#end.signal.aborted; attempt++) {
      await this.#push();
      if (this.#waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, CLOSE_PAUSE_MS));
    }
    clearTimeout(end);
    void this.#sender?.then((sender) => sender.close()).catch(() => {});
    for (const { line } of this.#waiting.splice(0)) this.#lose(line);
    if (this.#lost === 0) return;
    const [lines, were] = this.#lost === 1 ? ['line', 'was'] : ['lines', 'were'];
    this.#say(
      'warning',
      `${this.#lost.toLocaleString('en-US')} ${lines} of the log ${were} not taken by ${this.#name}`,
    );
    for (const { message } of this.#lostErrors) this.#say('error', message);
  }

  get #name(): string {
    const { origin, pathname } = this.#settings.url;
    return `Loki at ${origin}${pathname}`;
  }

  #add(line: LogLine): void {
    const entry = this.#makeEntry(line);
    if (this.#waitingLength + entry.text.length > MOST_WAITING) {
      this.#lose(line);
      return;
    }
    this.#waiting.push(entry);
    this.#waitingLength += entry.text.length;
  }

  #lose(line: LogLine): void {
    this.#lost++;
    if (line.level === 'error' && this.#lostErrors.length < MOST_SHOWN) this.#lostErrors.push(line);
  }

  #endPeriod(): void {
    this.#tellBeyondLimit();
    this.#inPeriod = 0;
    if (this.#pushing !== null || this.#waiting.length === 0 || performance.now() < this.#notBefore) return;
    this.#pushing = this.#push().finally(() => {
      this.#pushing = null;
    });
  }

  #tellBeyondLimit(): void {
    const { limit, pushPeriodMs } = this.#settings;
    if (this.#beyondLimit === 0) return;
    const message = `${this.#beyondLimit.toLocaleString('en-US')} lines of the log were dropped, because they were above the limit of ${limit} lines in ${pushPeriodMs} ms (limit= and pushPeriod= of --log-output)`;
    this.#beyondLimit = 0;
    this.#add({ level: 'warning', message, fields: {}, time: new Date() });
  }

  /** Sends all that waits, and keeps what is to be sent again. Never rejects. */
  async #push(): Promise<void> {
    const entries = this.#waiting;
    this.#waiting = [];
    const body = JSON.stringify({ streams: intoStreams(entries) });
    const begun = performance.now();
    const verdict = await this.#post(body);
    if (this.#settings.profile)
      this.#say(
        'info',
        `loki: ${entries.length} lines, ${body.length} characters, ${Math.round(performance.now() - begun)} ms: ${verdict.kind}`,
      );
    switch (verdict.kind) {
      case 'taken':
        this.#notBefore = 0;
        this.#backoffMs = BACKOFF_MS.first;
        this.#complained = false;
        break;
      case 'refused':
        for (const { line } of entries) this.#lose(line);
        this.#complain(verdict.reason);
        break;
      case 'later':
        this.#waiting = [...entries, ...this.#waiting];
        this.#notBefore = performance.now() + this.#backoffMs;
        this.#backoffMs = Math.min(BACKOFF_MS.most, this.#backoffMs * 2);
        this.#complain(`${verdict.reason}; it is tried again`);
        return;
    }
    this.#waitingLength = this.#waiting.reduce((sum, { text }) => sum + text.length, 0);
  }

  /** Once until Loki takes lines again. */
  #complain(reason: string): void {
    if (this.#complained) return;
    this.#complained = true;
    this.#say('warning', `the log cannot be sent to ${this.#name}: ${reason}. The test goes on`);
  }

  async #post(body: string): Promise<Verdict> {
    const { url, headers } = this.#settings;
    const fields = { 'user-agent': 'sixfold', ...headers, 'content-type': 'application/json' };
    this.#sender ??= openSender(url, headers);
    let answer: HttpAnswer;
    try {
      answer = await (await this.#sender).post(url, fields, Buffer.from(body), this.#end.signal);
    } catch (error) {
      // A proxy in the environment that is none.
      return { kind: 'later', reason: (error as Error).message };
    }
    if ('error' in answer) return { kind: 'later', reason: answer.error };
    const { status, text } = answer;
    if (status >= 200 && status < 300) return { kind: 'taken' };
    const reason = `it answered ${status} ${text}`.trimEnd();
    return { kind: status === 429 || status >= 500 ? 'later' : 'refused', reason };
  }

  #makeEntry(line: LogLine): Entry {
    const { labels, allowedLabels, maxMessageLength } = this.#settings;
    const all: Readonly<Record<string, string>> = { level: line.level, ...line.fields, ...labels };
    const isAllowed = (name: string): boolean => allowedLabels === null || allowedLabels.includes(name);
    const names = Object.keys(all).sort();
    const kept = names.filter(isAllowed);
    // A stream without a label is refused.
    if (kept.length === 0) kept.push('level');
    const behind = names.filter((name) => !kept.includes(name)).map((name) => ` ${name}=${quoteValue(all[name])}`);
    return {
      line,
      labels: Object.fromEntries(kept.map((name) => [name, all[name]])),
      text: shorten(line.message + behind.join(''), maxMessageLength),
      time: this.#timestamp(line.time),
    };
  }

  /** Lines of one millisecond keep their order, and equal ones are not taken for one. */
  #timestamp(time: Date): string {
    const ms = time.getTime();
    this.#lastNumber = ms === this.#lastMs ? Math.min(this.#lastNumber + 1, 999_999) : 0;
    this.#lastMs = ms;
    return `${ms}${String(this.#lastNumber).padStart(6, '0')}`;
  }
}

/** @throws OutputError for a proxy that cannot be read */
async function openSender(url: URL, headers: Readonly<Record<string, string>>): Promise<HttpSender> {
  const { HttpSender } = await import('../../outputs/http-sender.ts');
  return new HttpSender(url.protocol === 'https:', {}, Object.values(headers));
}

function intoStreams(entries: readonly Entry[]): object[] {
  const streams = new Map<string, { stream: Entry['labels']; values: [string, string][] }>();
  for (const { labels, time, text } of entries) {
    const key = JSON.stringify(labels);
    const known = streams.get(key);
    if (known === undefined) streams.set(key, { stream: labels, values: [[time, text]] });
    else known.values.push([time, text]);
  }
  return [...streams.values()];
}

/** Takes the middle out of what is too long. */
function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = Math.ceil(most / 2);
  const tail = most - head;
  const left = text.slice(0, head);
  const right = tail === 0 ? '' : text.slice(-tail);
  return `${left.toWellFormed()}…${text.length - most} characters left out…${right.toWellFormed()}`;
}
