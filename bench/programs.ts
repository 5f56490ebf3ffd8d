import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../scripts/root.ts';
import { measureProcess, type ProcessCost } from './measure-process.ts';
import type { BenchServers } from './servers/start-servers.ts';

/** What one run of a program did, and what it cost. */
export interface Outcome extends ProcessCost {
  /** Requests, calls or iterations. */
  readonly count: number;
  /** Of load. */
  readonly seconds: number;
  /** The duration of requests at the 99th percentile, in ms, where the script asks for it. */
  readonly p99Ms?: number | undefined;
}

/** A program under test on one workload. */
export interface Contender {
  readonly name: string;
  run(servers: BenchServers, seconds: number): Promise<Outcome>;
}

const USERS = 50;
const workload = (name: string) => fileURLToPath(new URL(`./workloads/${name}.js`, import.meta.url));

function checked(name: string, cost: ProcessCost, count: number, seconds: number, p99Ms?: number): Outcome {
  if (cost.exit !== 0 || !(count >= 0))
    throw new Error(`${name} ended with ${cost.exit}:\n${cost.stdout.slice(-2000)}${cost.stderr.slice(-2000)}`);
  return { ...cost, count, seconds, p99Ms };
}

interface ScriptRun {
  readonly script: string;
  /** The counter that is counted. */
  readonly metric: 'http_reqs' | 'iterations' | 'grpc_req_duration' | 'vus_max';
  /** How many requests or calls one of it stands for. */
  readonly each?: number;
  readonly users?: number;
  /** Over TLS, where the server offers HTTP/2. */
  readonly secure?: boolean;
  readonly more?: readonly string[];
  /** Whether any failed check or request spoils the measurement. */
  readonly exact?: boolean;
}

/** A k6 script on Sixfold or on k6 itself: the command lines are the same. */
function scripted(name: string, command: readonly [string, ...string[]], options: ScriptRun): Contender {
  return {
    name,
    run: async (servers, seconds) => {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-bench-run-'));
      const exported = path.join(folder, 'summary.json');
      const [program, ...prefix] = command;
      const length = options.more?.map((word) => word.replace('SECONDS', String(seconds))) ?? [
        '-u',
        String(options.users ?? USERS),
        '-d',
        `${seconds}s`,
      ];
      const words = [
        'run',
        '--quiet',
        // One thread on both sides of a comparison: what is compared is work per CPU-second.
        ...(name === 'k6' ? [] : ['--workers', '1']),
        '--summary-export',
        exported,
        '-e',
        `HTTP=${options.secure ? servers.https : servers.http}`,
        ...(options.secure ? ['--insecure-skip-tls-verify'] : []),
        '-e',
        `SLOW=${servers.slow}`,
        '-e',
        `GRPC=${servers.grpc}`,
        ...length,
      ];
      const cost = await measureProcess(program, [...prefix, ...words, workload(options.script)], {
        K6_NO_USAGE_REPORT: 'true',
        NO_COLOR: '1',
      });
      const summary = existsSync(exported) ? readSummary(readFileSync(exported, 'utf8')) : {};
      rmSync(folder, { recursive: true, force: true });
      const metric = summary[options.metric];
      if (options.exact !== false && (summary['checks']?.['fails'] ?? 0) > 0)
        throw new Error(`${name}: ${summary['checks']?.['fails']} checks failed`);
      const count = metric?.['count'] ?? metric?.['max'] ?? countFromText(cost.stdout, options.metric);
      const duration = summary['http_req_duration'];
      return checked(name, cost, count * (options.each ?? 1), seconds, duration?.['p(99)']);
    },
  };
}

type Summary = Readonly<Record<string, Readonly<Record<string, number>> | undefined>>;

function readSummary(text: string): Summary {
  return (JSON.parse(text) as { metrics?: Summary }).metrics ?? {};
}

/** Trends have no count in a summary export: an iteration of the gRPC workload is a call. */
function countFromText(stdout: string, metric: string): number {
  const wanted = metric === 'grpc_req_duration' ? 'iterations' : metric;
  return Number(new RegExp(`^\\s*${wanted}\\.*:\\s+(\\d+)`, 'm').exec(stdout)?.[1] ?? Number.NaN);
}

/** Another commit of ours, built, to be measured beside this one. */
export interface BaseBuild {
  readonly commit: string;
  /** Its program, an absolute path. */
  readonly program: string;
}

/** The runners of k6 scripts: this tree, the commit it is compared with, and k6 where K6 names its binary. */
export function runners(options: ScriptRun, base?: BaseBuild): Contender[] {
  const { K6 } = process.env;
  // run.ts builds it first; a test of the bench itself makes do with the sources.
  const built = path.join(ROOT, 'dist/program/main.js');
  const program = existsSync(built) ? built : path.join(ROOT, 'bin/sixfold.js');
  const ours = scripted('Sixfold', [process.execPath, program], options);
  return [
    ours,
    ...(base ? [scripted(base.commit, [process.execPath, base.program], options)] : []),
    ...(K6 ? [scripted('k6', [K6], options)] : []),
  ];
}

