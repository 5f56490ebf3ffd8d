import {
  autocannon,
  type BaseBuild,
  bareLoop,
  type Contender,
  grpcJs,
  h2load,
  microBenchmark,
  type Outcome,
  runners,
  wrk,
} from './programs.ts';

/** One row of the table that `npm run bench` prints. */
export interface Workload {
  readonly number: number;
  readonly title: string;
  /** What the figure is. */
  readonly unit: string;
  /** Whether a larger figure is the better one. */
  readonly larger: boolean;
  readonly contenders: (base?: BaseBuild) => readonly Contender[];
  /** The figure of one run; `base` is the outcome of `baseline`, where there is one. */
  figure(outcome: Outcome, base: Outcome | null): number;
  /** What every contender of that name runs first, for what has to be subtracted. */
  readonly baseline?: (base?: BaseBuild) => readonly Contender[];
}

const MANY_USERS = 4000;
const SLEEPERS = { script: 'sleepers', metric: 'vus_max', more: ['-e', 'USERS=100000'] } as const;
/** What the sleepers' script lasts. */
const SLEEPING_MS = 5000;
const ARRIVAL = { script: 'arrival', metric: 'http_reqs', more: ['-e', 'DURATION=SECONDSs'] } as const;
const perCpuSecond = ({ count, cpuSeconds }: Outcome) => count / cpuSeconds;

export const WORKLOADS: readonly Workload[] = [
  {
    number: 1,
    title: 'HTTP/1.1 GET + check, 50 VUs',
    unit: 'requests per CPU-second',
    larger: true,
    contenders: (base) => [...runners({ script: 'http-get', metric: 'http_reqs' }, base), wrk, autocannon, bareLoop],
    figure: perCpuSecond,
  },
  {
    number: 2,
    title: 'HTTPS, HTTP/2, GET + check, 50 VUs, a connection each',
    unit: 'requests per CPU-second',
    larger: true,
    contenders: (base) => [...runners({ script: 'http-get', metric: 'http_reqs', secure: true }, base), h2load.https],
    figure: perCpuSecond,
  },
  {
    number: 3,
    title: 'gRPC unary + check, 50 VUs, a connection each',
    unit: 'calls per CPU-second',
    larger: true,
    contenders: (base) => [...runners({ script: 'grpc-unary', metric: 'iterations' }, base), h2load.grpc, grpcJs],
    figure: perCpuSecond,
  },
  {
    number: 4,
    title: 'realistic: POST JSON, group, 3 checks, metrics, tags, thresholds, 50 VUs',
    unit: 'iterations per CPU-second',
    larger: true,
    contenders: (base) => runners({ script: 'realistic', metric: 'iterations' }, base),
    figure: perCpuSecond,
  },
  {
    number: 5,
    title: `${MANY_USERS.toLocaleString('en')} VUs: GET, sleep 2 s`,
    unit: 'kB per VU over the base',
    larger: false,
    contenders: (base) => runners({ script: 'many-users', metric: 'http_reqs', users: MANY_USERS }, base),
    baseline: (base) => runners({ script: 'many-users', metric: 'http_reqs', users: 1 }, base),
    figure: ({ peakBytes }, base) => (peakBytes - (base?.peakBytes ?? 0)) / (MANY_USERS - 1) / 1000,
  },
  {
    number: 6,
    title: 'JSON, regular expressions, sorting, hashing in the script, 1 VU',
    unit: 'iterations per CPU-second',
    larger: true,
    contenders: (base) => runners({ script: 'script-only', metric: 'iterations', users: 1 }, base),
    figure: perCpuSecond,
  },
  {
    number: 7,
    title: 'constant arrival rate, 2,000/s against a server that takes 20 ms',
    unit: 'cores busy, start and end included',
    larger: false,
    contenders: (base) => runners(ARRIVAL, base),
    figure: ({ cpuSeconds, seconds }) => cpuSeconds / seconds,
  },
  {
    number: 7,
    title: 'the same',
    unit: 'duration of requests at the 99th percentile, ms',
    larger: false,
    contenders: (base) => runners(ARRIVAL, base),
    figure: ({ p99Ms }) => p99Ms ?? Number.NaN,
  },
  {
    number: 8,
    title: 'start and end: empty script, one iteration',
    unit: 'ms',
    larger: false,
    contenders: (base) => runners({ script: 'empty', metric: 'iterations', more: ['-u', '1', '-i', '1'] }, base),
    figure: ({ wallMs }) => wallMs,
  },
  {
    number: 10,
    title: 'gRPC unary, 100 streams at once on one connection',
    unit: 'calls per CPU-second',
    larger: true,
    contenders: (base) => [
      ...runners({ script: 'grpc-streams', metric: 'iterations', each: 100, users: 1 }, base),
      h2load.grpcStreams,
    ],
    figure: perCpuSecond,
  },
  {
    number: 11,
    title: "row 1 without the system's part: what an iteration takes of the heap",
    unit: 'octets',
    larger: false,
    contenders: (base) => microBenchmark(['iteration.ts', 'http-get'], /(\d+) octets/, base),
    figure: ({ count }) => count,
  },
  {
    number: 11,
    title: 'the same of row 4',
    unit: 'octets',
    larger: false,
    contenders: (base) => microBenchmark(['iteration.ts', 'realistic'], /(\d+) octets/, base),
    figure: ({ count }) => count,
  },
  {
    number: 12,
    title: "row 1 without the system's part: CPU time of the load worker",
    unit: 'µs an iteration',
    larger: false,
    contenders: (base) => microBenchmark(['iteration.ts', 'http-get'], /([\d.]+) µs/, base),
    figure: ({ count }) => count,
  },
  {
    number: 12,
    title: 'the same of row 4',
    unit: 'µs an iteration',
    larger: false,
    contenders: (base) => microBenchmark(['iteration.ts', 'realistic'], /([\d.]+) µs/, base),
    figure: ({ count }) => count,
  },
  {
    number: 13,
    title: 'the main thread: folding a sample into its sinks',
    unit: 'ns',
    larger: false,
    contenders: (base) => microBenchmark(['samples.ts'], /fold into sinks.* ([\d.]+) ns/, base),
    figure: ({ count }) => count,
  },
  {
    number: 14,
    title: '100,000 VUs asleep: peak of the memory',
    unit: 'MB',
    larger: false,
    contenders: (base) => runners(SLEEPERS, base),
    figure: ({ peakBytes }) => peakBytes / 1e6,
  },
  {
    number: 14,
    title: 'the same: from the start of the program to the first iteration, and its end',
    unit: 's',
    larger: false,
    contenders: (base) => runners(SLEEPERS, base),
    figure: ({ wallMs }) => (wallMs - SLEEPING_MS) / 1000,
  },
];
