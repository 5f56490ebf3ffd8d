import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderAgents } from './agent-lines.ts';
import type { AgentRecord } from './agent-record.ts';

const AGENT: AgentRecord = {
  ...{
    name: 'eu-1',
    health: 'ok',
    vus: 10,
    iterations: 1334,
    failed: 0,
    p95Ms: 12.34,
    clockShiftMs: 1.25,
    busyShare: 0.3,
  },
};

test('each agent has a line that says how it is getting on', () => {
  const lines = renderAgents(
    [
      AGENT,
      { ...AGENT, name: 'us-east-1', clockShiftMs: 0.04 },
      { ...AGENT, name: 'us-central-1', failed: 2, p95Ms: null, clockShiftMs: -2500, health: 'busy', busyShare: 0.97 },
    ],
    200,
  );
  assert.deepEqual(lines, [
    'eu-1           10 VUs  1334 iterations  p95 12.34ms  clock -1.3ms',
    'us-east-1      10 VUs  1334 iterations  p95 12.34ms  clock right',
    'us-central-1   10 VUs  1334 iterations, 2 failed  clock +2500.0ms  busy 97%',
  ]);
});

test('of many only those are shown that something is to be said of, and no line is wider than the terminal', () => {
  const many = Array.from({ length: 100 }, (_, index): AgentRecord => ({ ...AGENT, name: `agent-${index}` }));
  assert.deepEqual(renderAgents(many, 80), ['100 agents']);
  const one = many.map((agent, index): AgentRecord => (index === 7 ? { ...agent, health: 'lost' } : agent));
  const lines = renderAgents(one, 40);
  assert.match(lines[0]!, /^agent-7 {3}10 VUs/);
  assert.deepEqual(lines.slice(1), ['and 99 more agents']);
  assert.ok(lines.every((line) => line.length <= 40));
});
