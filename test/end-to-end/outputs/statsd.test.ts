// The StatsD of its makers, and a receiver of the datagrams of Datadog's agent: their totals are the summary's, also over a restart.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { findFreePort } from '../../servers/spawn-on-loopback.ts';
import { Scratch } from '../command.ts';
import { until } from '../until.ts';
import {
  assertNothingLost,
  assertSameSum,
  type LabRun,
  type RunTotals,
  runWithOutput,
  sentMetrics,
} from './output-lab.ts';

const VUS = 3;
const PROGRAM = path.join(path.dirname(createRequire(import.meta.url).resolve('statsd/package.json')), 'stats.js');

/** Totals by name as a receiver has them, over its restarts. */
interface Received {
  readonly counters: Record<string, number>;
  readonly gauges: Record<string, number>;
  readonly timers: Record<string, Timer>;
}

/** `count` is more than there are values where a sample of them was sent. */
interface Timer {
  count: number;
  readonly values: number[];
}

interface Receiver {
  stop(): Promise<void>;
  start(): Promise<void>;
  read(): Received;
}

const NOTHING = (): Received => ({ counters: {}, gauges: {}, timers: {} });

/** Lets everything arrive, as nobody knows what becomes of a datagram that a server had not read; then restarts it. */
function restartingQuietly(receiver: Receiver): NonNullable<LabRun['disturb']> {
  return async ({ command, shop }) => {
    await shop.hold(VUS);
    const answered = shop.requests - VUS;
    await until(() => {
      const { counters, timers } = receiver.read();
      // Those of the end of an iteration are not there yet.
      const counts = Object.values(timers).map(({ count }) => Math.round(count));
      return counters['k6.pizzas'] === answered * 2.5 && counts.every((count) => count === answered);
    }, 'all samples are there');
    await receiver.stop();
    shop.release();
    await command.printed(/takes no datagrams .*; the test goes on/);
    await shop.serves(30);
    await receiver.start();
    await command.printed(/works again/);
  };
}

function compare(totals: RunTotals, { counters, gauges, timers }: Received): void {
  assertNothingLost(totals);
  const countOf = (name: string) => counters[name] ?? 0;
  for (const [name, metric, kind] of sentMetrics(totals)) {
    const sent = `k6.${name}`;
    switch (kind) {
      case 'counter':
        assertSameSum(countOf(sent), metric['count']!, name);
        break;
      case 'gauge':
        assert.equal(gauges[sent], metric['value'], name);
        break;
      case 'rate':
        if (name !== 'checks')
          assert.deepEqual([countOf(sent), countOf(`${sent}.zero`)], [metric['passes'], metric['fails']], name);
        break;
      case 'trend': {
        const { count, values } = timers[sent] ?? { count: 0, values: [] };
        assertSameSum(count, metric['count']!, name);
        if (values.length === metric['count'])
          assertSameSum(values.reduce((sum, value) => sum + value, 0) / count, metric['avg']!, name);
        break;
      }
    }
  }
  for (const [name, { passes, fails }] of Object.entries(totals.checks)) {
    const sent = `k6.check.${name}`;
    const both = (written: string) => [countOf(`${written}.pass`), countOf(`${written}.fail`)];
    // StatsD itself writes a space as _.
    const found = both(sent).some((count) => count > 0) ? both(sent) : both(sent.replaceAll(' ', '_'));
    assert.deepEqual(found, [passes, fails], name);
  }
}

async function checkOutput(output: string, address: string, receiver: Receiver): Promise<void> {
  await receiver.start();
  try {
    const variable = output === 'datadog' ? 'K6_DATADOG' : 'K6_STATSD';
    const totals = await runWithOutput({
      out: `${output}=${address}`,
      env: { [`${variable}_PUSH_INTERVAL`]: '200ms' },
      disturb: restartingQuietly(receiver),
    });
    const { iteration_duration: last } = totals.metrics;
    await until(() => {
      const { counters, timers } = receiver.read();
      return counters['k6.iterations'] === VUS && timers['k6.iteration_duration']?.count === last!['count'];
    }, 'the last datagrams are there');
    compare(totals, receiver.read());
  } finally {
    await receiver.stop();
  }
}

