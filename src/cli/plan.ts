// `sixfold plan`: what a test of a certain size needs of machines, by a short run of it.
import type { Command } from 'commander';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import type { Calibration } from '../run/calibrate.ts';
import { readConfigFile } from '../run/config-file.ts';
import { readLimits, type SystemLimits, TIME_WAIT_S } from '../run/system-limits.ts';
import { readEnvironment } from './env-file.ts';
import { parseDurationFlag } from './flags/duration-flags.ts';
import { addGlobalFlags, addRuntimeFlags, readGlobalFlags, readRuntimeFlags } from './flags/runtime-flags.ts';
import { addNotes } from './help-page.ts';
import { scriptEnvironment } from './script-environment.ts';
import { readRequirements } from './script-requirements.ts';
import { renderYaml } from './yaml.ts';

/** Of each resource a generator may use so much: above it, what it measures is its own waiting. */
const HEADROOM = 0.8;
const DEFAULT_VUS = 50;

interface Given {
  readonly vus?: string;
  readonly rate?: string;
  readonly calibration: string;
  readonly calibrationVus: string;
  readonly json?: boolean;
}

/** Adds `sixfold plan <script>` to the program. */
export function registerPlan(program: Command): void {
  const command = program
    .command('plan')
    .description(
      'run a test for a few seconds, and say what one of a certain size needs: cores, memory, connections, agents',
    )
    .argument('<script>', 'a script or an archive, which is run against its own target')
    .option('-u, --vus <number>', 'size: so many virtual users')
    .option('--rate <number>', 'size: so many iterations a second')
    .option('--calibration <duration>', 'how long it is run', '8s')
    .option('--calibration-vus <number>', `virtual users that it is run with (no more than --vus)`, String(DEFAULT_VUS))
    .option('--json', 'print JSON, for machines');
  addGlobalFlags(addRuntimeFlags(command));
  addNotes(command, {
    examples: [
      ['sixfold plan script.js --vus 20000', 'what 20,000 virtual users need'],
      ['sixfold plan script.js --rate 50000', 'what 50,000 iterations a second need'],
    ],
    remark:
      'One thread makes the load of the calibration, against the target of the script: it must bear that. What comes out holds for machines as this one.',
  });
  command.action(async (script: string, given: Given) => {
    const size = readSize(given);
    const seconds = readSeconds(given.calibration);
    const environment = readEnvironment(command, process.env);
    const runtime = readRuntimeFlags(command, environment.env, false);
    const global = readGlobalFlags(command, environment.env);
    const variables = scriptEnvironment(runtime, environment);
    const { scenarios } = await readRequirements(script, {}, variables);
    const { calibrate } = await import('../run/calibrate.ts');
    const most = readCount('--calibration-vus', given.calibrationVus);
    const calibration = await calibrate({
      request: {
        script,
        type: runtime.type,
        env: environment.env,
        variables,
        configFile: await readConfigFile(global.config, environment.env),
        compile: runtime,
      },
      scenarios,
      vus: size.kind === 'vus' ? Math.min(most, size.count) : most,
      seconds,
    });
    const plan = makePlan(calibration, size, readLimits());
    process.stdout.write(given.json ? `${JSON.stringify(plan, null, 2)}\n` : renderYaml(plan));
  });
}

export interface Size {
  readonly kind: 'vus' | 'rate';
  readonly count: number;
}

/** @throws ExitError 255 where it does not say one size */
function readSize({ vus, rate }: Given): Size {
  if ((vus === undefined) === (rate === undefined))
    throw new ExitError(EXIT.other, 'say the size of the test: --vus NUMBER, or --rate ITERATIONS_PER_SECOND');
  return vus === undefined
    ? { kind: 'rate', count: readCount('--rate', rate!) }
    : { kind: 'vus', count: readCount('--vus', vus) };
}

function readCount(flag: string, text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new ExitError(EXIT.other, `${flag} ${text}: it must be a whole number from 1 on`);
  return count;
}