/**
 * A figure that a micro-benchmark prints: what of the cost is our own doing.
 * @param file in bench/micro, with its arguments
 * @param figure finds the number, which becomes the outcome's `count`, in what it prints
 */
export function microBenchmark(file: readonly [string, ...string[]], figure: RegExp, base?: BaseBuild): Contender[] {
  const [name, ...words] = file;
  const inTree = (title: string, tree: string): Contender[] => {
    const program = path.join(tree, 'bench/micro', name);
    // A commit from before the benchmark has none.
    if (!existsSync(program)) return [];
    return [
      {
        name: title,
        run: async (_servers, seconds) => {
          const cost = await measureProcess(process.execPath, [program, ...words]);
          return checked(name, cost, Number(figure.exec(cost.stdout)?.[1] ?? Number.NaN), seconds);
        },
      },
    ];
  };
  return [...inTree('Sixfold', ROOT), ...(base ? inTree(base.commit, path.resolve(base.program, '../../..')) : [])];
}

export const wrk: Contender = {
  name: 'wrk',
  run: async (servers, seconds) => {
    const cost = await measureProcess('wrk', ['-t1', `-c${USERS}`, `-d${seconds}s`, `${servers.http}/hello`]);
    return checked('wrk', cost, parseWrk(cost.stdout), seconds);
  },
};

export const autocannon: Contender = {
  name: 'autocannon',
  run: async (servers, seconds) => {
    const program = path.join(ROOT, 'node_modules/autocannon/autocannon.js');
    const words = [
      program,
      '-c',
      String(USERS),
      '-d',
      String(seconds),
      '--json',
      '--no-progress',
      `${servers.http}/hello`,
    ];
    const cost = await measureProcess(process.execPath, words);
    return checked('autocannon', cost, (JSON.parse(cost.stdout) as { '2xx': number })['2xx'], seconds);
  },
};

export const grpcJs: Contender = {
  name: '@grpc/grpc-js',
  run: async (servers, seconds) => {
    const program = fileURLToPath(new URL('./peers/grpc-js-client.ts', import.meta.url));
    const cost = await measureProcess(process.execPath, [program, servers.grpc, String(USERS), String(seconds)]);
    const { calls, failed } = JSON.parse(cost.stdout || '{}') as { calls: number; failed: number };
    if (failed > 0) throw new Error(`@grpc/grpc-js: ${failed} calls failed`);
    return checked('@grpc/grpc-js', cost, calls, seconds);
  },
};

/** The least that Node itself makes of the sockets. */
export const bareLoop: Contender = {
  name: 'bare Node loop',
  run: async (servers, seconds) => {
    const program = fileURLToPath(new URL('./peers/bare-loop.ts', import.meta.url));
    const words = [program, `${servers.http}/hello`, String(USERS), String(seconds)];
    const cost = await measureProcess(process.execPath, words);
    const { requests } = JSON.parse(cost.stdout || '{}') as { requests: number };
    return checked('bare Node loop', cost, requests, seconds);
  },
};

function h2loadWith(
  connections: number,
  streams: number,
  words: (servers: BenchServers) => readonly string[],
): Contender {
  return {
    name: 'h2load',
    run: async (servers, seconds) => {
      const shape = ['-c', String(connections), '-t1', '-m', String(streams), '-D', String(seconds)];
      const cost = await measureProcess('h2load', [...shape, ...words(servers)]);
      return checked('h2load', cost, parseH2load(cost.stdout), seconds);
    },
  };
}

/** h2load knows no gRPC: it sends the same frames, and takes any answer. */
const grpcCall = ({ grpc }: BenchServers): readonly string[] => [
  '-d',
  fileURLToPath(new URL('./workloads/rate-request.bin', import.meta.url)),
  '-H',
  'content-type: application/grpc',
  '-H',
  'te: trailers',
  `http://${grpc}/bench.Counter/Rate`,
];

export const h2load = {
  grpc: h2loadWith(USERS, 1, grpcCall),
  grpcStreams: h2loadWith(1, 100, grpcCall),
  https: h2loadWith(USERS, 1, ({ https }) => [`${https}/hello`]),
} as const;

export function parseWrk(stdout: string): number {
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk met errors:\n${stdout}`);
  return Number(/(\d+) requests in/.exec(stdout)?.[1] ?? Number.NaN);
}

export function parseH2load(stdout: string): number {
  return Number(/^status codes: (\d+) 2xx/m.exec(stdout)?.[1] ?? Number.NaN);
}
