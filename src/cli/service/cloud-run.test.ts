// A server that is asked too much says when to come again, and is asked again then.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Run } from '../../service/api/documents.ts';
import { ServiceClient } from '../../service/client/index.ts';
import { ServiceUnderTest } from '../../service/service-under-test.fixture.ts';
import { followRun, speak } from './cloud-run.ts';

let service: ServiceUnderTest;

before(async () => {
  service = await ServiceUnderTest.start();
});
after(() => service.stop());

test('a run is followed to its end though the server is asked too much', async () => {
  const project = await service.project('Busy');
  const made = await service.admin.makeTest(project.id, 'one', 'export default function () {}');
  const { token } = await service.addToken(['run'], project.id);
  const refused = new Set<string>();
  const client = new ServiceClient({
    url: service.service.url,
    token: token!,
    // Each address is refused at first, as a server does that counts.
    fetch: async (input, init) => {
      const address = String(input);
      if (refused.has(address)) return fetch(input, init);
      refused.add(address);
      return new Response(JSON.stringify({ type: 'urn:sixfold:problem:rate-limited', detail: 'wait' }), {
        status: 429,
        headers: { 'retry-after': '0' },
      });
    },
  });
  const { id } = await speak(() => client.startRun(made.id, {}, 'once'));
  assert.equal(await followRun(client, id, { showLogs: false }), 0);
  assert.equal((await service.admin.get<Run>(`/runs/${id}`)).state, 'passed');
  assert.ok(refused.size >= 4, [...refused].join(' '));
});
