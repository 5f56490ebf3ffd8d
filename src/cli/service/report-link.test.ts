// What a server refuses of a run that is made here costs that part, and never how the run ended.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LogLine, Run } from '../../service/api/documents.ts';
import { ServiceClient } from '../../service/client/index.ts';
import { bareEnding } from '../../service/runs/write-ending.ts';
import { ServiceUnderTest } from '../../service/service-under-test.fixture.ts';
import { ReportLink } from './report-link.ts';

let service: ServiceUnderTest;
let testId: string;
let client: ServiceClient;

before(async () => {
  service = await ServiceUnderTest.start();
  const project = await service.project('Shop');
  testId = (await service.admin.makeTest(project.id, 'one', 'export default function () {}')).id;
  const { token } = await service.addToken(['run'], project.id);
  client = new ServiceClient({ url: service.service.url, token: token! });
});
after(() => service.stop());

/** @param tell what the run tells before it ends, and what it hears from the link */
async function report(
  tell: (link: ReportLink, said: string[]) => Promise<void>,
  ending = bareEnding(99, 'slow'),
): Promise<{ problem: string | null; run: Run; lines: string[]; said: string[] }> {
  const { id } = await client.call<Run>('POST', `/tests/${testId}/reported-runs`, {});
  const link = new ReportLink(client, id, { sendsLogs: true });
  const said: string[] = [];
  link.obey({
    carryOut: () => ({ ok: true, message: '' }),
    checkpoint: () => {},
    say: (_level, message) => void said.push(message),
  });
  await tell(link, said);
  const problem = await link.finish(ending);
  const run = await service.admin.get<Run>(`/runs/${id}`);
  const { lines } = await service.admin.get<{ lines: LogLine[] }>(`/runs/${id}/logs`);
  return { problem, run, lines: lines.map(({ message }) => message), said };
}

test('a part that is refused is left out, and what comes behind it is kept', async () => {
  const { problem, run, lines, said } = await report(async (link) => {
    await link.begin('f');
    link.say({ type: 'events', events: [{ name: 'end', data: '{}' }] });
    await link.flush();
    link.log('info', 'after it', {}, new Date());
  });
  assert.equal(problem, null);
  assert.deepEqual([run.state, run.exitCode, run.reason, lines], ['failed', 99, 'slow', ['after it']]);
  assert.deepEqual(said, [
    'the server has refused a part of what it was told of this run (the event 1: "end" is told by the server alone)',
  ]);
});

test('an end that is refused is told without all that can be refused of it', async () => {
  const ending = { ...bareEnding(99, 'slow'), record: Buffer.from('no record'), summary: 'text' };
  const { problem, run } = await report(async (link) => {
    link.say({ type: 'events', events: [{ name: 'end', data: '{}' }] });
  }, ending);
  assert.equal(problem, null);
  assert.deepEqual([run.state, run.exitCode], ['failed', 99]);
  assert.match(run.reason!, /^slow; the server has refused the rest: the record: /);
});

test('texts that the database does not take, and texts without end, refuse nothing', async () => {
  const ending = { ...bareEnding(108, `a\0${'b'.repeat(200_000)}`), summary: 'x\0y', summaryData: '{"a":"\\u0000"}' };
  const { problem, run, lines, said } = await report(async (link) => {
    link.log('info', 'c\0d', { 'e\0': 'f\0', long: 'g'.repeat(200_000) }, new Date());
  }, ending);
  assert.deepEqual([problem, said, lines], [null, [], ['c\uFFFDd']]);
  assert.equal(run.state, 'aborted');
  assert.match(run.reason!, /^a\uFFFDb{9998}… \(200002 characters\)$/);
});
