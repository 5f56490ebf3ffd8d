// `k6/x/icmp` as its users have it: real pings on loopback and between network namespaces, and what becomes of them when a run ends.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { RunSession } from '../../src/run/run-session.ts';
import { Network, NO_NAMESPACES } from '../servers/network-namespaces.ts';
import { NO_PING } from '../servers/ping-program.ts';
import { Command, type CommandOptions, type Outcome, Scratch } from './command.ts';
import { until } from './until.ts';

interface Point {
  readonly metric: string;
  readonly value: number;
  readonly tags: Readonly<Record<string, string>>;
}

const scratch = new Scratch();
after(() => scratch.remove());
let scripts = 0;

function start(source: string, options: Partial<CommandOptions> = {}, flags: readonly string[] = []): Command {
  const name = `script-${scripts++}.js`;
  scratch.write(name, `import { ping, pingAsync } from 'k6/x/icmp';\n${source}`);
  return new Command(['run', '-q', '--log-format', 'raw', ...flags, name], { cwd: scratch.folder, ...options });
}

/** Runs the body of one iteration. @returns what it logged, and its samples */
async function iterate(
  body: string,
  options: Partial<CommandOptions> = {},
  flags: readonly string[] = [],
  scriptOptions = '{}',
): Promise<Outcome & { readonly lines: string[]; readonly points: Point[] }> {
  const file = path.join(scratch.folder, `samples-${scripts}.json`);
  const source = `export const options = { iterations: 1, ...${scriptOptions} };
    const heard = [];
    const hear = (err, detail) => heard.push([err === null ? null : err.error_code, detail.alive, detail.seq]);
    const attempt = (act) => { try { return act(); } catch (e) { return e.name + ': ' + e.message; } };
    export default async function () { ${body} }`;
  const outcome = await start(source, options, ['--out', `json=${file}`, ...flags]).ended;
  const points = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"type":"Point"'))
    .map((line) => JSON.parse(line))
    .map(({ metric, data }) => ({ metric, value: data.value, tags: data.tags ?? {} }) as Point);
  return { ...outcome, points, lines: outcome.stderr.split('\n').filter((line) => line !== '') };
}

const valuesOf = (points: readonly Point[], metric: string): number[] =>
  points.filter((point) => point.metric === metric).map(({ value }) => value);

/** How many processes of ping there are for an address. */
function pingsTo(address: string): number {
  return globSync('/proc/[0-9]*/cmdline').filter((file) => {
    try {
      const words = readFileSync(file, 'utf8').split('\0');
      return path.basename(words[0] ?? '') === 'ping' && words.includes(address);
    } catch {
      // It has ended meanwhile.
      return false;
    }
  }).length;
}

