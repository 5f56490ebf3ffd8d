// The OpenAPI document of the service, made from its routes (https://spec.openapis.org/oas/v3.1.0).
import { VERSION } from '../../options/package-version.ts';
import { DOCUMENTS } from '../api/documents.ts';
import type { Access, Route } from './route.ts';

const names = new Map<unknown, string>(Object.entries(DOCUMENTS).map(([name, schema]) => [schema, name]));

/** @returns the schema with references in place of what has a name */
function show(schema: unknown, isRoot = false): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  const name = names.get(schema);
  if (name !== undefined && !isRoot) return { $ref: `#/components/schemas/${name}` };
  if (Array.isArray(schema)) return schema.map((part) => show(part));
  return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, show(part)]));
}

function describeAccess(access: Access): string {
  switch (access.kind) {
    case 'anybody':
      return 'Anybody may.';
    case 'signed-in':
      return 'Whoever is signed in may.';
    case 'server-admin':
      return 'Administrators of the server may.';
    case 'project':
      return `The role "${access.role}" in the project may.`;
  }
}

const problem = {
  description: 'What is wrong (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

function operation(route: Route): object {
  const { id, summary, access, query, body, answer, status, path } = route;
  const content =
    answer === null
      ? undefined
      : typeof answer === 'string'
        ? { [answer]: { schema: {} } }
        : { 'application/json': { schema: show(answer) } };
  return {
    operationId: id,
    summary,
    description: describeAccess(access),
    tags: [path.split('/')[1]],
    ...(access.kind === 'anybody' && { security: [{}] }),
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      ...Object.entries(query).map(([name, description]) => ({
        name,
        in: 'query',
        description,
        schema: { type: 'string' },
      })),
    ],
    ...(body !== null && {
      requestBody: {
        required: true,
        content:
          body === 'octets'
            ? { 'application/octet-stream': { schema: {} } }
            : { 'application/json': { schema: show(body) } },
      },
    }),
    responses: { [status]: { description: 'Done', ...(content && { content }) }, default: problem },
  };
}

export function openApiDocument(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sixfold: the API of the service',
      version: VERSION,
      description:
        'Tests, runs, schedules and people of a server of one’s own. Programs send "Authorization: Bearer TOKEN"; pages have a cookie, and send the header x-csrf-token with each change.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'sixfold_session' },
      },
      schemas: Object.fromEntries(Object.entries(DOCUMENTS).map(([name, schema]) => [name, show(schema, true)])),
    },
  };
}
