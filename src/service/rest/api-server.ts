// The server: routes behind one door, which lets in who may, takes what is right and says what is wrong as RFC 9457 has it.
import cookies from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type ApiAddress, isLoopback } from '../../control/api-address.ts';
import { listenAt } from '../../control/control-server.ts';
import { addDocs } from '../../control/routes/docs.ts';
import type { ServiceContext } from '../context.ts';
import { type Caller, findCaller, isAtLeast, NOBODY, roleIn } from '../people/caller.ts';
import { csrfTokenOf } from '../people/credential-text.ts';
import { lostRace } from '../storage/lost-race.ts';
import { LineFull } from '../waiting-line.ts';
import { SESSION_COOKIE } from './open-session.ts';
import { openApiDocument } from './openapi.ts';
import { addPages } from './pages.ts';
import { PROBLEMS, Problem, problemBody } from './problem.ts';
import { type Access, type Call, type Route, TAKEN_OVER } from './route.ts';

export const API = '/api/v1';
/** Of a request, in octets. */
const BODY_LIMIT = 2 * 1024 * 1024;
const UPLOAD_LIMIT = 50 * 1024 * 1024;
/** Requests of one credential within a minute; of one address those that have none, and those whose credential is not good. */
const REQUESTS_A_MINUTE = 1200;
const SIGN_IN_WINDOW_MS = 15 * 60_000;
/** Of one person from one address, within that time. */
const SIGN_INS_OF_PERSON = 10;
/** Of all persons from one address: an office may have only one. */
const SIGN_INS_OF_ADDRESS = 100;

/** Nothing but what is ours; no page of others may show ours within itself. */
const PAGE_POLICY =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

export interface ApiServerOptions {
  readonly address: ApiAddress;
  /** Something before it speaks TLS and says who asks. */
  readonly isBehindProxy: boolean;
  /** In PEM; null: it speaks no TLS itself. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly routes: readonly Route[];
  /** Requests of one address or credential within a minute, where it is not the usual number. */
  readonly requestsAMinute?: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
    projectId: string;
  }
}

/** @throws Error where the address cannot be had */
export async function openApiServer(
  context: ServiceContext,
  options: ApiServerOptions,
): Promise<{ readonly address: ApiAddress; close(): Promise<void> }> {
  const { address, isBehindProxy, routes } = options;
  const app: FastifyInstance = Fastify({
    https: options.tls,
    bodyLimit: BODY_LIMIT,
    // The proxy alone is believed: what stands left of the address that it saw, anybody may have written.
    trustProxy: isBehindProxy && ((_address: string, hop: number) => hop === 0),
    forceCloseConnections: true,
    return503OnClosing: false,
    ajv: {
      customOptions: {
        removeAdditional: false,
        coerceTypes: false,
        allErrors: true,
        useDefaults: false,
        strict: false,
      },
    },
    // Names of files: 200 characters, each of up to four octets written as %XX.
    routerOptions: { maxParamLength: 2400 },
  });
  answerProblems(app, context);
  await app.register(cookies);
  readBodies(app);
  app.decorateRequest('caller', null as unknown as Caller);
  app.decorateRequest('projectId', '');
  guardHosts(app, address, isBehindProxy);
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { after }) => new Problem('rate-limited', `too many requests: wait ${after}`),
  });
  admit(app, context, options.requestsAMinute ?? REQUESTS_A_MINUTE);
  const document = JSON.stringify(openApiDocument(routes));
  await app.register(async (api) => {
    for (const route of routes) addRoute(api, context, route);
    api.get(`${API}/openapi.json`, (_, reply) => reply.type('application/json').send(document));
  });
  addMethodAnswers(app, routes);
  addPages(app);
  addDocs(app);
  return { address: await listenAt(app, address), close: () => app.close() };
}