test('StatsD counts what the summary counts, although it was stopped and started in the middle', async () => {
  const scratch = new Scratch();
  const port = await findFreePort();
  const flushed = scratch.write('flushed.jsonl', '');
  const backend = scratch.write(
    'backend.js',
    `const fs = require('node:fs');
     exports.init = (startup, config, events) => {
       fs.writeFileSync('${flushed}.ready', '');
       events.on('flush', (time, metrics) => fs.appendFileSync('${flushed}', JSON.stringify(metrics) + '\\n'));
       return true;
     };`,
  );
  const config = scratch.write(
    'statsd.js',
    `{ port: ${port}, address: '127.0.0.1', mgmt_port: ${await findFreePort()}, mgmt_address: '127.0.0.1', flushInterval: 50, backends: ['${backend}'] }`,
  );
  // What it logs with is gone from Node.
  const preload = scratch.write('preload.cjs', `require('node:util').log = () => {};`);
  let child: ReturnType<typeof fork> | null = null;
  await checkOutput('output-statsd', `127.0.0.1:${port}`, {
    async start() {
      child = fork(PROGRAM, [config], { stdio: 'ignore', execArgv: ['--require', preload] });
      await until(() => existsSync(`${flushed}.ready`), 'StatsD is there');
    },
    async stop() {
      const running = child;
      child = null;
      if (running === null) return;
      const ended = once(running, 'exit');
      running.kill('SIGKILL');
      await ended;
      rmSync(`${flushed}.ready`);
    },
    read() {
      const received = NOTHING();
      const lines = readFileSync(flushed, 'utf8').split('\n').slice(0, -1);
      for (const { counters, gauges, timers, timer_counters: counts } of lines.map((line) => JSON.parse(line))) {
        for (const [name, count] of Object.entries<number>(counters))
          received.counters[name] = (received.counters[name] ?? 0) + count;
        Object.assign(received.gauges, gauges);
        for (const [name, values] of Object.entries<number[]>(timers)) {
          const timer = (received.timers[name] ??= { count: 0, values: [] });
          timer.count += counts[name];
          timer.values.push(...values);
        }
      }
      return received;
    },
  });
  scratch.remove();
});

/** `name:value|type|@rate|#tags`, as docs.datadoghq.com has it ("DogStatsD datagram format"). */
const DATAGRAM =
  /^([^:|@#,]+):(-?[\d.]+)\|(c|g|ms)(?:\|@([\d.]+))?(?:\|#((?:[^:|@#,]+:[^:|@#,]+)(?:,[^:|@#,]+:[^:|@#,]+)*))?$/;

test("what goes to Datadog's agent has its form, and counts what the summary counts over a restart of the agent", async () => {
  const port = await findFreePort();
  let socket: dgram.Socket | null = null;
  const tags = new Set<string>();
  const received = NOTHING();
  const take = (line: string): void => {
    const [, name = '', value, type, rate = '1', tagged = ''] =
      DATAGRAM.exec(line) ?? assert.fail(`no datagram: ${line}`);
    for (const tag of tagged.split(',')) tags.add(tag);
    const number = Number(value);
    if (type === 'c') received.counters[name] = (received.counters[name] ?? 0) + number / Number(rate);
    else if (type === 'g') received.gauges[name] = number;
    else {
      const timer = (received.timers[name] ??= { count: 0, values: [] });
      timer.count += 1 / Number(rate);
      timer.values.push(number);
    }
  };
  await checkOutput('datadog', `127.0.0.1:${port}`, {
    async start() {
      socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
      socket.on('message', (datagram) => datagram.toString().split('\n').forEach(take));
      socket.bind(port, '127.0.0.1');
      await once(socket, 'listening');
      assert.equal((socket.address() as AddressInfo).port, port);
    },
    async stop() {
      socket?.close();
      socket = null;
    },
    read: () => received,
  });
  assert.ok(tags.has('method:GET') && tags.has('kind:Größe €') && tags.has('top ping:a_ b="c" \\ d'), [...tags].join());
});
