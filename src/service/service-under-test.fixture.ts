// A server for tests, and people who call it.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { until } from '../../test/end-to-end/until.ts';
import type { Person, Project, Role, Run, Scope, Session, Test, TestVersion } from './api/documents.ts';
import { type Service, type ServiceOptions, startService } from './service.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  readonly body: any;
}

type Listener = (method: string, path: string, answer: Answer) => void;

/** Somebody who calls a server: by a session, a token, or as nobody. */
export class Visitor {
  readonly url: string;
  token: string | null = null;
  cookie: string | null = null;
  csrf: string | null = null;
  onAnswer: Listener = () => {};

  constructor(url: string) {
    this.url = `${url}/api/v1`;
  }

  async call(method: string, place: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const isOctets = body instanceof Uint8Array;
    const response = await fetch(`${this.url}${place}`, {
      method,
      headers: {
        ...(this.token !== null && { authorization: `Bearer ${this.token}` }),
        ...(this.cookie !== null && { cookie: this.cookie }),
        ...(this.csrf !== null && { 'x-csrf-token': this.csrf }),
        ...(body !== undefined && { 'content-type': isOctets ? 'application/octet-stream' : 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isOctets ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const cookie = response.headers.getSetCookie().find((one) => one.startsWith('sixfold_session='));
    if (cookie !== undefined) this.cookie = cookie.split(';')[0]!;
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const answer = { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
    this.onAnswer(method, place.split('?')[0]!, answer);
    return answer;
  }

  /** @throws Error where the answer is no good one */
  async expect(method: string, place: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    const answer = await this.call(method, place, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${place}: ${answer.status} ${answer.text}`);
    return answer;
  }

  async get<T>(place: string): Promise<T> {
    return (await this.expect('GET', place)).body as T;
  }

  async post<T>(place: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    return (await this.expect('POST', place, body, headers)).body as T;
  }

  /** Makes the first administrator. @param link that the server has printed */
  async setUp(link: string, takesPasswords = true): Promise<void> {
    const token = /token=(.+)$/.exec(link)![1];
    const person = { email: 'ann@example.com', name: 'Ann', ...(takesPasswords && { password: 'correct horse' }) };
    this.take(await this.post<Session>('/setup', { token, ...person }));
  }

  /** Signs in as the first administrator. */
  async signIn(): Promise<void> {
    this.take(await this.post<Session>('/session', { email: 'ann@example.com', password: 'correct horse' }));
  }

  take(session: Session): void {
    this.csrf = session.csrfToken;
  }

  upload(test: string, script: string | Uint8Array, file = 'script.js'): Promise<TestVersion> {
    const bytes = typeof script === 'string' ? Buffer.from(script) : script;
    return this.post(`/tests/${test}/versions?file=${encodeURIComponent(file)}`, bytes);
  }

  /** @returns a test with a version */
  async makeTest(project: string, name: string, script: string): Promise<Test> {
    const test = await this.post<Test>(`/projects/${project}/tests`, { name });
    await this.upload(test.id, script);
    return test;
  }

  /** Waits until a run is in one of some states. */
  async waitFor(run: string, ...states: readonly Run['state'][]): Promise<Run> {
    let found = await this.get<Run>(`/runs/${run}`);
    await until(
      async () => {
        found = await this.get<Run>(`/runs/${run}`);
        return states.includes(found.state);
      },
      `the run is ${states.join(' or ')}`,
    );
    return found;
  }
}

export const OVER = ['passed', 'failed', 'aborted', 'error'] as const;

export class ServiceUnderTest {
  readonly service: Service;
  readonly admin: Visitor;
  readonly folder: string;

  private constructor(service: Service, admin: Visitor, folder: string) {
    this.service = service;
    this.admin = admin;
    this.folder = folder;
  }

  /** Starts a server and makes its first administrator. */
  static async start(options: Partial<ServiceOptions> = {}): Promise<ServiceUnderTest> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-service-'));
    const service = await startService({
      folder,
      database: null,
      address: { host: '127.0.0.1', port: 0 },
      isBehindProxy: false,
      publicUrl: null,
      env: { SIXFOLD_SERVER_KEY: 'a key that all servers of the tests share' },
      nats: null,
      cores: 2,
      log: (level, message) => level === 'error' && console.error(message),
      requestsAMinute: 1_000_000,
      ...options,
    });
    const admin = new Visitor(service.url);
    if (service.setupLink !== null) await admin.setUp(service.setupLink, options.takesPasswords ?? true);
    else await admin.signIn();
    return new ServiceUnderTest(service, admin, folder);
  }

  visitor(): Visitor {
    return new Visitor(this.service.url);
  }

  project(name: string, more: object = {}): Promise<Project> {
    return this.admin.post('/projects', { name, ...more });
  }

  /** @returns somebody with a part in a project, signed in */
  async addPerson(email: string, project?: string, role?: Role): Promise<{ person: Person; visitor: Visitor }> {
    const { person, link } = await this.admin.post<{ person: Person; link: string }>('/people', { email, name: email });
    const visitor = this.visitor();
    const token = /token=(.+)$/.exec(link)![1];
    visitor.take(await visitor.post('/password', { token, password: 'battery staple' }));
    if (project !== undefined) await this.admin.post(`/projects/${project}/members`, { email, role });
    return { person, visitor };
  }

  /** @returns a program with a token of the administrator's */
  async addToken(scopes: readonly Scope[], projectId: string | null = null): Promise<Visitor> {
    const { secret } = await this.admin.post<{ secret: string }>('/tokens', {
      name: scopes.join(' '),
      scopes,
      projectId,
    });
    const visitor = this.visitor();
    visitor.token = secret;
    return visitor;
  }

  async stop(): Promise<void> {
    await this.service.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
