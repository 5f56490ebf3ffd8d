// The REST API of one run, as k6 documents it (https://grafana.com/docs/k6/latest/reference/k6-rest-api/), and past it: pausing what
// runs, virtual users of externally controlled scenarios, Prometheus' text, an OpenAPI document.
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { ControlError, type RunControl } from '../run/run-control.ts';
import { ApiError } from './access-guard.ts';
import { type ApiAddress, isLoopback, showApiAddress } from './api-address.ts';
import {
  agentResource,
  groupResources,
  metricResource,
  type Resource,
  setupResource,
  statusResource,
} from './api-documents.ts';
import { type ControlServer, openControlServer } from './control-server.ts';
import { OPENAPI } from './openapi.ts';
import { renderPrometheusText } from './prometheus-text.ts';
import { isDocs } from './routes/docs.ts';

/** Of a request, in bytes; data of setup may be large. */
const BODY_LIMIT = 16 * 1024 * 1024;
const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export interface RestApiOptions {
  readonly address: ApiAddress;
  /** What callers have to show; null: nothing, which only a loopback address may do. */
  readonly token: string | null;
}

/**
 * Opens the API of a run.
 * @throws Error where the address cannot be had, or where it is open to others and no token is asked for
 */
export async function openRestApi(run: RunControl, { address, token }: RestApiOptions): Promise<ControlServer> {
  if (token === null && !isLoopback(address)) {
    throw new Error(
      `${showApiAddress(address)} can be reached from other machines: set a token with SIXFOLD_API_TOKEN, or listen on localhost`,
    );
  }
  return openControlServer({
    address,
    token,
    bodyLimit: BODY_LIMIT,
    needsToken: ({ url }) => url !== '/ping' && !isDocs(url),
    addRoutes: (app) => addRoutes(app, run),
  });
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** Adds a place with its methods; all others are answered with 405. */
function addPlace(app: FastifyInstance, url: string, handlers: Partial<Record<HTTPMethods, Handler>>): void {
  for (const method of METHODS) {
    const handler = handlers[method];
    app.route({
      method,
      url,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        if (handler) return handler(request, reply);
        void reply.header('allow', Object.keys(handlers).join(', '));
        throw new ApiError(405, 'Method Not Allowed', `${url} takes ${Object.keys(handlers).join(', ')}`);
      },
    });
  }
}

function addRoutes(app: FastifyInstance, run: RunControl): void {
  const send = (reply: FastifyReply, data: Resource | readonly Resource[]): FastifyReply =>
    reply.type('application/json').send(JSON.stringify({ data }));
  const sendStatus = (reply: FastifyReply): FastifyReply => send(reply, statusResource(run));

  addPlace(app, '/v1/status', {
    GET: (_, reply) => sendStatus(reply),
    PATCH: (request, reply) => {
      changeStatus(run, readAttributes(request.body));
      return sendStatus(reply);
    },
  });
  addPlace(app, '/v1/pause', {
    POST: (_, reply) => {
      run.pause();
      return sendStatus(reply);
    },
  });
  addPlace(app, '/v1/resume', {
    POST: (_, reply) => {
      run.resume();
      return sendStatus(reply);
    },
  });
  addPlace(app, '/v1/agents', { GET: (_, reply) => send(reply, run.agents().map(agentResource)) });
  addPlace(app, '/v1/metrics', {
    GET: (_, reply) =>
      send(
        reply,
        run.metrics().map((metric) => metricResource(metric, run)),
      ),
  });
  addPlace(app, '/v1/metrics/:id', {
    GET: (request, reply) => {
      const { id } = request.params as { id: string };
      const found = run.metrics().find(({ key }) => key === id);
      if (!found) throw new ApiError(404, 'Not Found', `there is no metric "${id}" with samples or thresholds yet`);
      return send(reply, metricResource(found, run));
    },
  });
  const groups = (): Resource[] => {
    const root = run.groups();
    return root === null ? [] : groupResources(root);
  };
  addPlace(app, '/v1/groups', { GET: (_, reply) => send(reply, groups()) });
  addPlace(app, '/v1/groups/:id', {
    GET: (request, reply) => {
      const { id } = request.params as { id: string };
      const found = groups().find((group) => group.id === id);
      if (!found) throw new ApiError(404, 'Not Found', `there is no group with the id "${id}"`);
      return send(reply, found);
    },
  });
  addPlace(app, '/v1/setup', {
    GET: (_, reply) => send(reply, setupResource(run)),
    PUT: (request, reply) => {
      run.replaceSetupData(String(request.body ?? ''));
      return send(reply, setupResource(run));
    },
    POST: async (_, reply) => {
      await run.setup();
      return send(reply, setupResource(run));
    },
  });
  addPlace(app, '/v1/teardown', {
    POST: async (_, reply) => {
      await run.teardown();
      return send(reply, { type: 'teardown', id: 'default', attributes: {} });
    },
  });
  addPlace(app, '/v1/openapi.json', {
    GET: (_, reply) => reply.type('application/json').send(JSON.stringify(OPENAPI)),
  });
  addPlace(app, '/metrics', {
    GET: (_, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(renderPrometheusText(run)),
  });
  for (const url of ['/', '/ping']) app.all(url, (_, reply) => reply.type('text/plain').send('ok'));
}

/** @returns the attributes of a status document; null for a document without any @throws ApiError 400 */
function readAttributes(body: unknown): Readonly<Record<string, unknown>> {
  let document: unknown;
  try {
    document = JSON.parse(String(body ?? ''));
  } catch (error) {
    throw new ApiError(400, 'Bad request', `the body is no JSON: ${(error as Error).message}`);
  }
  if (!isObject(document)) throw new ApiError(400, 'Bad request', 'the body must be an object');
  const { data = {} } = document;
  if (!isObject(data)) throw new ApiError(400, 'Bad request', '"data" must be an object');
  const { attributes = {} } = data;
  if (!isObject(attributes)) throw new ApiError(400, 'Bad request', '"attributes" must be an object');
  return attributes;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws ApiError 400 for a value of another type, ControlError for what cannot be done */
function changeStatus(run: RunControl, attributes: Readonly<Record<string, unknown>>): void {
  const read = <T>(name: string, type: 'boolean' | 'number'): T | undefined => {
    const value = attributes[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== type) throw new ApiError(400, 'Bad request', `"${name}" must be a ${type}`);
    return value as T;
  };
  const stopped = read<boolean>('stopped', 'boolean');
  const paused = read<boolean>('paused', 'boolean');
  const [vus, maxVus] = [read<number>('vus', 'number'), read<number>('vus-max', 'number')];
  if (stopped === true) {
    run.stop();
    return;
  }
  if (paused === true) {
    throw new ControlError(
      'impossible',
      'a test cannot be paused this way, as in k6 2: POST /v1/pause lets the scenarios of a running test stand still',
    );
  }
  if (paused === false) run.resume();
  if (vus !== undefined || maxVus !== undefined)
    run.scale({ ...(vus !== undefined && { vus }), ...(maxVus !== undefined && { maxVus }) });
}
