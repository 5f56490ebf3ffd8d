import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { HttpRequest, HttpResponse } from '../../wire/http1/exchange.ts';

/** What the `httpDebug` option logs of each request and response: heads, or with `full` also bodies. */
export class HttpDebug {
  readonly #environment: VuEnvironment;
  readonly #full: boolean;
  #requests = 0;

  constructor(environment: VuEnvironment, mode: 'headers' | 'full') {
    this.#environment = environment;
    this.#full = mode === 'full';
  }

  /** @returns the number that ties the response to it */
  logRequest(vu: VirtualUser, request: HttpRequest): number {
    const lines = [
      `${request.method} ${request.path} HTTP/1.1`,
      ...request.headers.map(([name, value]) => `${name}: ${value}`),
    ];
    const { body } = request;
    const text = body === null ? '' : typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
    const id = ++this.#requests;
    this.#log(vu, 'Request', lines, text, id);
    return id;
  }

  /** @param body decoded */
  logResponse(vu: VirtualUser, response: HttpResponse, body: Buffer | null, id: number): void {
    const lines = [
      `${response.proto} ${response.status} ${response.statusText}`,
      ...response.headers.map(([name, value]) => `${name}: ${value}`),
    ];
    this.#log(vu, 'Response', lines, body === null ? '' : body.toString('utf8'), id);
  }

  #log(vu: VirtualUser, what: string, lines: readonly string[], body: string, id: number): void {
    const text = `${what}:\n${lines.join('\n')}\n${this.#full && body !== '' ? `\n${body}\n` : ''}`;
    this.#environment.logger.log('info', text, {
      group: vu.group,
      iter: String(vu.iteration.inVu),
      request_id: String(id),
      ...(vu.scenario !== null && { scenario: vu.scenario.name }),
      source: 'http-debug',
      vu: String(vu.idInTest),
    });
  }
}