describe('pings on loopback', { skip: NO_PING }, () => {
  test('replies are measured, told and counted; names go through the options of the network', async () => {
    const { lines, points, exit, stderr } = await iterate(
      `console.log(ping('127.0.0.1', { tags: { part: 'one' }, ttl: 9, source: '127.0.0.1', id: 4711 }), ping('there.example', { timeout: '5s' }));
       const details = [];
       console.log(await pingAsync('127.0.0.1', { count: 3, interval: 500, seq: 65535 }, (err, detail) => { hear(err, detail); details.push(detail); }));
       console.log(JSON.stringify(heard));
       const [first] = details;
       console.log(first.target, first.target_ip, first.target_ip_version, first.size, first.ttl, first.id > 0, first.received_at > first.sent_at, Math.abs(first.sent_at - Date.now()) < 60000);
       console.log(JSON.stringify(first.options));
       const ids = []; await pingAsync('127.0.0.1', { id: 4712 }, (err, { id }) => ids.push(id)); console.log(ids.join());
       console.log(await pingAsync('127.0.0.1', { size: 8 }, hear), await pingAsync('127.0.0.1', hear));`,
      {},
      [],
      `{ hosts: { 'there.example': '127.0.0.1' } }`,
    );
    assert.equal(exit, 0, stderr);
    assert.deepEqual(lines, [
      'true true',
      'true',
      '[[null,true,65535],[null,true,0],[null,true,1]]',
      '127.0.0.1 127.0.0.1 ip4 64 64 true true true',
      '{"seq":65535,"count":3,"threshold":100,"size":56,"timeout":10000,"interval":500}',
      '4712',
      'true true',
    ]);
    const counts = ['sent', 'received'].map((what) => valuesOf(points, `icmp_packets_${what}`).length);
    assert.deepEqual(
      [...counts, valuesOf(points, 'icmp_rtt').length, valuesOf(points, 'icmp_resolve').length],
      [8, 8, 7, 6],
    );
    assert.deepEqual([valuesOf(points, 'icmp_reply_ttl').length, valuesOf(points, 'icmp_setup').length], [8, 8]);
    assert.deepEqual(valuesOf(points, 'icmp_errors'), []);
    assert.ok(valuesOf(points, 'icmp_rtt').every((ms) => ms > 0));
    assert.deepEqual(
      [valuesOf(points, 'data_sent'), valuesOf(points, 'data_received')],
      [[7 * 64 + 16], [7 * 64 + 16]],
    );
    const tagged = points.find(({ metric, tags }) => metric === 'icmp_rtt' && tags['part'] === 'one');
    assert.deepEqual([tagged?.tags['proto'], tagged?.tags['ip']], ['ICMP', '127.0.0.1']);
    const ttl = points.find(({ metric }) => metric === 'icmp_reply_ttl');
    assert.deepEqual([ttl?.tags['proto'], ttl?.tags['ip'], ttl?.tags['part']], [undefined, undefined, 'one']);
  });

  test('what the options block is not reached, and has its code', async () => {
    const { lines, points } = await iterate(
      `console.log(await pingAsync('127.0.0.1', hear), await pingAsync('no.example', hear), ping('no.example'));
       console.log(JSON.stringify(heard));`,
      {},
      [],
      `{ blacklistIPs: ['127.0.0.0/8'], blockHostnames: ['*.example'] }`,
    );
    assert.deepEqual(lines, ['false false false', '[[1110,false,1],[1111,false,1]]']);
    assert.deepEqual(valuesOf(points, 'icmp_packets_sent'), []);
    assert.deepEqual(
      points.filter(({ metric }) => metric === 'icmp_errors').map(({ tags }) => tags['error_code']),
      ['1110', '1111', '1111'],
    );
  });

  test('wrong arguments are refused before anything is sent, and a source of nobody says what ping said', async () => {
    const { lines, points } = await iterate(
      `for (const [target, options] of [[''], ['http://a.example/'], ['-c 3'], ['127.0.0.1', 5], ['127.0.0.1', { count: 0 }], ['127.0.0.1', { interval: 100 }], ['127.0.0.1', { threshold: 101 }],
         ['127.0.0.1', { source: 'eth0; true' }], ['127.0.0.1', { size: 70000 }], ['127.0.0.1', { timeout: 'soon' }], ['127.0.0.1', { preferred_ip_version: 'ip5' }], ['127.0.0.1', { tags: { a: {} } }],
         ['127.0.0.1', { source: '192.0.2.77' }]])
         console.log(attempt(() => ping(target, options)));
       console.log(await pingAsync('127.0.0.1', {}, 5).catch((e) => e.message));
       console.log(await pingAsync('127.0.0.1', () => { throw new RangeError('mine'); }).catch((e) => e.name + ' ' + e.message));`,
    );
    assert.deepEqual(lines, [
      "TypeError: ping() takes a host first, such as 'example.com' or '192.0.2.1'",
      'TypeError: ping() cannot reach "http://a.example/": give a host\'s name or address alone, without scheme, port and path',
      'TypeError: ping() cannot reach "-c 3": give a host\'s name or address alone, without scheme, port and path',
      'TypeError: ping() takes its options as an object, not number',
      'TypeError: ping(): count must be a whole number from 1 to 65535, not 0',
      'TypeError: ping(): interval must be at least 500 ms, not 100: K6_PING_MINIMUM_INTERVAL allows less',
      'TypeError: ping(): threshold must be a percentage from 0 to 100, not 101',
      'TypeError: ping(): source must be an IP address of this machine, not "eth0; true"',
      'TypeError: ping(): size must be a whole number from 0 to 65507, not 70000',
      'TypeError: ping(): timeout must be a time above 0, in milliseconds or as in "2s", not "soon"',
      'TypeError: ping(): preferred_ip_version must be "ip4" or "ip6", not "ip5"',
      "TypeError: invalid value for metric tag 'a': only String, Boolean and Number types are accepted as a metric tag value",
      'Error: ping cannot send: bind: Cannot assign requested address',
      'pingAsync() takes a function as its callback, not number',
      'RangeError mine',
    ]);
    assert.equal(valuesOf(points, 'icmp_packets_sent').length, 1);
  });

  test('the least interval is the environment’s', async () => {
    const body = `console.log(attempt(() => ping('127.0.0.1', { count: 80, interval: '1ms' })));`;
    const { lines, points } = await iterate(body, { env: { K6_PING_MINIMUM_INTERVAL: '1ms' } });
    assert.deepEqual(lines, ['true']);
    // More at once than there are places for.
    assert.equal(valuesOf(points, 'icmp_packets_received').length, 80);
    const { exit, stderr } = await start('export default () => {};', { env: { K6_PING_MINIMUM_INTERVAL: 'often' } })
      .ended;
    assert.notEqual(exit, 0);
    assert.match(stderr, /K6_PING_MINIMUM_INTERVAL must be a time, such as 100ms, not "often"/);
  });

  test('without ping, or with another one, the test ends before any load and says what to install', async () => {
    const folder = path.join(scratch.folder, 'bin');
    mkdirSync(folder);
    const script = `export default () => { ping('127.0.0.1'); };`;
    const none = await start(script, { env: { PATH: folder } }).ended;
    assert.equal(none.exit, 104, none.stderr);
    assert.match(none.stderr, /ping of iputils, which is not on the path: install the package iputils-ping/);
    // One that knows no -V, as that of BusyBox.
    writeFileSync(path.join(folder, 'ping'), '#!/bin/sh\necho "ping: unrecognized option: V" >&2\nexit 1\n', {
      mode: 0o755,
    });
    const other = await start(script, { env: { PATH: folder } }).ended;
    assert.equal(other.exit, 104, other.stderr);
    assert.match(other.stderr, /is another \(ping: unrecognized option: V\): install the package iputils-ping/);
  });

  test('no main thread, no programs: an agent or a service refuses before any load', async () => {
    const file = scratch.write(
      'refused.js',
      `import { ping } from 'k6/x/icmp'; export default () => { ping('127.0.0.1'); };`,
    );
    await assert.rejects(
      new RunSession({ script: file }).run(),
      /imports 'k6\/x\/icmp', which stands on the program ping, and programs are not started here: run the test with "sixfold run"/,
    );
  });
});