function readSeconds(text: string): number {
  const seconds = parseDurationFlag('--calibration', text) / 1000;
  if (seconds < 4)
    throw new ExitError(EXIT.other, `--calibration ${text}: it takes 4 s at least, since the first two do not count`);
  return seconds;
}

/**
 * @param limits of a machine that makes load
 * @returns what there is to say, as plain data
 */
export function makePlan(
  calibration: Calibration,
  { kind, count }: Size,
  limits: SystemLimits,
): Record<string, unknown> {
  const { iterationMs, cpuMs, baseMb, vuKb, socketsPerVu, closedPerIteration } = calibration;
  const vus = kind === 'vus' ? count : Math.max(1, Math.ceil((count * iterationMs) / 1000));
  const rate = kind === 'rate' ? count : (count * 1000) / iterationMs;
  const open = vus * socketsPerVu;
  const needs = {
    cores: (rate * cpuMs) / 1000,
    memoryMb: (vus * vuKb) / 1024,
    files: open,
    // Those that are open, and those of connections that were closed in the last minute.
    ports: open + rate * closedPerIteration * TIME_WAIT_S,
  };
  // Each machine has its base.
  const usable = {
    cores: limits.cores * HEADROOM,
    memoryMb: Math.max(1, limits.memoryMb * HEADROOM - baseMb),
    files: (limits.files ?? Number.POSITIVE_INFINITY) * HEADROOM,
    ports: (limits.ports ?? Number.POSITIVE_INFINITY) * HEADROOM,
    tracked: (limits.tracked ?? Number.POSITIVE_INFINITY) * HEADROOM,
  };
  const shares = (
    [
      ['cores', needs.cores / usable.cores],
      ['memory', needs.memoryMb / usable.memoryMb],
      ['file descriptors', needs.files / usable.files],
      ['ports', needs.ports / usable.ports],
      ['tracked connections', needs.ports / usable.tracked],
    ] as const
  ).toSorted((a, b) => b[1] - a[1]);
  const [[first, share]] = shares as [readonly [string, number]];
  const agents = Math.max(1, Math.ceil(share));
  return {
    calibration: {
      vus: calibration.vus,
      seconds: round(calibration.seconds),
      iterations: calibration.iterations,
      'iteration in ms': round(iterationMs),
      'processor time of an iteration in ms': round(cpuMs),
      'memory of a virtual user in kB': round(vuKb),
      'connections of a virtual user': round(socketsPerVu),
      'connections closed by an iteration': round(closedPerIteration),
      ...(calibration.failed > 0 && { 'failed iterations': calibration.failed }),
      ...(calibration.concerns.length > 0 && { concerns: calibration.concerns }),
    },
    needs: {
      'virtual users': vus,
      'iterations a second': round(rate),
      cores: round(needs.cores),
      'memory in MB': Math.ceil(needs.memoryMb + baseMb * agents),
      'file descriptors': Math.ceil(needs.files),
      'ports to one address': Math.ceil(needs.ports),
    },
    'this machine': {
      cores: limits.cores,
      'memory in MB': limits.memoryMb,
      ...(limits.files !== null && Number.isFinite(limits.files) && { 'file descriptors': limits.files }),
      ...(limits.ports !== null && { 'ports to one address': limits.ports }),
      ...(limits.tracked !== null && { 'tracked connections': limits.tracked }),
    },
    'limit hit first': `${first}: ${round(share * HEADROOM * 100)} % of one machine as this one`,
    agents,
    advice: adviceFor(first, agents),
  };
}

function adviceFor(first: string, agents: number): string {
  if (agents === 1) return 'this machine can make the load';
  const more = `sixfold run --agents ${agents}, on machines as this one`;
  switch (first) {
    case 'file descriptors':
      return `${more}; or raise the limit of open files (ulimit -n)`;
    case 'ports':
      return `${more}; or keep connections open, widen net.ipv4.ip_local_port_range, or give the machine more addresses (--local-ips)`;
    case 'tracked connections':
      return `${more}; or raise net.netfilter.nf_conntrack_max`;
    default:
      return more;
  }
}

/** To three digits. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}