function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/(?:[\w.+-]*\+)?json(?:;|$)/, { parseAs: 'string' }, (request, body, done) => {
    if (body === '') {
      done(null, undefined);
      return;
    }
    try {
      const text = String(body);
      const { takesNull } = request.routeOptions.config as { takesNull?: boolean };
      done(null, JSON.parse(text, takesNull !== true && text.includes('\\u0000') ? refuseNull : undefined));
    } catch (error) {
      done(
        error instanceof Problem ? error : new Problem('invalid', `the body is no JSON: ${(error as Error).message}`),
      );
    }
  });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

/** PostgreSQL keeps no text with this character (https://www.postgresql.org/docs/current/datatype-character.html). */
function refuseNull(name: string, value: unknown): unknown {
  if (name.includes('\0') || (typeof value === 'string' && value.includes('\0')))
    throw new Problem('invalid', 'a text of the body holds the character U+0000: leave it out');
  return value;
}

function answerProblems(app: FastifyInstance, { log }: ServiceContext): void {
  app.setErrorHandler((error: Error & { statusCode?: number; validation?: unknown[] }, request, reply) => {
    const problem = toProblem(error);
    // Who asked is not told; whoever runs the server has to be. A query may hold what is nobody's business.
    if (problem.kind === 'internal')
      log('error', `${request.method} ${request.url.split('?')[0]}: ${error.stack ?? String(error)}`);
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, new Problem('missing', `there is nothing at ${request.url.split('?')[0]}`)),
  );
  app.addHook('onSend', async (request, reply) => {
    void reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
    if (reply.getHeader('cache-control') === undefined) void reply.header('cache-control', 'no-store');
    if (reply.getHeader('content-security-policy') === undefined)
      void reply.header('content-security-policy', request.url.startsWith('/api/') ? API_POLICY : PAGE_POLICY);
  });
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.kind === 'unauthenticated') void reply.header('www-authenticate', 'Bearer');
  return reply
    .code(PROBLEMS[problem.kind].status)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem)));
}