describe('pings between hosts', { skip: NO_PING || NO_NAMESPACES, concurrency: 1 }, () => {
  let network: Network;
  let namespace: string;
  /** An address that takes requests and whose replies get nowhere. */
  let silent: string;
  before(() => {
    network = new Network();
    namespace = network.addHost('near');
    const far = network.addHost('far');
    const { from, to } = network.join(namespace, far);
    execFileSync('ip', ['-n', far, 'route', 'add', 'blackhole', `${from}/32`]);
    execFileSync('ip', ['-n', namespace, 'route', 'add', 'unreachable', '198.51.100.0/24']);
    silent = to;
  });
  after(() => network.close());

  test('silence, the deadline and what cannot be reached have their codes', async () => {
    const { lines, points, stderr } = await iterate(
      `console.log(ping('${silent}', { timeout: 200 }), ping('${silent}', { timeout: 200, threshold: 0 }));
       console.log(await pingAsync('${silent}', { count: 5, interval: 500, deadline: 700, timeout: '60s' }, hear));
       console.log(JSON.stringify(heard.splice(0).sort()));
       console.log(await pingAsync('192.0.2.1', hear), await pingAsync('198.51.100.1', hear), JSON.stringify(heard));`,
      { namespace },
    );
    assert.deepEqual(
      lines,
      ['false true', 'false', '[[1050,false,1],[1050,false,2]]', 'false false [[1215,false,1],[1214,false,1]]'],
      stderr,
    );
    assert.deepEqual(
      points.filter(({ metric }) => metric === 'icmp_errors').map(({ tags }) => tags['error_code']),
      ['1050', '1050', '1050', '1050', '1215', '1214'],
    );
    assert.deepEqual(valuesOf(points, 'icmp_packets_received'), []);
  });

  const PATIENT = `console.log('sending'); ping('SILENT', { timeout: '10m', count: 3, interval: 500 });`;

  test('an iteration that is cut short, and Ctrl-C, end them with the test', async () => {
    const cut = await start(
      `export const options = { scenarios: { all: { executor: 'constant-vus', vus: 2, duration: '2s', gracefulStop: '0s' } } };
       export default function () { ${PATIENT.replace('SILENT', silent)} }`,
      { namespace },
    ).ended;
    assert.equal(cut.exit, 0, cut.stderr);
    assert.match(cut.stdout, /1030 cancelled/);
    assert.equal(pingsTo(silent), 0);
    const command = start(`export default function () { ${PATIENT.replace('SILENT', silent)} }`, { namespace });
    await command.printed(/^sending$/m);
    await until(() => pingsTo(silent) > 0, 'a ping is on its way');
    command.child.kill('SIGINT');
    const { exit, stderr } = await command.ended;
    assert.equal(exit, 105, stderr);
    assert.equal(pingsTo(silent), 0);
  });
});
