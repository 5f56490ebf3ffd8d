import type { VuEnvironment } from '../../vu/environment.ts';
import type { CallResult } from '../../wire/grpc/call-result.ts';
import type { Metadata } from '../../wire/grpc/metadata.ts';

/** What the `httpDebug` option logs of each unary call: metadata, or with `full` also the messages as JSON. */
export class CallDebug {
  readonly #environment: VuEnvironment;
  #calls = 0;

  constructor(environment: VuEnvironment) {
    this.#environment = environment;
  }

  /** @returns the number that ties the answer to it; 0 while the option is not set */
  logRequest(path: string, metadata: Metadata, message: unknown): number {
    if (this.#environment.options.httpDebug === null) return 0;
    const id = ++this.#calls;
    this.#log('Request', [path, ...describe(metadata)], message, id);
    return id;
  }

  /** @param message null where there is none to show */
  logResponse(result: CallResult, message: unknown, id: number): void {
    if (id === 0) return;
    const status = `status ${result.status}${result.statusMessage === '' ? '' : `: ${result.statusMessage}`}`;
    const lines = [...describe(result.headers), 'Trailers:', ...describe(result.trailers)];
    this.#log('Response', [status, ...lines], message, id);
  }

  #log(what: string, lines: readonly string[], message: unknown, id: number): void {
    const { options, realm, logger } = this.#environment;
    const body = options.httpDebug === 'full' && message !== null ? `\n${realm.stringify(message)}\n` : '';
    logger.log('info', `${what}:\n${lines.join('\n')}\n${body}`, { request_id: String(id), source: 'http-debug' });
  }
}

function describe(metadata: Metadata): string[] {
  return metadata.map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : Buffer.from(value).toString('base64')}`,
  );
}
