import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findRoles, metricsOf, type SeriesRole } from './series-role.ts';

type Tags = [string, string][];
const NAMED: Tags = [
  ['method', 'GET'],
  ['name', '/a'],
  ['url', 'http://x/a?1'],
];

/** A role in one line: kind, protocol, method, name, and what else it knows. */
function describeRole(role: SeriesRole): string {
  if (role.kind === 'column') return `column ${role.column}`;
  const { kind, protocol, method, name } = role.row;
  const row = `${role.kind} ${[kind, protocol, method, name].filter((part) => part !== '').join(' ')}`;
  if (role.kind === 'latency') return `${row} status=${role.status}`;
  return role.kind === 'code' ? `${row} ${role.code}${role.countsAsFailed ? ' failed' : ''}` : row;
}

test('samples of the run itself are columns and rows of their own, whatever their tags', () => {
  const cases: Record<string, string[]> = {
    iterations: ['column iterations'],
    dropped_iterations: ['column dropped'],
    data_received: ['column received'],
    data_sent: ['column sent'],
    iteration_duration: ['row iteration'],
    iteration_start_delay: ['row start-delay'],
  };
  for (const [metric, roles] of Object.entries(cases)) {
    assert.deepEqual(findRoles(metric, []).map(describeRole), roles, metric);
    assert.deepEqual(findRoles(metric, NAMED).map(describeRole), roles, metric);
  }
});

test('samples of requests are of an endpoint: by its name, else its address; the method is HTTP alone', () => {
  const cases: [metric: string, tags: Tags, roles: string[]][] = [
    ['http_req_duration', [...NAMED, ['status', '200']], ['latency endpoint http GET /a status=200']],
    ['http_req_duration', [['url', 'http://x/']], ['latency endpoint http http://x/ status=']],
    [
      'http_req_duration',
      [
        ['name', ''],
        ['url', 'http://x/'],
      ],
      ['latency endpoint http http://x/ status='],
    ],
    ['http_req_duration', [], ['latency endpoint http status=']],
    ['http_req_failed', NAMED, ['failed endpoint http GET /a']],
    ['ws_connecting', [...NAMED, ['status', '101']], ['latency endpoint websocket /a status=101']],
    ['redis_req_duration', NAMED, ['latency endpoint redis /a status=']],
    ['browser_http_req_failed', NAMED, ['failed endpoint browser /a']],
  ];
  for (const [metric, tags, roles] of cases) assert.deepEqual(findRoles(metric, tags).map(describeRole), roles, metric);
});

test('a code is a failure of its protocol, counted by itself only where no share of failures counts it', () => {
  const failed: Tags = [...NAMED, ['error_code', '1211']];
  const cases: [metric: string, tags: Tags, roles: string[]][] = [
    ['http_reqs', failed, ['code endpoint http GET /a 1211']],
    [
      'grpc_req_duration',
      [...NAMED, ['status', '4']],
      ['latency endpoint grpc /a status=4', 'code endpoint grpc /a 1804'],
    ],
    ['grpc_reqs', [...NAMED, ['status', '4']], []],
    ['grpc_req_duration', [...NAMED, ['status', '0']], ['latency endpoint grpc /a status=0']],
    ['ws_failures', failed, ['code endpoint websocket /a 1211 failed']],
    ['mqtt_errors', failed, ['code endpoint mqtt /a 1211 failed']],
    ['ssh_commands', failed, ['code endpoint ssh /a 1211']],
    // A code that is none is no failure.
    ['http_reqs', [...NAMED, ['error_code', '']], []],
    ['http_reqs', [...NAMED, ['error_code', '-1']], []],
    ['http_reqs', [...NAMED, ['error_code', '12.5']], []],
    ['http_reqs', [...NAMED, ['error_code', 'NaN']], []],
  ];
  for (const [metric, tags, roles] of cases)
    assert.deepEqual(findRoles(metric, tags).map(describeRole), roles, `${metric} ${tags.at(-1)}`);
});

test('a metric of the script that is called like something of an object has no role', () => {
  for (const metric of ['toString', 'constructor', '__proto__', 'hasOwnProperty', 'checks', 'vus', ''])
    assert.deepEqual(findRoles(metric, NAMED), [], metric);
});

test('a protocol knows the metrics that its rows come from', () => {
  assert.deepEqual(metricsOf('http'), { latency: 'http_req_duration', failed: 'http_req_failed' });
  assert.deepEqual(metricsOf('websocket'), { latency: 'ws_connecting', failed: null });
  assert.deepEqual(metricsOf('tcp'), { latency: null, failed: null });
  assert.deepEqual(metricsOf(''), { latency: null, failed: null });
});
