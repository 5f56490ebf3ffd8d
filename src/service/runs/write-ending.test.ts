// How a run ended is written once, with all that belongs to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FilledDatabase } from '../storage/filled-database.fixture.ts';
import { bareEnding, type Ending, writeEnding } from './write-ending.ts';

const URL = 'https://load.example';
const HEADLINE = {
  durationMs: 1000,
  iterations: 3,
  failedIterations: 0,
  requests: 0,
  failed: 0,
  protocol: null,
  p95: null,
  thresholds: 0,
  crossed: 0,
};

async function withRun(
  work: (
    filled: FilledDatabase,
    id: string,
    write: (ending: Ending, leftOut?: string) => Promise<unknown>,
  ) => Promise<void>,
): Promise<void> {
  const filled = await FilledDatabase.open();
  try {
    const id = await filled.addRun({ state: 'running', leader: 'me', lease_ms: 9, progress: '{}', begun_ms: 1 });
    await work(filled, id, (ending, leftOut) =>
      filled.database.transact((transaction) =>
        writeEnding(transaction, URL, { run: id, leader: 'me' }, ending, { atMs: 77, leftOut: leftOut ?? null }),
      ),
    );
  } finally {
    await filled.close();
  }
}

for (const [code, state] of [
  [0, 'passed'],
  [99, 'failed'],
  [97, 'error'],
  [103, 'aborted'],
  [105, 'aborted'],
  [108, 'aborted'],
  [104, 'error'],
  [107, 'error'],
  [109, 'error'],
  [255, 'error'],
] as const)
  test(`a run that ends with ${code} is "${state}"`, () =>
    withRun(async (filled, id, write) => {
      await write(bareEnding(code, 'because'));
      const row = await filled.run(id);
      assert.deepEqual(
        [row.state, row.exit_code, row.reason, row.ended_ms, row.lease_ms, row.progress],
        [state, code, 'because', 77, null, null],
      );
    }));

test('an end that comes again, or from somebody else, does not count', () =>
  withRun(async (filled, id, write) => {
    const others = await filled.database.transact((transaction) =>
      writeEnding(transaction, URL, { run: id, leader: 'other' }, bareEnding(0, 'x'), { atMs: 5 }),
    );
    assert.equal(others, null);
    assert.notEqual(await write(bareEnding(99, 'first')), null);
    assert.equal(await write(bareEnding(0, 'second')), null);
    assert.deepEqual([(await filled.run(id)).exit_code, (await filled.run(id)).reason], [99, 'first']);
  }));

test('what was measured before stays where the end brings nothing of its own', () =>
  withRun(async (filled, id, write) => {
    const { query } = filled.database;
    const result = { run_id: id, record: Buffer.from('so far'), seq: 3, at_ms: 5, summary: null, summary_json: null };
    await query.insertInto('run_result').values(result).execute();
    await write(bareEnding(109, 'killed'));
    const { record } = await query.selectFrom('run_result').select('record').executeTakeFirstOrThrow();
    assert.equal(Buffer.from(record).toString(), 'so far');
  }));

test('record, summary and files of the end take the place of what was kept before', () =>
  withRun(async (filled, id, write) => {
    const { query } = filled.database;
    const result = { run_id: id, record: Buffer.from('so far'), seq: 3, at_ms: 5, summary: null, summary_json: null };
    await query.insertInto('run_result').values(result).execute();
    await query
      .insertInto('run_file')
      .values({ run_id: id, name: 'old', size: 1, data: Buffer.from('x') })
      .execute();
    await write({
      ...bareEnding(0, ''),
      record: Buffer.from('all'),
      headline: HEADLINE,
      fingerprint: 'f1',
      summary: 'text',
      summaryData: '{"a":1}',
      files: [
        { name: 'new', data: Buffer.from('y') },
        { name: '../out', data: Buffer.from('z') },
      ],
    });
    const kept = await query.selectFrom('run_result').selectAll().executeTakeFirstOrThrow();
    assert.deepEqual(
      [Buffer.from(kept.record).toString(), kept.summary, kept.summary_json],
      ['all', 'text', '{"a":1}'],
    );
    const names = await query.selectFrom('run_file').select('name').execute();
    assert.deepEqual(
      names.map(({ name }) => name),
      ['new'],
      'the server looks at names itself',
    );
    const { fingerprint, headline } = await filled.run(id);
    assert.deepEqual([fingerprint, JSON.parse(headline!).iterations], ['f1', 3]);
  }));

