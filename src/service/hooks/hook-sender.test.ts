// Messages to webhooks: sent once by whoever is first, again after each pause, given up in the end.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { until } from '../../../test/end-to-end/until.ts';
import type { ServiceContext } from '../context.ts';
import { Sealer } from '../people/seal.ts';
import { type FilledDatabase, onBothDatabases } from '../storage/filled-database.fixture.ts';
import { newId } from '../storage/new-id.ts';
import { HookSender } from './hook-sender.ts';

const SECRET = 'the secret of the hook';
const sealer = new Sealer('a key of more than thirty-two characters');

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** @param answers statuses, one after the other; the last one from then on */
async function openTarget(answers: readonly number[]) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      heard.push({ headers: request.headers, body });
      const status = answers[Math.min(heard.length, answers.length) - 1]!;
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { heard, url, close: () => server.close() };
}

async function addHook({ database: { query } }: FilledDatabase, url: string): Promise<void> {
  await query
    .insertInto('webhook')
    .values({
      id: 'hook',
      project_id: 'shop',
      url,
      events: '[]',
      sealed: sealer.seal(SECRET, 'webhook hook'),
      is_enabled: 1,
      created_ms: 1,
    })
    .execute();
}

async function addMessage({ database: { query } }: FilledDatabase, body = '{}', nextMs = 0): Promise<string> {
  const id = newId();
  const message = { id, webhook_id: 'hook', event: 'run.passed', body, attempts: 0, next_ms: nextMs, created_ms: 1 };
  await query
    .insertInto('webhook_delivery')
    .values({ ...message, state: 'waiting', status: null, problem: null })
    .execute();
  return id;
}

onBothDatabases((name, open) => {
  const send = (
    what: string,
    answers: readonly number[],
    work: (parts: {
      filled: FilledDatabase;
      target: Awaited<ReturnType<typeof openTarget>>;
      start: (pausesMs: readonly number[]) => HookSender;
      message: (
        id: string,
      ) => Promise<{ state: string; attempts: number; status: number | null; problem: string | null; next_ms: number }>;
    }) => Promise<void>,
  ) =>
    test(`${name}: ${what}`, async () => {
      const filled = await open();
      const target = await openTarget(answers);
      const senders: HookSender[] = [];
      const context = { database: filled.database, sealer, log: () => {} } as Partial<ServiceContext> as ServiceContext;
      try {
        await addHook(filled, target.url);
        await work({
          filled,
          target,
          start: (pausesMs) => {
            const sender = new HookSender(context, { pausesMs, lookMs: 10 });
            senders.push(sender);
            sender.start();
            return sender;
          },
          message: (id) =>
            filled.database.query
              .selectFrom('webhook_delivery')
              .selectAll()
              .where('id', '=', id)
              .executeTakeFirstOrThrow(),
        });
      } finally {
        for (const sender of senders) await sender.close();
        target.close();
        await filled.close();
      }
    });

  send('a message is signed with its time, and sent once', [204], async ({ filled, target, start, message }) => {
    const id = await addMessage(filled, '{"text":"ü"}');
    start([1]);
    await until(async () => (await message(id)).state === 'delivered', 'it is delivered');
    const { attempts, status, problem } = await message(id);
    assert.deepEqual(
      { attempts, status, problem, heard: target.heard.length },
      { attempts: 1, status: 204, problem: null, heard: 1 },
    );
    const [{ headers, body }] = target.heard as [Heard];
    const [, time, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-sixfold-signature']))!;
    assert.equal(digest, createHmac('sha256', SECRET).update(`${time}.${body}`).digest('hex'));
    assert.ok(Math.abs(Date.now() / 1000 - Number(time)) < 60, 'old messages are not to be taken again');
    assert.deepEqual(
      [headers['x-sixfold-event'], headers['x-sixfold-delivery'], body],
      ['run.passed', id, '{"text":"ü"}'],
    );
  });

  send(
    'what is not taken comes again, with the same number, until it is',
    [500, 404, 200],
    async ({ filled, target, start, message }) => {
      const id = await addMessage(filled);
      start([1, 1, 1]);
      await until(async () => (await message(id)).state === 'delivered', 'it is delivered');
      assert.equal((await message(id)).attempts, 3);
      assert.deepEqual(new Set(target.heard.map(({ headers }) => headers['x-sixfold-delivery'])), new Set([id]));
    },
  );

  send('it is given up after the last pause, and says why', [503], async ({ filled, target, start, message }) => {
    const id = await addMessage(filled);
    start([1, 1]);
    await until(async () => (await message(id)).state === 'given-up', 'it is given up');
    const { attempts, status, problem } = await message(id);
    assert.deepEqual([attempts, status, problem, target.heard.length], [3, 503, 'it answered with 503', 3]);
  });

  send('between two attempts it waits for the pause that is due', [500], async ({ filled, start, message }) => {
    const id = await addMessage(filled);
    const before = Date.now();
    start([600_000, 1]);
    await until(async () => (await message(id)).problem !== null, 'the first attempt is over');
    const { attempts, state, next_ms } = await message(id);
    assert.deepEqual([attempts, state], [1, 'waiting']);
    assert.ok(next_ms >= before + 600_000);
  });

  send('a redirect is not followed', [302], async ({ filled, target, start, message }) => {
    const id = await addMessage(filled);
    start([]);
    await until(async () => (await message(id)).state === 'given-up', 'it is given up');
    assert.deepEqual([target.heard.length, (await message(id)).problem], [1, 'it answered with 302']);
  });

  send('two servers send each message once', [200], async ({ filled, target, start, message }) => {
    const ids: string[] = [];
    for (let i = 0; i < 30; i++) ids.push(await addMessage(filled));
    start([1]);
    start([1]);
    await until(async () => {
      const states = await Promise.all(ids.map(async (id) => (await message(id)).state));
      return states.every((state) => state === 'delivered');
    }, 'all are delivered');
    assert.equal(target.heard.length, ids.length);
    assert.equal(new Set(target.heard.map(({ headers }) => headers['x-sixfold-delivery'])).size, ids.length);
  });

  send('what is not due yet is not sent before', [200], async ({ filled, target, start, message }) => {
    const later = await addMessage(filled, '{"n":2}', Date.now() + 3_600_000);
    const now = await addMessage(filled, '{"n":1}');
    start([1]);
    await until(async () => (await message(now)).state === 'delivered', 'the other one is delivered');
    assert.deepEqual([(await message(later)).attempts, target.heard.length], [0, 1]);
  });
});

test('a target that is not there is said', async () => {
  const { FilledDatabase } = await import('../storage/filled-database.fixture.ts');
  const filled = await FilledDatabase.open();
  const target = await openTarget([200]);
  target.close();
  const context = { database: filled.database, sealer, log: () => {} } as Partial<ServiceContext> as ServiceContext;
  const sender = new HookSender(context, { pausesMs: [], lookMs: 10 });
  try {
    await addHook(filled, target.url);
    await addMessage(filled);
    sender.start();
    const read = () => filled.database.query.selectFrom('webhook_delivery').selectAll().executeTakeFirstOrThrow();
    await until(async () => (await read()).state === 'given-up', 'it is given up');
    assert.match((await read()).problem!, /ECONNREFUSED/);
  } finally {
    await sender.close();
    await filled.close();
  }
});