interface ValidationFault {
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

function toProblem(error: Error & { statusCode?: number; validation?: unknown[] }): Problem {
  if (error instanceof Problem) return error;
  if (error.validation !== undefined) {
    const fields = (error.validation as ValidationFault[]).slice(0, 20).map(({ instancePath, message, params }) => {
      const extra = params?.['additionalProperty'];
      return {
        path: instancePath.slice(1).replaceAll('/', '.'),
        message: extra === undefined ? (message ?? 'it is not right') : `there is no "${String(extra).slice(0, 100)}"`,
      };
    });
    const [first] = fields;
    const where = first === undefined || first.path === '' ? 'the body' : `"${first.path}"`;
    return new Problem('invalid', `${where}: ${first?.message ?? 'it is not right'}`, fields);
  }
  const { statusCode = 500 } = error;
  if (statusCode === 413) return new Problem('too-large', 'the body is too large');
  if (statusCode === 415) return new Problem('media-type', error.message);
  if (statusCode === 429) return new Problem('rate-limited', error.message);
  if (error instanceof LineFull) return new Problem('unavailable', error.message);
  const race = lostRace(error);
  if (race === 'taken') return new Problem('conflict', 'somebody else has just made one of that name: look again');
  if (race === 'gone')
    return new Problem('missing', 'somebody has just removed this, or what it belongs to: look again');
  if (statusCode < 500) return new Problem('invalid', error.message);
  return new Problem('internal', 'the server failed to do this: its log says why');
}

/** Pages of other sites in somebody's browser are not let in, nor names that somebody has pointed at this machine (DNS rebinding). */
function guardHosts(app: FastifyInstance, address: ApiAddress, isBehindProxy: boolean): void {
  app.addHook('onRequest', async (request) => {
    if (request.url.includes('%00'))
      throw new Problem('invalid', 'the address holds the character U+0000: leave it out');
    const name = request.hostname.replace(/^\[|\]$/g, '');
    if (isLoopback(address) && !isBehindProxy && !isLoopback({ host: name, port: 0 }))
      throw new Problem('forbidden', `the host "${name}" is not one of this server: use localhost`);
    const { origin } = request.headers;
    if (origin !== undefined && URL.parse(origin)?.host !== request.host)
      throw new Problem('forbidden', `pages of ${origin} may not use this server`);
  });
}

/**
 * Finds out who asks, and counts: those who are let in by their credential, all others by their address, so that no credential can be
 * tried without end, and whoever is refused is counted too.
 */
function admit(app: FastifyInstance, context: ServiceContext, max: number): void {
  const timeWindow = 60_000;
  const ofAddress = app.createRateLimit({ max, timeWindow });
  const ofCredential = app.createRateLimit({
    max,
    timeWindow,
    keyGenerator: ({ caller, ip }) => caller.credentialId ?? ip,
  });
  app.addHook('onRequest', async (request, reply) => {
    // One more than has been counted: this request is counted when it is known whose it is.
    expectRoom(await ofAddress(request, { increment: false }), reply, 1);
    try {
      request.caller = await authenticate(context, request);
    } catch (error) {
      await ofAddress(request);
      throw error;
    }
    const isKnown = request.caller.credentialId !== null;
    expectRoom(await (isKnown ? ofCredential : ofAddress)(request), reply, 0);
  });
}

type Counted = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>;

/** @param wanted requests that are still to be counted @throws Problem where there is no room for them */
function expectRoom(counted: Counted, reply: FastifyReply, wanted: number): void {
  if (counted.isAllowed) return;
  const { max, remaining, ttlInSeconds, isExceeded } = counted;
  void reply.header('x-ratelimit-limit', max).header('x-ratelimit-remaining', remaining);
  void reply.header('x-ratelimit-reset', ttlInSeconds);
  if (!isExceeded && remaining >= wanted) return;
  void reply.header('retry-after', ttlInSeconds);
  throw new Problem('rate-limited', `too many requests: wait ${ttlInSeconds} s`);
}

async function authenticate({ database }: ServiceContext, request: FastifyRequest): Promise<Caller> {
  if (!request.url.startsWith(API)) return NOBODY;
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given !== undefined) {
    const caller = await findCaller(database.query, given, 'token');
    if (caller === null)
      throw new Problem('unauthenticated', 'the token is not known, has expired or was revoked: make a new one');
    return caller;
  }
  const session = request.cookies[SESSION_COOKIE];
  if (session === undefined) return NOBODY;
  const caller = await findCaller(database.query, session, 'session');
  if (caller === null) return NOBODY;
  if (!['GET', 'HEAD'].includes(request.method) && request.headers['x-csrf-token'] !== csrfTokenOf(session))
    throw new Problem('forbidden', 'the header x-csrf-token is missing or wrong: GET /session says what it has to be');
  return caller;
}

