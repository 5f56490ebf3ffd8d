// `sixfold/client`: the API of the service for programs. It needs nothing but `fetch`.
import type {
  LogLine,
  NewReportedRun,
  NewRun,
  Page,
  Project,
  Report,
  ReportAnswer,
  Run,
  RunOrder,
  Schedule,
  Session,
  Test,
  TestVersion,
} from '../api/documents.ts';

export type {
  HookEvent,
  LogLine,
  NewReportedRun,
  NewRun,
  Page,
  Progress,
  Project,
  Report,
  ReportAnswer,
  Requirements,
  Role,
  Run,
  RunOrder,
  RunState,
  Schedule,
  Scope,
  Session,
  Test,
  TestVersion,
} from '../api/documents.ts';

export interface ClientOptions {
  /** Of the server: `https://load.example`. */
  readonly url: string;
  readonly token: string;
  /** In place of the global one. */
  readonly fetch?: typeof fetch;
}

/** A moment of a run, as its page hears it. */
export interface RunMoment {
  /** To go on from here; null: it has no number. */
  readonly id: number | null;
  /** `cells`, `slice`, `state`, `log`, `resync`, `end`. */
  readonly name: string;
  readonly data: unknown;
}

export interface LogPart {
  readonly lines: readonly LogLine[];
  readonly next: number;
  /** Nothing comes behind it. */
  readonly isOver: boolean;
}

type NewSchedule = Pick<Schedule, 'name' | 'cron'> &
  Partial<Pick<Schedule, 'timeZone' | 'overlap' | 'isEnabled' | 'parameters' | 'options'>>;

