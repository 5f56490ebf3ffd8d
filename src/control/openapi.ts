// What the REST API takes and gives, as an OpenAPI document (https://spec.openapis.org/oas/v3.1.0).

const string = { type: 'string' } as const;
const boolean = { type: 'boolean' } as const;
const integer = { type: 'integer', minimum: 0 } as const;

function object(properties: object, more: object = {}): object {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false, ...more };
}

function resource(type: string, attributes: object, more: object = {}): object {
  return object({ type: { const: type }, id: string, attributes, ...more });
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ 'application/json': { schema } });
const one = (name: string) => json(object({ data: ref(name) }));
const many = (name: string) => json(object({ data: { type: 'array', items: ref(name) } }));
const ok = (content: object, description: string) => ({ 200: { description, content } });
const failure = (status: number, description: string) => ({ [status]: { description, content: json(ref('Errors')) } });
const identifier = { name: 'id', in: 'path', required: true, schema: string };

const statusAttributes = {
  status: { type: 'integer', minimum: 0, maximum: 11 },
  paused: boolean,
  vus: integer,
  'vus-max': integer,
  stopped: boolean,
  running: boolean,
  tainted: boolean,
};

export const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Sixfold: the REST API of a run',
    version: '1',
    description:
      'The API of k6 2, and past it: pause and resume of what runs, virtual users of externally controlled scenarios.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  security: [{}, { token: [] }],
  paths: {
    '/v1/status': {
      get: { summary: 'The state of the run', responses: ok(one('Status'), 'The state') },
      patch: {
        summary: 'Stops the run, lets a paused one go on, changes virtual users',
        requestBody: {
          required: true,
          content: json({
            type: 'object',
            properties: {
              data: {
                type: 'object',
                properties: { attributes: { type: 'object', properties: statusAttributes } },
              },
            },
          }),
        },
        responses: {
          ...ok(one('Status'), 'The state after it'),
          ...failure(400, 'The document is not right'),
          ...failure(500, 'Not possible in this run, or not now'),
        },
      },
    },
    '/v1/pause': {
      post: {
        summary: 'Lets the scenarios stand still: nothing new starts, what is in progress goes on',
        responses: { ...ok(one('Status'), 'The state after it'), ...failure(500, 'No scenario runs') },
      },
    },
    '/v1/resume': {
      post: {
        summary: 'Lets a paused run go on',
        responses: { ...ok(one('Status'), 'The state after it'), ...failure(500, 'It is not paused') },
      },
    },
    '/v1/agents': {
      get: { summary: 'Machines that make the load, where others do', responses: ok(many('Agent'), 'The machines') },
    },
    '/v1/metrics': {
      get: { summary: 'All metrics with samples or thresholds', responses: ok(many('Metric'), 'The metrics') },
    },
    '/v1/metrics/{id}': {
      parameters: [identifier],
      get: {
        summary: 'One metric',
        responses: { ...ok(one('Metric'), 'The metric'), ...failure(404, 'There is none') },
      },
    },
    '/v1/groups': { get: { summary: 'All groups with their checks', responses: ok(many('Group'), 'The groups') } },
    '/v1/groups/{id}': {
      parameters: [identifier],
      get: { summary: 'One group', responses: { ...ok(one('Group'), 'The group'), ...failure(404, 'There is none') } },
    },
    '/v1/setup': {
      get: { summary: 'The data of setup', responses: ok(one('SetupData'), 'The data') },
      put: {
        summary: 'Puts other data in its place',
        requestBody: { required: true, content: json({}) },
        responses: { ...ok(one('SetupData'), 'The data'), ...failure(400, 'It is no JSON') },
      },
      post: {
        summary: 'Runs setup',
        responses: {
          ...ok(one('SetupData'), 'What it returned'),
          ...failure(500, 'It failed, or the test is not ready'),
        },
      },
    },
    '/v1/teardown': {
      post: {
        summary: 'Runs teardown',
        responses: { ...ok(one('Teardown'), 'It ran'), ...failure(500, 'It failed, or the test is not ready') },
      },
    },
    '/v1/openapi.json': { get: { summary: 'This document', responses: ok(json({ type: 'object' }), 'The document') } },
    '/metrics': {
      get: {
        summary: "All metrics in Prometheus' text format",
        responses: ok({ 'text/plain': { schema: string } }, 'The metrics'),
      },
    },
    '/ping': { get: { summary: 'A sign of life', responses: ok({ 'text/plain': { schema: { const: 'ok' } } }, 'ok') } },
  },
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    schemas: {
      Status: resource('status', object(statusAttributes)),
      Agent: resource(
        'agents',
        object({
          health: { enum: ['ok', 'busy', 'waiting', 'lost'] },
          vus: integer,
          iterations: integer,
          failed: integer,
          'p95-ms': { type: ['number', 'null'] },
          'clock-shift-ms': { type: 'number' },
          'busy-share': { type: 'number', minimum: 0, maximum: 1 },
        }),
      ),
      Metric: resource(
        'metrics',
        object({
          type: { enum: ['counter', 'gauge', 'rate', 'trend'] },
          contains: { enum: ['default', 'time', 'data'] },
          tainted: { type: ['boolean', 'null'] },
          sample: { type: 'object', additionalProperties: { type: 'number' } },
        }),
      ),
      Group: resource(
        'groups',
        object({
          path: string,
          name: string,
          checks: {
            type: 'array',
            items: object({ id: string, path: string, name: string, passes: integer, fails: integer }),
          },
        }),
        {
          relationships: object({
            groups: object({ data: { type: 'array', items: ref('Reference') } }),
            parent: object({ data: { oneOf: [ref('Reference'), { type: 'null' }] } }),
          }),
        },
      ),
      Reference: object({ type: string, id: string }),
      SetupData: resource('setupData', object({ data: {} })),
      Teardown: resource('teardown', object({})),
      Errors: object({
        errors: { type: 'array', minItems: 1, items: object({ status: string, title: string, detail: string }) },
      }),
    },
  },
} as const;
