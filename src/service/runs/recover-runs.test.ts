// What becomes of runs whose server is gone, state by state, on rows alone. That processes do their part: killed-server.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { type FilledDatabase, onBothDatabases } from '../storage/filled-database.fixture.ts';
import { leaveBehind, runFolder, serverFolder } from './left-behind.ts';
import { claimLeaderless, clearDeadFolders, type RecoveryContext, recoverLost } from './recover-runs.ts';
import { bareEnding } from './write-ending.ts';

const PAST = 1000;
const HEADLINE = {
  durationMs: 1,
  iterations: 7,
  failedIterations: 0,
  requests: 0,
  failed: 0,
  protocol: null,
  p95: null,
  thresholds: 0,
  crossed: 0,
};
/** A number that no process of this machine has. */
const NO_PROCESS = 2 ** 30;

onBothDatabases((name, open) => {
  const recover = (what: string, work: (filled: FilledDatabase, context: RecoveryContext) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      const filled = await open();
      const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-recover-'));
      const { database } = filled;
      const context = { database, dataFolder, serverId: 'me', publicUrl: () => 'http://x', log: () => {} };
      try {
        await work(filled, context);
      } finally {
        rmSync(dataFolder, { recursive: true });
        await filled.close();
      }
    });
  const leave = (context: RecoveryContext, run: string, message: Parameters<typeof leaveBehind>[1]): string => {
    const server = serverFolder(context.dataFolder, 'dead');
    mkdirSync(runFolder(server, run), { recursive: true });
    writeFileSync(path.join(server, 'pid'), String(NO_PROCESS));
    leaveBehind(runFolder(server, run), message);
    return server;
  };
  const lost = { leader: 'dead', lease_ms: PAST } as const;

  recover(
    'one that had not begun is queued as if nobody had taken it, and its log begins anew',
    async (filled, context) => {
      const id = await filled.addRun({ ...lost, state: 'starting', started_ms: 5, progress: '{}' });
      const line = { run_id: id, seq: 1, at_ms: 1, level: 'info', message: 'from init code', fields: '{}' };
      await filled.database.query.insertInto('run_log').values(line).execute();
      assert.deepEqual(await recoverLost(context), []);
      const { state, leader, lease_ms, started_ms, progress } = await filled.run(id);
      assert.deepEqual(
        { state, leader, lease_ms, started_ms, progress },
        {
          state: 'queued',
          leader: null,
          lease_ms: null,
          started_ms: null,
          progress: null,
        },
      );
      assert.deepEqual(await filled.database.query.selectFrom('run_log').selectAll().execute(), []);
    },
  );

  recover('one whose load was about to begin is not started again', async (filled, context) => {
    const id = await filled.addRun({ ...lost, state: 'starting', begun_ms: 5 });
    const [event] = await recoverLost(context);
    assert.deepEqual([event?.run_id, event?.type], [id, 'end']);
    const { state, exit_code, reason } = await filled.run(id);
    assert.deepEqual([state, exit_code], ['error', 109]);
    assert.equal(reason, 'the server that ran it has ended before the run did: nothing that was measured is kept');
  });

  recover('one that was stopped before it had begun is aborted, and not started', async (filled, context) => {
    for (const state of ['starting', 'stopping'] as const) {
      const id = await filled.addRun({ ...lost, state, stop_ms: 3 });
      await recoverLost(context);
      const row = await filled.run(id);
      assert.deepEqual([row.state, row.exit_code, row.reason], ['aborted', 103, 'it was stopped before it had begun']);
    }
  });

  recover('one in progress says until when what it measured is kept', async (filled, context) => {
    const id = await filled.addRun({ ...lost, state: 'stopping', begun_ms: 5, stop_ms: 6 });
    const result = { run_id: id, record: Buffer.from('x'), seq: 4, at_ms: Date.UTC(2026, 0, 2), summary: null };
    await filled.database.query
      .insertInto('run_result')
      .values({ ...result, summary_json: null })
      .execute();
    const [event] = await recoverLost(context);
    assert.equal(event?.seq, 5, 'behind the events that its record counts');
    assert.equal(
      (await filled.run(id)).reason,
      'the server that ran it has ended before the run did, while it was being stopped: ' +
        'what was measured until 2026-01-02T00:00:00.000Z is kept, the rest is lost',
    );
  });

  recover('one that has left how far it was has that', async (filled, context) => {
    const id = await filled.addRun({ ...lost, state: 'running', begun_ms: 5 });
    leave(context, id, { type: 'checkpoint', record: Buffer.from('all of it'), headline: HEADLINE });
    await recoverLost(context);
    const { state, reason, headline } = await filled.run(id);
    assert.equal(state, 'error');
    assert.match(reason!, /its load ended with the server, and what was measured until then, 20\S+Z, is kept$/);
    assert.equal(JSON.parse(headline!).iterations, 7);
    const { record } = await filled.database.query.selectFrom('run_result').select('record').executeTakeFirstOrThrow();
    assert.equal(Buffer.from(record).toString(), 'all of it');
  });

  recover('one that was over ends as it had', async (filled, context) => {
    const id = await filled.addRun({ ...lost, state: 'running', begun_ms: 5 });
    const files = [{ name: 'a.txt', data: Buffer.from('a') }];
    const ending = {
      ...bareEnding(0, ''),
      reason: null,
      record: Buffer.from('r'),
      headline: HEADLINE,
      summary: 'S',
      files,
    };
    leave(context, id, ending);
    await recoverLost(context);
    const { state, exit_code, reason } = await filled.run(id);
    assert.deepEqual([state, exit_code, reason], ['passed', 0, null]);
    const { query } = filled.database;
    const kept = await query.selectFrom('run_file').select(['run_id', 'name', 'size']).execute();
    assert.deepEqual(
      kept.map(({ run_id, name: file, size }) => [run_id, file, size]),
      [[id, 'a.txt', 1]],
    );
    assert.equal((await query.selectFrom('run_result').select('summary').executeTakeFirst())?.summary, 'S');
  });

  recover('those that somebody still has are left alone', async (filled, context) => {
    const later = Date.now() + 60_000;
    const ids = [
      await filled.addRun({ state: 'running', leader: 'other', lease_ms: later, begun_ms: 5 }),
      await filled.addRun({ state: 'starting', leader: 'other', lease_ms: later }),
      await filled.addRun({}),
      await filled.addRun({ state: 'passed', leader: 'dead', ended_ms: 9 }),
    ];
    assert.deepEqual(await recoverLost(context), []);
    const states = await Promise.all(ids.map(async (id) => (await filled.run(id)).state));
    assert.deepEqual(states, ['running', 'starting', 'queued', 'passed']);
  });

  recover('webhooks hear of the end once, though two servers look', async (filled, context) => {
    const { query } = filled.database;
    const hook = { id: 'hook', project_id: 'shop', url: 'http://x/', events: '["run.error"]' };
    await query
      .insertInto('webhook')
      .values({ ...hook, sealed: Buffer.from(''), is_enabled: 1, created_ms: 1 })
      .execute();
    await filled.addRun({ ...lost, state: 'running', begun_ms: 5 });
    const both = await Promise.all([recoverLost(context), recoverLost({ ...context, serverId: 'other' })]);
    assert.equal(both.flat().length, 1);
    assert.equal((await query.selectFrom('webhook_delivery').selectAll().execute()).length, 1);
  });

  recover('agents that nobody leads are taken over by one server alone', async (filled, context) => {
    const id = await filled.addRun({
      leader: 'dead',
      lease_ms: Date.now() - 1000,
      state: 'running',
      begun_ms: 5,
      agents: 2,
      cluster: Buffer.from('c'),
    });
    assert.deepEqual(await recoverLost(context), [], 'a server that can is waited for');
    const { database } = filled;
    const taken = await Promise.all([claimLeaderless(database, 'one'), claimLeaderless(database, 'two')]);
    const [winner] = taken.filter((row) => row !== null);
    assert.equal(taken.filter((row) => row !== null).length, 1);
    assert.deepEqual([winner!.id, (await filled.run(id)).leader], [id, winner!.leader]);
  });

  recover('a server that was held up does not take over what it leads itself', async (filled, context) => {
    const given = { state: 'running', begun_ms: 5, agents: 2, cluster: Buffer.from('c') } as const;
    const lease_ms = Date.now() - 1000;
    const own = await filled.addRun({ ...given, leader: context.serverId, lease_ms });
    const { database } = filled;
    assert.equal(await claimLeaderless(database, context.serverId, [own]), null);
    assert.equal((await filled.run(own)).lease_ms, lease_ms);
    const lost = await filled.addRun({ ...given, leader: 'dead', lease_ms });
    assert.equal((await claimLeaderless(database, context.serverId, [own]))?.id, lost);
  });

  recover('a character that PostgreSQL does not take keeps no run from its end', async (filled, context) => {
    const { query } = filled.database;
    const ids = [
      await filled.addRun({ ...lost, state: 'running', begun_ms: 5 }),
      await filled.addRun({ ...lost, state: 'running', begun_ms: 5 }),
    ];
    leave(context, ids[0]!, {
      ...bareEnding(108, 'a\0b'),
      record: Buffer.from('r'),
      headline: HEADLINE,
      fingerprint: 'f\0',
      summary: 'x\0y',
      summaryData: '{"a":"\\u0000"}',
      files: [{ name: 'c\0d', data: Buffer.from('') }],
    });
    assert.equal((await recoverLost(context)).length, 2);
    const { state, reason, fingerprint } = await filled.run(ids[0]!);
    assert.deepEqual([state, reason, fingerprint], ['aborted', 'a\uFFFDb', 'f\uFFFD']);
    const kept = await query.selectFrom('run_result').select(['summary', 'summary_json']).executeTakeFirstOrThrow();
    assert.deepEqual({ ...kept }, { summary: 'x\uFFFDy', summary_json: '{"a":"\\u0000"}' });
    assert.equal((await filled.run(ids[1]!)).state, 'error');
  });

  recover('a run whose end cannot be written keeps no other from its own', async (filled, context) => {
    const logged: string[] = [];
    const heard = { ...context, log: (_level: string, message: string) => void logged.push(message) };
    const given = { ...lost, state: 'running', begun_ms: 5 } as const;
    const stuck = await filled.addRun({ ...given, lease_ms: Date.now() - 1000 });
    const old = await filled.addRun(given);
    const other = await filled.addRun(given);
    // As a version might have left it that knew of no files.
    for (const id of [stuck, old]) leave(context, id, { ...bareEnding(0, ''), files: null as never });
    const ended = await recoverLost(heard);
    assert.deepEqual(ended.map(({ run_id }) => run_id).sort(), [old, other].sort());
    assert.equal((await filled.run(stuck)).state, 'running', 'it is tried again: the database may only be away');
    const { state, reason } = await filled.run(old);
    assert.equal(state, 'error');
    assert.match(reason!, /^the server that ran it has ended before the run did: what is left of it cannot be kept: /);
    assert.equal(logged.length, 2);
  });

  recover('where no server takes agents over for two minutes, their run ends', async (filled, context) => {
    const long = { leader: 'dead', lease_ms: Date.now() - 121_000, agents: 2, cluster: Buffer.from('c') };
    const begun = await filled.addRun({ ...long, state: 'running', begun_ms: 5 });
    const waiting = await filled.addRun({ ...long, state: 'starting' });
    await recoverLost(context);
    assert.equal((await filled.run(begun)).state, 'error');
    const { state, cluster } = await filled.run(waiting);
    assert.deepEqual([state, cluster], ['queued', null]);
  });

  recover('what a run has left counts where another server had written it off with less', async (filled, context) => {
    const id = await filled.addRun({ ...lost, state: 'running', begun_ms: 5 });
    // The other server is on another machine: it sees no folder.
    await recoverLost({ ...context, dataFolder: path.join(context.dataFolder, 'elsewhere') });
    assert.match((await filled.run(id)).reason!, /nothing that was measured is kept/);
    const server = leave(context, id, { type: 'checkpoint', record: Buffer.from('found'), headline: HEADLINE });
    await filled.database.query
      .updateTable('run')
      .set({ ended_ms: Date.now() + 60_000 })
      .where('id', '=', id)
      .execute();
    const [event] = await clearDeadFolders(context);
    assert.equal(event?.run_id, id);
    assert.match((await filled.run(id)).reason!, /what was measured until then, 20\S+Z, is kept/);
    assert.equal(existsSync(server), false);
  });

  recover(
    'a run that has been stopped or passed meanwhile is not changed by what is found',
    async (filled, context) => {
      const id = await filled.addRun({
        leader: 'dead',
        state: 'aborted',
        exit_code: 103,
        ended_ms: Date.now() + 60_000,
      });
      const server = leave(context, id, { type: 'checkpoint', record: Buffer.from('found'), headline: HEADLINE });
      assert.deepEqual(await clearDeadFolders(context), []);
      assert.equal((await filled.run(id)).state, 'aborted');
      assert.equal(existsSync(server), false);
    },
  );

  recover('the folder of a server stays while it lives, or may, or has a run', async (filled, context) => {
    const id = await filled.addRun({ ...lost, state: 'running', begun_ms: 5, lease_ms: Date.now() + 60_000 });
    const server = leave(context, id, { type: 'checkpoint', record: Buffer.from('x'), headline: HEADLINE });
    await clearDeadFolders(context);
    assert.ok(existsSync(server), 'its lease is not over');
    await filled.database.query.updateTable('run').set({ state: 'passed' }).execute();
    writeFileSync(path.join(server, 'pid'), String(process.ppid));
    await clearDeadFolders(context);
    assert.ok(existsSync(server), 'its process lives');
    rmSync(path.join(server, 'pid'));
    await clearDeadFolders(context);
    assert.ok(existsSync(server), 'nobody knows whose it is');
    writeFileSync(path.join(server, 'pid'), String(NO_PROCESS));
    await filled.database.query
      .insertInto('server')
      .values({ id: 'dead', name: 'x', cores: 1, started_ms: 1, seen_ms: Date.now() })
      .execute();
    await clearDeadFolders(context);
    assert.ok(existsSync(server), 'it was heard of a moment ago');
    await filled.database.query.deleteFrom('server').execute();
    await clearDeadFolders(context);
    assert.equal(existsSync(server), false);
  });
});
