// Reports of a run that is made elsewhere: what comes twice counts once, and only its owner tells of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report } from '../api/documents.ts';
import type { ServiceContext } from '../context.ts';
import { type FilledDatabase, onBothDatabases } from '../storage/filled-database.fixture.ts';
import { type BusEvent, EventBus } from './event-bus.ts';
import { recoverLost } from './recover-runs.ts';
import { takeReport } from './take-report.ts';

const ENDING = {
  exitCode: 0,
  reason: null,
  record: null,
  headline: null,
  fingerprint: null,
  summary: null,
  summaryData: null,
  files: [],
};
const line = (seq: number, message = `line ${seq}`) => ({ seq, atMs: seq, level: 'info', message, fields: {} });

onBothDatabases((name, open) => {
  const reported = (
    what: string,
    work: (
      filled: FilledDatabase,
      id: string,
      tell: (report: Report, user?: string) => ReturnType<typeof takeReport>,
      heard: BusEvent[],
    ) => Promise<void>,
  ) =>
    test(`${name}: ${what}`, async () => {
      const filled = await open();
      const { database } = filled;
      const bus = new EventBus();
      const context = { database, bus, publicUrl: () => 'http://x' } as Partial<ServiceContext> as ServiceContext;
      try {
        const lease_ms = Date.now() + 60_000;
        const id = await filled.addRun({ state: 'starting', reporter: 'ann', lease_ms, started_ms: 1 });
        const heard: BusEvent[] = [];
        bus.listen(id, (events) => heard.push(...events));
        await work(
          filled,
          id,
          async (report, user = 'ann') => takeReport(context, await filled.run(id), user, report),
          heard,
        );
      } finally {
        await filled.close();
      }
    });

  reported('its load begins, and goes on, as it says', async (filled, id, tell) => {
    await tell({ begun: { fingerprint: 'f' } });
    const first = await filled.run(id);
    assert.deepEqual([first.state, first.fingerprint, first.begun_ms !== null], ['running', 'f', true]);
    await tell({ begun: { fingerprint: 'f' } });
    assert.equal((await filled.run(id)).begun_ms, first.begun_ms, 'it begins once');
    const counts = { activeVus: 2, initialisedVus: 2, completed: 7, interrupted: 0, failed: 0 };
    await tell({ progress: { state: 'running', isPaused: false, elapsedMs: 5, plannedMs: null, ...counts } });
    assert.equal(JSON.parse((await filled.run(id)).progress!).completed, 7);
  });

  reported('lines and events that come twice are there once, and are shown once', async (filled, id, tell, heard) => {
    const report = { lines: [line(1), line(2)], events: [{ seq: 1, name: 'cells', data: '{}' }] };
    await tell(report);
    await tell({ lines: [line(2), line(3)], events: report.events });
    const { query } = filled.database;
    const lines = await query.selectFrom('run_log').select('message').where('run_id', '=', id).orderBy('seq').execute();
    assert.deepEqual(
      lines.map(({ message }) => message),
      ['line 1', 'line 2', 'line 3'],
    );
    assert.equal((await query.selectFrom('run_event').selectAll().execute()).length, 1);
    const shown = heard.filter(({ type }) => type === 'log').map(({ data }) => JSON.parse(data).message);
    assert.deepEqual(shown, ['line 1', 'line 2', 'line 3']);
  });

  reported('a log has an end, and characters that no database takes are replaced', async (filled, id, tell) => {
    await tell({ lines: [line(9999, 'a\0b'), line(10_000, 'the last'), line(10_001, 'one more')] });
    const rows = await filled.database.query.selectFrom('run_log').select('message').where('run_id', '=', id).execute();
    assert.deepEqual(rows.map(({ message }) => message).sort(), ['a\uFFFDb', 'the last']);
  });

  reported('only who began it tells of it, and nobody of what a server runs', async (filled, _id, tell) => {
    await assert.rejects(tell({}, 'bob'), { kind: 'forbidden' });
    const { query } = filled.database;
    await query.updateTable('run').set({ reporter: null }).execute();
    await assert.rejects(tell({}), { kind: 'conflict', message: 'a server runs it: nobody tells of it' });
  });

  reported('orders are told of until they are answered', async (filled, id, tell) => {
    const { query } = filled.database;
    const order = { run_id: id, at_ms: 1, outcome: null };
    await query
      .insertInto('run_order')
      .values([
        { ...order, id: 'b', body: '{"action":"resume"}' },
        { ...order, id: 'a', body: '{"action":"pause"}' },
      ])
      .execute();
    const expected = [
      { id: 'a', order: { action: 'pause' } },
      { id: 'b', order: { action: 'resume' } },
    ];
    assert.deepEqual((await tell({})).orders, expected);
    assert.deepEqual((await tell({})).orders, expected, 'the answer may have been lost');
    const outcomes = [{ id: 'a', ok: true, message: '' }];
    assert.deepEqual((await tell({ outcomes })).orders, expected.slice(1));
    const kept = await query.selectFrom('run_order').select('outcome').where('id', '=', 'a').executeTakeFirst();
    assert.deepEqual(JSON.parse(kept!.outcome!), { ok: true, message: '' });
  });

  reported('one that is to stop is shown to be stopping', async (filled, id, tell) => {
    await tell({ begun: { fingerprint: 'f' } });
    await filled.database.query.updateTable('run').set({ stop_ms: 1 }).where('id', '=', id).execute();
    await tell({});
    assert.equal((await filled.run(id)).state, 'stopping');
  });

  reported('it ends once; the same end again is no mistake, and anything else is', async (filled, id, tell, heard) => {
    await tell({ ending: { ...ENDING, exitCode: 99, reason: 'slow' }, lines: [line(1)] });
    const row = await filled.run(id);
    assert.deepEqual([row.state, row.exit_code, row.reason], ['failed', 99, 'slow']);
    assert.equal(heard.at(-1)?.type, 'end');
    assert.deepEqual(await tell({ ending: { ...ENDING, exitCode: 0 } }), { orders: [] });
    assert.equal((await filled.run(id)).exit_code, 99);
    await assert.rejects(tell({}), { kind: 'conflict', message: 'the run is over' });
  });

  reported('one that was written off goes on when it is heard of again', async (filled, id, tell) => {
    const { database } = filled;
    await tell({ begun: { fingerprint: 'f' } });
    await database.query.updateTable('run').set({ lease_ms: 5 }).where('id', '=', id).execute();
    const context = { database, dataFolder: '/nowhere', serverId: 'me', publicUrl: () => '', log: () => {} };
    assert.equal((await recoverLost(context)).length, 1);
    assert.equal((await filled.run(id)).state, 'error');
    await tell({});
    const { state, exit_code, reason, ended_ms } = await filled.run(id);
    assert.deepEqual(
      { state, exit_code, reason, ended_ms },
      { state: 'running', exit_code: null, reason: null, ended_ms: null },
    );
    await tell({ ending: ENDING });
    assert.equal((await filled.run(id)).state, 'passed');
  });

  reported('viewers of one that goes on get what it tells, and read anew what was before', async (filled, id, tell) => {
    const { database } = filled;
    const event = (seq: number) => ({ seq, name: 'cells', data: '{}' });
    await tell({ begun: { fingerprint: 'f' }, events: [event(1), event(2)] });
    await database.query.updateTable('run').set({ lease_ms: 5 }).where('id', '=', id).execute();
    const context = { database, dataFolder: '/nowhere', serverId: 'me', publicUrl: () => '', log: () => {} };
    const [end] = await recoverLost(context);
    assert.deepEqual([end?.type, end?.seq], ['end', 3]);
    await tell({ events: [event(3), event(4)] });
    const rows = await database.query.selectFrom('run_event').select(['seq', 'type']).orderBy('seq').execute();
    assert.deepEqual(
      rows.map(({ seq, type }) => [seq, type]),
      [
        [2, 'resync'],
        [3, 'cells'],
        [4, 'cells'],
      ],
    );
  });

  reported('events that viewers would take for something else are refused', async (filled, _id, tell) => {
    for (const [name, data, message] of [
      ['end', '{}', 'the event 1: "end" is told by the server alone'],
      ['cells', '{"a":\n1}', 'the event 1: its data have to be on one line'],
      ['cells', '{', /^the event 1: its data are no JSON: /],
    ] as const)
      await assert.rejects(tell({ events: [{ seq: 1, name, data }] }), { kind: 'invalid', message });
    assert.deepEqual(await filled.database.query.selectFrom('run_event').selectAll().execute(), []);
  });

  reported('no text of it is refused for a character that no database takes', async (filled, id, tell) => {
    const fields = { 'x\0': 'y\0', z: '\\u0000' };
    await tell({ begun: { fingerprint: 'f\0' }, lines: [{ ...line(1), fields }] });
    await tell({ ending: { ...ENDING, exitCode: 108, reason: 'a\0b' } });
    const { fingerprint, reason } = await filled.run(id);
    assert.deepEqual([fingerprint, reason], ['f\uFFFD', 'a\uFFFDb']);
    const kept = await filled.database.query.selectFrom('run_log').select('fields').executeTakeFirstOrThrow();
    assert.deepEqual(JSON.parse(kept.fields), { 'x\uFFFD': 'y\uFFFD', z: '\\u0000' });
  });

  reported('octets that are no record are refused, before they are kept', async (filled, id, tell) => {
    const record = Buffer.from('nonsense').toString('base64');
    const failing = tell({ ending: { ...ENDING, record } });
    await assert.rejects(failing, { kind: 'unusable', message: /^the record: / });
    assert.equal((await filled.run(id)).state, 'starting');
  });
});
