// What viewers get where the database fails.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { ServiceContext } from '../context.ts';
import { openDatabase } from '../storage/database.ts';
import { EventBus } from './event-bus.ts';
import { LiveRuns } from './live-run.ts';

test('a viewer whose events cannot be read is cut off, and the next one gets them', async () => {
  const database = await openDatabase(':memory:', '.');
  const bus = new EventBus();
  const errors: string[] = [];
  const context = { database, bus, log: (_level, message) => errors.push(message) } as Partial<ServiceContext>;
  const live = new LiveRuns(context as ServiceContext, () => true);
  const server = createServer((request, response: ServerResponse) => {
    const after = request.url === '/after' ? 0 : null;
    void live.follow('one', after, request.url === '/over', response, async () => true);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const read = async (place: string) => (await fetch(url + place, { signal: AbortSignal.timeout(30_000) })).text();
  try {
    // There are no tables yet.
    await assert.rejects(read('/over'), /terminated/);
    await assert.rejects(read('/after'), /terminated/);
    assert.deepEqual(bus.watched, []);
    assert.match(errors[0]!, /no such table: run_result/);
    assert.match(errors[1]!, /no such table: run_event/);
    await database.migrate();
    assert.match(await read('/over'), /event: end\ndata: {"run":null}/);
  } finally {
    live.close();
    server.close();
    await database.close();
  }
});

test('of a run that another server leads, nothing is left out between opening and the first look', async () => {
  const database = await openDatabase(':memory:', '.');
  await database.migrate();
  // Of the run there are only its events.
  await sql`PRAGMA foreign_keys = OFF`.execute(database.query);
  const context = { database, bus: new EventBus(), log: () => {} };
  const live = new LiveRuns(context as Partial<ServiceContext> as ServiceContext, () => false);
  const opened = Promise.withResolvers<void>();
  const server = createServer((_request, response) => {
    live.follow('one', 0, false, response, async () => true).then(opened.resolve, opened.reject);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    await opened.promise;
    const event = { run_id: 'one', at_ms: 0, data: '{}' };
    const events = [
      { ...event, seq: 1, type: 'cells' },
      { ...event, seq: 2, type: 'end' },
    ];
    await database.query.insertInto('run_event').values(events).execute();
    assert.match(await answer.text(), /id: 1\nevent: cells\n[\s\S]*event: end\n/);
  } finally {
    live.close();
    server.close();
    await database.close();
  }
});
