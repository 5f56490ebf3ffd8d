// An HTTP server beside a run: what the REST API and the live page have in common.
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { ExitError } from '../exit/exit-error.ts';
import { ControlError } from '../run/run-control.ts';
import { ApiError, guardAccess } from './access-guard.ts';
import type { ApiAddress } from './api-address.ts';
import { addDocs } from './routes/docs.ts';

export interface ControlServerOptions {
  readonly address: ApiAddress;
  /** What callers have to show; null: nothing. */
  readonly token: string | null;
  /** Of a request, in bytes. */
  readonly bodyLimit: number;
  /** Says of a request whether it has to show the token. */
  readonly needsToken: (request: FastifyRequest) => boolean;
  readonly addRoutes: (app: FastifyInstance) => void;
}

/** A server that listens. */
export interface ControlServer {
  /** With the port that it has. */
  readonly address: ApiAddress;
  close(): Promise<void>;
}

/**
 * Opens a server that hands bodies over as text, says what is wrong as JSON:API does, and has the reference of codes under `/docs/`.
 * @throws Error where the address cannot be had
 */
export async function openControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const { address, token, bodyLimit, needsToken, addRoutes } = options;
  const app = Fastify({ bodyLimit, forceCloseConnections: true, return503OnClosing: false });
  guardAccess(app, address, token, needsToken);
  readBodiesAsText(app);
  answerErrors(app);
  addRoutes(app);
  addDocs(app);
  return { address: await listenAt(app, address), close: () => app.close() };
}

/** @returns the address with the port that it has @throws Error where it cannot be had */
export async function listenAt(app: FastifyInstance, { host, port }: ApiAddress): Promise<ApiAddress> {
  await app.listen({ host: host === '' ? '::' : host, port });
  const bound = app.server.address();
  return { host, port: bound !== null && typeof bound === 'object' ? bound.port : port };
}

/** k6 takes any content type; what is no JSON is said with a reason of ours. */
function readBodiesAsText(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const { status, title } =
      error instanceof ApiError
        ? error
        : error instanceof ControlError
          ? error.kind === 'invalid'
            ? { status: 400, title: 'Bad request' }
            : { status: 500, title: 'Not possible' }
          : error instanceof ExitError
            ? { status: 500, title: 'Failed' }
            : { status: error.statusCode ?? 500, title: 'Error' };
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    return reply
      .code(status)
      .type('application/json')
      .send(JSON.stringify({ errors: [{ status: String(status), title, detail: error.message }] }));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).type('text/plain').send('404 page not found\n'));
}