function addRoute(app: FastifyInstance, context: ServiceContext, route: Route): void {
  const { method, path, access, body, answer, status } = route;
  const takesOctets = body === 'octets';
  const signIns =
    route.id === 'signIn' || route.id === 'finishSignIn'
      ? app.createRateLimit({ max: SIGN_INS_OF_ADDRESS, timeWindow: SIGN_IN_WINDOW_MS })
      : null;
  app.route({
    method,
    url: `${API}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    exposeHeadRoute: hasHead(route),
    ...((takesOctets || route.isLarge) && { bodyLimit: UPLOAD_LIMIT }),
    ...(body !== null && !takesOctets && { schema: { body } }),
    config: {
      takesNull: route.takesNull,
      ...(route.id === 'signIn' && {
        rateLimit: {
          max: SIGN_INS_OF_PERSON,
          timeWindow: SIGN_IN_WINDOW_MS,
          hook: 'preHandler' as const,
          keyGenerator: ({ ip, body: given }: FastifyRequest) =>
            `${ip} ${String((given as { email?: unknown } | null)?.email ?? '').toLowerCase()}`,
        },
      }),
    },
    onRequest: async (request, reply) => {
      if (signIns !== null) expectRoom(await signIns(request), reply, 0);
      request.projectId = await letIn(context, access, request);
    },
    preValidation: async (request) => {
      if (body === null || takesOctets) return;
      if (Buffer.isBuffer(request.body))
        throw new Problem('media-type', 'send JSON, as content-type: application/json');
      request.body ??= {};
    },
    handler: async (request, reply) => {
      expectOnce(route.query, request.query as Record<string, unknown>);
      if (takesOctets && !Buffer.isBuffer(request.body))
        throw new Problem('media-type', 'send the file as it is, as content-type: application/octet-stream');
      const call: Call<never> = {
        params: request.params as Record<string, string>,
        query: request.query as Record<string, string | undefined>,
        body: request.body as never,
        caller: request.caller,
        projectId: request.projectId,
        request,
        reply,
      };
      const given = await route.handle(call);
      if (given === TAKEN_OVER) return reply;
      void reply.code(status);
      if (answer === null) return reply.send();
      if (typeof answer === 'string') return reply.type(answer).send(given);
      return reply.type('application/json').send(JSON.stringify(given));
    },
  });
}

/** What begins something, and what has no end, is not for those who only want to know whether it is there (RFC 9110, 9.3.2). */
function hasHead({ method, answer }: Route): boolean {
  return method === 'GET' && answer !== null && answer !== 'text/event-stream';
}

/** @throws Problem for a part of the query that stands there twice: which of them is meant nobody knows */
function expectOnce(known: Route['query'], given: Readonly<Record<string, unknown>>): void {
  const twice = Object.keys(known).find((name) => Array.isArray(given[name]));
  if (twice !== undefined) throw new Problem('invalid', `"${twice}" stands more than once in the address`);
}

/** @returns the project that the request is about; '' for none @throws Problem where the caller may not */
async function letIn({ database }: ServiceContext, access: Access, request: FastifyRequest): Promise<string> {
  const { caller } = request;
  if (access.kind === 'anybody') return '';
  if (caller.kind === 'nobody') throw new Problem('unauthenticated', 'sign in, or send "Authorization: Bearer TOKEN"');
  if (access.kind === 'signed-in') return '';
  if (access.kind === 'server-admin') {
    if (caller.isServerAdmin) return '';
    throw new Problem('forbidden', 'only administrators of the server may do this');
  }
  const [id = ''] = Object.values(request.params as Record<string, string>);
  const projectId = await findProject(database.query, access.of, id);
  const role = projectId === null ? null : await roleIn(database.query, caller, projectId);
  // Whoever has no part in a project is not told that there is one.
  if (projectId === null || role === null) throw new Problem('missing', `there is no ${access.of} "${id}"`);
  if (!isAtLeast(role, access.role))
    throw new Problem('forbidden', `this takes the role "${access.role}" in the project, and yours is "${role}"`);
  return projectId;
}

async function findProject(
  query: ServiceContext['database']['query'],
  of: Extract<Access, { kind: 'project' }>['of'],
  id: string,
): Promise<string | null> {
  if (of === 'project') {
    const rows = await query
      .selectFrom('project')
      .select('id')
      .where((where) => where.or([where('id', '=', id), where('slug', '=', id)]))
      .execute();
    return (rows.find((row) => row.id === id) ?? rows[0])?.id ?? null;
  }
  const row = await query.selectFrom(of).select('project_id').where('id', '=', id).executeTakeFirst();
  return row?.project_id ?? null;
}

/** Says with which methods a place is used. */
function addMethodAnswers(app: FastifyInstance, routes: readonly Route[]): void {
  const methods = new Map<string, Set<string>>();
  for (const route of routes) {
    const known = methods.get(route.path) ?? new Set<string>();
    methods.set(route.path, known.add(route.method));
    if (hasHead(route)) known.add('HEAD');
  }
  for (const [path, known] of methods) {
    const others = METHODS.filter((method) => !known.has(method));
    app.route({
      method: others,
      url: `${API}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      exposeHeadRoute: false,
      handler: async (_request, reply) => {
        void reply.header('allow', [...known].join(', '));
        throw new Problem('method', `this place takes ${[...known].join(', ')}`);
      },
    });
  }
}