test('a summary that is too long is cut, and data that are too long are left out', () =>
  withRun(async (filled, _id, write) => {
    const long = 'x'.repeat(2 * 1024 * 1024);
    const data = JSON.stringify({ long });
    await write({
      ...bareEnding(0, ''),
      record: Buffer.from('r'),
      headline: HEADLINE,
      summary: long,
      summaryData: data,
    });
    const kept = await filled.database.query.selectFrom('run_result').selectAll().executeTakeFirstOrThrow();
    assert.match(kept.summary!, /^x{1048576}\n… \(cut: it has 2097152 characters, and 1048576 are kept\)\n$/);
    assert.equal(kept.summary_json, null);
  }));

test('viewers get the end behind the last event, orders that wait are answered, the log says what it lacks', () =>
  withRun(async (filled, id, write) => {
    const { query } = filled.database;
    const event = { run_id: id, at_ms: 1, type: 'cells', data: '{}' };
    await query
      .insertInto('run_event')
      .values([
        { ...event, seq: 1 },
        { ...event, seq: 8 },
      ])
      .execute();
    const line = { run_id: id, at_ms: 1, level: 'info', message: 'a', fields: '{}' };
    await query
      .insertInto('run_log')
      .values({ ...line, seq: 4 })
      .execute();
    const order = { run_id: id, at_ms: 1, body: '{"action":"pause"}' };
    await query
      .insertInto('run_order')
      .values([
        { ...order, id: 'o1', outcome: null },
        { ...order, id: 'o2', outcome: '{"ok":true,"message":""}' },
      ])
      .execute();
    await write(bareEnding(0, ''), '17 lines were left out');
    const events = await query.selectFrom('run_event').select(['seq', 'type']).execute();
    assert.deepEqual(
      events.map(({ seq, type }) => [seq, type]),
      [[9, 'end']],
    );
    const last = await query.selectFrom('run_log').selectAll().where('seq', '=', 5).executeTakeFirstOrThrow();
    assert.deepEqual([last.level, last.message], ['warning', '17 lines were left out']);
    const outcomes = await query.selectFrom('run_order').select('outcome').orderBy('id').execute();
    assert.deepEqual(
      outcomes.map(({ outcome }) => JSON.parse(outcome!)),
      [
        { ok: false, message: 'the run is over' },
        { ok: true, message: '' },
      ],
    );
  }));

test('webhooks that want it hear of it, with the headline of the end and a link', () =>
  withRun(async (filled, id, write) => {
    const { query } = filled.database;
    const hook = { project_id: 'shop', url: 'http://x/', sealed: Buffer.from(''), created_ms: 1 };
    await query
      .insertInto('webhook')
      .values([
        { ...hook, id: 'wants', events: '["run.failed"]', is_enabled: 1 },
        { ...hook, id: 'wants others', events: '["run.passed"]', is_enabled: 1 },
        { ...hook, id: 'is off', events: '["run.failed"]', is_enabled: 0 },
      ])
      .execute();
    await write({ ...bareEnding(99, 'slow'), record: Buffer.from('r'), headline: HEADLINE });
    const [delivery, ...rest] = await query.selectFrom('webhook_delivery').selectAll().execute();
    assert.deepEqual([delivery?.webhook_id, delivery?.event, rest.length], ['wants', 'run.failed', 0]);
    const { run, link } = JSON.parse(delivery!.body);
    assert.deepEqual([run.state, run.headline.iterations, link], ['failed', 3, `${URL}/runs/${id}`]);
    assert.equal('parameters' in run, false, 'they may hold what people have typed by mistake');
  }));
