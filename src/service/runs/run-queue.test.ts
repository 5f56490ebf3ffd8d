// Which run is next, and that each has one server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FilledDatabase, onBothDatabases } from '../storage/filled-database.fixture.ts';
import { claimRun, LEASE_MS, renewLeases } from './run-queue.ts';

const ROOM = { free: 4, total: 4 };

onBothDatabases((name, open) => {
  const queue = (what: string, work: (filled: FilledDatabase) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      const filled = await open();
      try {
        await work(filled);
      } finally {
        await filled.close();
      }
    });

  queue('the oldest comes first, and bears the name of its server for as long as its lease', async (filled) => {
    const [first, second] = [await filled.addRun(), await filled.addRun()];
    const before = Date.now();
    const row = (await claimRun(filled.database, 'one', ROOM))!;
    assert.deepEqual([row.id, row.state, row.leader], [first, 'starting', 'one']);
    assert.ok(row.lease_ms! >= before + LEASE_MS && row.started_ms! >= before);
    assert.equal(row.begun_ms, null, 'its load has not begun');
    assert.equal((await claimRun(filled.database, 'one', ROOM))?.id, second);
    assert.equal(await claimRun(filled.database, 'one', ROOM), null);
  });

  queue('of two projects the one comes first that has fewer runs', async (filled) => {
    await filled.addProject('books');
    for (let i = 0; i < 3; i++) await filled.addRun();
    for (let i = 0; i < 2; i++) await filled.addRun({}, 'books');
    const projects: string[] = [];
    for (let i = 0; i < 5; i++) projects.push((await claimRun(filled.database, 'one', ROOM))!.project_id);
    assert.deepEqual(projects, ['shop', 'books', 'shop', 'books', 'shop']);
  });

  queue('a project has no more at once than it may, and holds up no other', async (filled) => {
    await filled.addProject('narrow', 1);
    const [first] = [await filled.addRun({}, 'narrow'), await filled.addRun({}, 'narrow')];
    const other = await filled.addRun();
    assert.equal((await claimRun(filled.database, 'one', ROOM))?.id, first);
    assert.equal((await claimRun(filled.database, 'one', ROOM))?.id, other);
    assert.equal(await claimRun(filled.database, 'one', ROOM), null, 'the second of the narrow one waits');
    await filled.database.query.updateTable('run').set({ state: 'passed' }).where('id', '=', first).execute();
    assert.equal((await claimRun(filled.database, 'one', ROOM))?.project_id, 'narrow');
  });

  queue('what somebody makes elsewhere takes no room of its project', async (filled) => {
    await filled.addProject('narrow', 1);
    await filled.addRun({ state: 'running', reporter: 'ann', begun_ms: 1, lease_ms: Date.now() + 1000 }, 'narrow');
    const own = await filled.addRun({}, 'narrow');
    assert.equal((await claimRun(filled.database, 'one', ROOM))?.id, own);
  });

  queue('one that needs more cores than are free waits, and smaller ones pass it', async (filled) => {
    const large = await filled.addRun({ cores: 4 });
    const small = await filled.addRun({ cores: 1 });
    assert.equal((await claimRun(filled.database, 'one', { free: 2, total: 4 }))?.id, small);
    assert.equal(await claimRun(filled.database, 'one', { free: 3, total: 4 }), null);
    assert.equal((await claimRun(filled.database, 'one', { free: 4, total: 4 }))?.id, large);
  });

  queue('one that wants more than a server has gets all of it', async (filled) => {
    const id = await filled.addRun({ cores: 64 });
    assert.equal(await claimRun(filled.database, 'one', { free: 1, total: 2 }), null);
    assert.equal((await claimRun(filled.database, 'one', { free: 2, total: 2 }))?.id, id);
  });

  queue('one that agents make needs no core', async (filled) => {
    const id = await filled.addRun({ cores: 8, agents: 2 });
    assert.equal((await claimRun(filled.database, 'one', { free: 0, total: 2 }))?.id, id);
  });

  queue('one whose process has not ended here yet is not taken up again', async (filled) => {
    const id = await filled.addRun();
    assert.equal(await claimRun(filled.database, 'one', ROOM, [id]), null);
    assert.equal((await claimRun(filled.database, 'two', ROOM))?.id, id);
  });

  queue('two servers that ask at the same time get different ones', async (filled) => {
    await filled.addProject('wide', 1000);
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) ids.push(await filled.addRun({}, 'wide'));
    const taken: string[] = [];
    const take = async (server: string): Promise<void> => {
      // Where another one was faster there may be nothing for a moment: what is left is asked for until all are gone.
      while (taken.length < ids.length) {
        const row = await claimRun(filled.database, server, ROOM);
        if (row !== null) taken.push(row.id);
      }
    };
    await Promise.all([take('one'), take('two'), take('three')]);
    assert.deepEqual([...taken].sort(), [...ids].sort());
    const rows = await filled.database.query.selectFrom('run').select('state').distinct().execute();
    assert.deepEqual(
      rows.map(({ state }) => state),
      ['starting'],
    );
  });

  queue('never more than a project may, however many ask', async (filled) => {
    await filled.addProject('narrow', 2);
    for (let i = 0; i < 8; i++) await filled.addRun({}, 'narrow');
    await Promise.all(Array.from({ length: 6 }, (_, i) => claimRun(filled.database, `server ${i}`, ROOM)));
    const active = await filled.database.query.selectFrom('run').select('id').where('state', '=', 'starting').execute();
    assert.ok(active.length <= 2, `${active.length} have begun`);
  });

  queue('leases of its own runs are renewed; it hears which it has lost', async (filled) => {
    const mine = await filled.addRun({ state: 'running', leader: 'one', lease_ms: 5 });
    const theirs = await filled.addRun({ state: 'running', leader: 'two', lease_ms: 5 });
    const ended = await filled.addRun({ state: 'error', leader: 'one', lease_ms: null });
    const lost = await renewLeases(filled.database.query, 'one', [mine, theirs, ended]);
    assert.deepEqual(lost, [theirs, ended]);
    assert.ok((await filled.run(mine)).lease_ms! > Date.now());
    assert.equal((await filled.run(theirs)).lease_ms, 5);
    assert.deepEqual(await renewLeases(filled.database.query, 'one', []), []);
  });
});
