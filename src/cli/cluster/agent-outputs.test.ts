import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OutputPlan } from '../../cluster/messages.ts';
import { OutputError } from '../../outputs/output-error.ts';
import { AgentOutputs } from './agent-outputs.ts';

const SPEC = { kind: 'influxdb' } as unknown as OutputPlan['spec'];

function outputs(losses: readonly string[], ...senders: { spec?: OutputPlan['spec']; description: string }[]) {
  const sent: (readonly OutputPlan[])[] = [];
  const leader = {
    sendTo: (plans: readonly OutputPlan[]) => void sent.push(plans),
    drainOutputs: async () => [...losses],
  };
  return { sent, observer: new AgentOutputs(leader, senders as ConstructorParameters<typeof AgentOutputs>[1]) };
}

describe('outputs to servers over several agents', () => {
  test('are told to the agents once all is ready, those alone that agents can send to by themselves', () => {
    const { sent, observer } = outputs(
      [],
      { spec: SPEC, description: 'InfluxDB' },
      { description: 'a file of its own' },
    );
    assert.deepEqual(sent, []);
    observer.onReady();
    assert.deepEqual(sent, [[{ spec: SPEC, description: 'InfluxDB' }]]);
  });

  test('are told to be none where there are none, so that agents need not ask', () => {
    const { sent, observer } = outputs([]);
    observer.onReady();
    assert.deepEqual(sent, [[]]);
  });

  test('that lost something fail the output, with what each agent lost', async () => {
    await outputs([]).observer.onDrain();
    await assert.rejects(
      outputs(['eu-1: 5 samples were lost', 'us-1: no answer']).observer.onDrain(),
      (error) => error instanceof OutputError && error.message === 'eu-1: 5 samples were lost; us-1: no answer',
    );
  });
});
