// Whether what is measured is true: how far each phase of a request is from what the server says of it, and whether the counts are those
// of the server. 200 virtual users, a connection and a handshake for each request. Run with Node 26:
//   node bench/micro/truth.ts [users] [seconds]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../../scripts/root.ts';
import { measureProcess } from '../measure-process.ts';

const PHASES = ['tls_handshaking', 'waiting', 'receiving'] as const;

export interface Truth {
  /** Of what is measured from what is true, in ms, by phase. */
  readonly errors: Readonly<
    Record<(typeof PHASES)[number], { readonly min: number; readonly med: number; readonly p99: number }>
  >;
  /** As the program counted them. */
  readonly requests: number;
  /** As the server did. */
  readonly answered: number;
}

type Metrics = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * Runs the workload against a server of its own.
 * @param scale how many times as long the server takes for each phase
 * @throws Error where the run ends with another code than 0
 */
export async function measureTruth(users: number, seconds: number, scale = 1): Promise<Truth> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-truth-'));
  const server = fork(fileURLToPath(new URL('../servers/phase-server.ts', import.meta.url)), [String(scale)], {
    execPath: process.execPath,
    execArgv: [],
  });
  try {
    const [port] = (await once(server, 'message')) as [number];
    const exported = path.join(folder, 'summary.json');
    const cost = await measureProcess(
      process.execPath,
      [
        path.join(ROOT, 'bin/sixfold.js'),
        'run',
        '--quiet',
        '--summary-export',
        exported,
        '-e',
        `PHASES=https://127.0.0.1:${port}/`,
        '-u',
        String(users),
        '-d',
        `${seconds}s`,
        fileURLToPath(new URL('../workloads/phases.js', import.meta.url)),
      ],
      { SIXFOLD_HISTORY: 'off' },
    );
    if (cost.exit !== 0) throw new Error(`it ended with ${cost.exit}:\n${cost.stdout}${cost.stderr}`);
    server.send('how many');
    const [answered] = (await once(server, 'message')) as [number];
    const { metrics } = JSON.parse(readFileSync(exported, 'utf8')) as { metrics: Metrics };
    const errorOf = (phase: string) => {
      const { min = Number.NaN, med = Number.NaN, 'p(99)': p99 = Number.NaN } = metrics[`error_${phase}`] ?? {};
      return { min, med, p99 };
    };
    return {
      errors: {
        tls_handshaking: errorOf('tls_handshaking'),
        waiting: errorOf('waiting'),
        receiving: errorOf('receiving'),
      },
      requests: metrics['http_reqs']?.['count'] ?? Number.NaN,
      answered,
    };
  } finally {
    server.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const [users = '200', seconds = '10'] = process.argv.slice(2);
  const { errors, requests, answered } = await measureTruth(Number(users), Number(seconds));
  for (const phase of PHASES) {
    const { med, p99 } = errors[phase];
    console.log(
      `${phase.padEnd(16)} off by ${med.toFixed(2)} ms at the median, ${p99.toFixed(2)} ms at the 99th percentile`,
    );
  }
  console.log(`${'requests'.padEnd(16)} ${requests} counted, ${answered} at the server`);
}
