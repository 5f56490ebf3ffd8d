import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Timeline } from '../metrics/timeline/timeline.ts';
import { EventStream } from './event-stream.ts';

const START = 1_700_000_000_000;

interface Page {
  readonly events: EventStream;
  readonly timeline: Timeline;
  /** A reader that is registered by the time that this is done. */
  look(): Promise<IncomingMessage>;
  close(): Promise<void>;
}

async function openPage(): Promise<Page> {
  const timeline = new Timeline(10_000);
  const events = new EventStream(timeline);
  const server = http.createServer((_, response) => events.add(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    events,
    timeline,
    look: async () => {
      const request = http.get({ host: '127.0.0.1', port, agent: false });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      return response.setEncoding('utf8');
    },
    close: async () => {
      events.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Everything that a reader hears until the stream ends. */
async function readAll(response: IncomingMessage): Promise<{ event: string; data: unknown }[]> {
  let text = '';
  for await (const chunk of response) text += chunk;
  assert.ok(text.startsWith(': hello\n\n'));
  return [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, event, data]) => ({
    event: event!,
    data: JSON.parse(data!) as unknown,
  }));
}

test('each reader hears everything from when it came on, in order, and the end', async () => {
  const page = await openPage();
  const first = await page.look();
  page.events.send('state', () => ({ n: 1, text: 'a\nb' }));
  const second = await page.look();
  page.events.send('state', () => ({ n: 2, text: '' }));
  assert.equal(page.events.readers, 2);
  page.events.close();
  assert.deepEqual(await readAll(first), [
    { event: 'state', data: { n: 1, text: 'a\nb' } },
    { event: 'state', data: { n: 2, text: '' } },
  ]);
  assert.deepEqual(await readAll(second), [{ event: 'state', data: { n: 2, text: '' } }]);
  await page.close();
});

test('what nobody hears is not even made', async () => {
  const page = await openPage();
  page.events.send('state', () => assert.fail('nobody looks'));
  const reader = await page.look();
  assert.equal(reader.headers['content-type'], 'text/event-stream; charset=utf-8');
  assert.equal(reader.headers['cache-control'], 'no-store');
  let made = 0;
  page.events.send('state', () => ++made);
  assert.equal(made, 1);
  await page.close();
});

test('the cells, slices and changes of the scale of a timeline are events with all that is in them', async () => {
  const page = await openPage();
  page.timeline.begin(START);
  const receivers = page.timeline.receiversFor('http_req_duration', [
    ['name', '/a'],
    ['status', '200'],
  ]);
  const failing = page.timeline.receiversFor('http_reqs', [
    ['name', '/a'],
    ['error_code', '1212'],
  ]);
  const reader = await page.look();
  for (let at = 0; at < 130_000; at += 250) {
    for (const receiver of receivers) receiver.add(10, START + at);
    if (at === 500) for (const receiver of failing) receiver.add(1, START + at);
  }
  page.timeline.finish(START + 130_000);
  page.events.close();
  const heard = await readAll(reader);
  const cells = heard.filter(({ event }) => event === 'cells').map(({ data }) => data) as {
    cell: number;
    rows: { i: number[]; n: number[]; f: number[]; q: number[][] };
    codes: { i: number[]; n: number[] };
  }[];
  assert.equal(
    cells.reduce((sum, { rows }) => sum + (rows.n[0] ?? 0), 0),
    520,
  );
  assert.ok(
    cells.every(({ rows: { i, n, f, q } }) => i.length === n.length && n.length === f.length && f.length === q.length),
  );
  assert.deepEqual(cells[2]!.codes, { i: [0], n: [1] });
  const slices = heard.filter(({ event }) => event === 'slice').map(({ data }) => data) as { counts: number[][] }[];
  assert.ok(slices.every(({ counts }) => counts.every((one) => one.reduce((a, b) => a + b, 0) > 0)));
  assert.ok(
    heard.some(({ event, data }) => event === 'resync' && data === null),
    'the run took longer than planned',
  );
  await page.close();
});

test('a reader that has gone is forgotten', async () => {
  const page = await openPage();
  const [gone, stays] = [await page.look(), await page.look()];
  gone.destroy();
  while (page.events.readers > 1) await new Promise((next) => setImmediate(next));
  page.events.send('state', () => 1);
  page.events.close();
  assert.deepEqual(await readAll(stays), [{ event: 'state', data: 1 }]);
  await page.close();
});

test('one that reads nothing is cut off, and holds up nobody', async () => {
  const page = await openPage();
  const idle = await page.look();
  idle.pause();
  idle.on('error', () => {});
  const reader = await page.look();
  let heard = 0;
  reader.on('data', (text: string) => {
    heard += text.length;
  });
  const large = 'x'.repeat(500_000);
  let sent = 0;
  while (page.events.readers > 1) {
    page.events.send('state', () => large);
    sent++;
    // Until the other has read all of it: only who does not read falls behind.
    while (heard < sent * large.length && page.events.readers > 1) await new Promise((next) => setImmediate(next));
    assert.ok(sent < 200, 'it should have been cut off by now');
  }
  assert.equal(page.events.readers, 1);
  await page.close();
});