/** What the server says is wrong (RFC 9457). */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: number;
  /** The last part of the problem's type, such as `unusable`. */
  readonly kind: string;
  /** For how long the server asks to wait before it is asked again, in ms; null: it does not say. */
  readonly retryAfterMs: number | null;

  constructor(status: number, kind: string, detail: string, retryAfterMs: number | null = null) {
    super(detail);
    this.status = status;
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Each call rejects with a {@link ServiceError} for what the server refuses, and with what `fetch` throws where it is not there. */
export class ServiceClient {
  readonly #root: string;
  readonly #token: string;
  readonly #fetch: typeof fetch;

  constructor({ url, token, fetch: own }: ClientOptions) {
    this.#root = `${url.replace(/\/+$/, '')}/api/v1`;
    this.#token = token;
    this.#fetch = own ?? globalThis.fetch;
  }

  /**
   * Any operation of the OpenAPI document.
   * @param path below `/api/v1`
   * @param body what becomes JSON, or octets as they are
   */
  async call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<T> {
    const response = await this.#send(method, path, body, headers, signal);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async #send(
    method: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<Response> {
    const isOctets = body instanceof Uint8Array;
    const response = await this.#fetch(`${this.#root}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { 'content-type': isOctets ? 'application/octet-stream' : 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isOctets ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    if (response.ok) return response;
    throw await readProblem(response);
  }

  session(): Promise<Session> {
    return this.call('GET', '/session');
  }

  projects(): Promise<readonly Project[]> {
    return this.call('GET', '/projects');
  }

  /** @param project its id or slug */
  tests(
    project: string,
    query: { readonly search?: string; readonly name?: string; readonly limit?: number; readonly after?: string } = {},
  ): Promise<Page<Test>> {
    return this.call('GET', `/projects/${encodeURIComponent(project)}/tests${queryOf(query)}`);
  }

  createTest(project: string, test: { readonly name: string; readonly description?: string }): Promise<Test> {
    return this.call('POST', `/projects/${encodeURIComponent(project)}/tests`, test);
  }

  versions(test: string): Promise<Page<TestVersion>> {
    return this.call('GET', `/tests/${test}/versions`);
  }

  /** Uploads a script, or an archive of `sixfold archive`. */
  upload(test: string, fileName: string, bytes: Uint8Array): Promise<TestVersion> {
    return this.call('POST', `/tests/${test}/versions${queryOf({ file: fileName })}`, bytes);
  }

  /** @param idempotencyKey the same one twice starts one run */
  startRun(test: string, run: NewRun = {}, idempotencyKey?: string): Promise<Run> {
    const headers: Record<string, string> = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
    return this.call('POST', `/tests/${test}/runs`, run, headers);
  }

  /** Begins a run that the caller makes, and tells of by {@link report}. */
  startReportedRun(test: string, run: NewReportedRun = {}): Promise<Run> {
    return this.call('POST', `/tests/${test}/reported-runs`, run);
  }

  /** @returns what others want of the run */
  report(id: string, report: Report, signal?: AbortSignal): Promise<ReportAnswer> {
    return this.call('POST', `/runs/${id}/reports`, report, {}, signal);
  }

  run(id: string): Promise<Run> {
    return this.call('GET', `/runs/${id}`);
  }

  runs(
    project: string,
    query: {
      readonly test?: string;
      readonly state?: string;
      readonly search?: string;
      readonly limit?: number;
      readonly after?: string;
    } = {},
  ): Promise<Page<Run>> {
    return this.call('GET', `/projects/${encodeURIComponent(project)}/runs${queryOf(query)}`);
  }

  order(id: string, order: RunOrder): Promise<{ readonly ok: boolean; readonly message: string }> {
    return this.call('POST', `/runs/${id}/orders`, order);
  }

  /** @param after `next` of the part before; 0: from the beginning */
  logs(id: string, after = 0): Promise<LogPart> {
    return this.call('GET', `/runs/${id}/logs${queryOf({ after })}`);
  }

  summary(
    id: string,
  ): Promise<{ readonly text: string | null; readonly data: Readonly<Record<string, unknown>> | null }> {
    return this.call('GET', `/runs/${id}/summary`);
  }

  /** Of the script's handleSummary. */
  async files(id: string): Promise<readonly { readonly name: string; readonly size: number }[]> {
    const { items } = await this.call<{ items: { name: string; size: number }[] }>('GET', `/runs/${id}/files`);
    return items;
  }

  async file(id: string, name: string): Promise<Uint8Array> {
    const response = await this.#send('GET', `/runs/${id}/files/${encodeURIComponent(name)}`, undefined, {});
    return new Uint8Array(await response.arrayBuffer());
  }

  schedules(project: string, query: { readonly test?: string } = {}): Promise<Page<Schedule>> {
    return this.call('GET', `/projects/${encodeURIComponent(project)}/schedules${queryOf(query)}`);
  }

  createSchedule(test: string, schedule: NewSchedule): Promise<Schedule> {
    return this.call('POST', `/tests/${test}/schedules`, schedule);
  }

  changeSchedule(id: string, change: Partial<NewSchedule>): Promise<Schedule> {
    return this.call('PATCH', `/schedules/${id}`, change);
  }

  removeSchedule(id: string): Promise<void> {
    return this.call('DELETE', `/schedules/${id}`);
  }

  /**
   * What happens in a run until it is over, as it happens.
   * @param after the number of the last moment that is known
   */
  async *follow(
    id: string,
    { after, signal }: { readonly after?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<RunMoment> {
    const response = await this.#send('GET', `/runs/${id}/events${queryOf({ after })}`, undefined, {}, signal);
    const decoder = new TextDecoder();
    let rest = '';
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      rest += decoder.decode(part, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        const fields = new Map(
          block.split('\n').flatMap((line) => {
            const at = line.indexOf(': ');
            return at <= 0 ? [] : [[line.slice(0, at), line.slice(at + 2)] as const];
          }),
        );
        const name = fields.get('event');
        if (name === undefined) continue;
        const number = fields.get('id');
        yield {
          id: number === undefined ? null : Number(number),
          name,
          data: JSON.parse(fields.get('data') ?? 'null'),
        };
        if (name === 'end') return;
      }
    }
  }
}

function queryOf(parts: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parts).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

async function readProblem(response: Response): Promise<ServiceError> {
  const text = await response.text();
  // A date is what proxies may send (RFC 9110, 10.2.3); it is no number.
  const given = response.headers.get('retry-after') ?? '';
  const seconds = /^\d+$/.test(given) ? Number(given) : (Date.parse(given) - Date.now()) / 1000;
  const retryAfterMs = Number.isNaN(seconds) ? null : Math.max(0, seconds * 1000);
  try {
    const { type, detail } = JSON.parse(text) as { type: string; detail: string };
    return new ServiceError(response.status, type.split(':').at(-1) ?? '', detail, retryAfterMs);
  } catch {
    return new ServiceError(response.status, '', `${response.status} ${response.statusText}`.trim(), retryAfterMs);
  }
}
