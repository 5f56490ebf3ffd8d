// Measures Sixfold and its peers on the same work, in turn, and prints one table (USAGE). What is compared is work per CPU-second of the
// client, so that a busy machine matters less.
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../scripts/root.ts';
import { runProgram } from '../scripts/run-program.ts';
import { withBaseTree } from './base-tree.ts';
import { runMicroBenchmarks } from './micro-benchmarks.ts';
import type { BaseBuild } from './programs.ts';
import { renderTable, replaceTable } from './result-table.ts';
import { median, type Result, runRounds } from './rounds.ts';
import { startServers } from './servers/start-servers.ts';
import { WORKLOADS } from './workload-table.ts';

const PAGE = path.join(ROOT, 'docs/performance.md');

const USAGE = `npm run bench                              all workloads, three rounds of ten seconds
npm run bench -- --only 1,3 --rounds 5     some of them (--seconds N: how long a round lasts)
npm run bench -- --write                   and keep the table in docs/performance.md
npm run bench -- --base COMMIT             this tree beside another commit, instead of beside other programs
npm run bench -- --json                    the figures of every round as JSON, in place of the table
npm run bench -- --micro [NAME …]          the micro-benchmarks of bench/micro; with --base, in both trees

K6=/path/to/k6 adds k6. The workloads:
${WORKLOADS.map(({ number, title }) => `${String(number).padStart(3)}  ${title}`).join('\n')}`;

const { values: flags, positionals } = readFlags();

function readFlags() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', default: false },
        only: { type: 'string' },
        rounds: { type: 'string', default: '3' },
        seconds: { type: 'string', default: '10' },
        write: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        micro: { type: 'boolean', default: false },
        base: { type: 'string' },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** Builds what users run: the sources would be measured with their type stripping. @returns the program, an absolute path */
async function build(tree: string): Promise<string> {
  const { exit } = await runProgram(process.execPath, [path.join(tree, 'scripts/build.ts')], { cwd: tree });
  if (exit !== 0) throw new Error(`${tree} could not be built`);
  return path.join(tree, 'dist/program/main.js');
}

async function compare(base?: BaseBuild): Promise<void> {
  const wanted = flags.only?.split(',').map(Number);
  const workloads = WORKLOADS.filter(({ number }) => wanted?.includes(number) ?? true);
  const unknown = wanted?.filter((number) => !WORKLOADS.some((workload) => workload.number === number)) ?? [];
  const [rounds, seconds] = [Number(flags.rounds), Number(flags.seconds)];
  if (unknown.length > 0 || !(rounds >= 1) || !(seconds >= 1)) {
    console.error(
      `There are the workloads ${WORKLOADS.map(({ number }) => number).join(', ')}; rounds and seconds are whole numbers from 1 on.`,
    );
    process.exitCode = 2;
    return;
  }
  await build(ROOT);
  const servers = await startServers();
  const results: Result[] = [];
  try {
    for (const workload of workloads) {
      console.error(`\n${workload.number}. ${workload.title}`);
      results.push(
        ...(await runRounds(workload, servers, {
          rounds,
          seconds,
          ...(base && { base }),
          onFigure: ({ unit }, name, figure) => console.error(`   ${name.padEnd(14)} ${figure.toFixed(1)} ${unit}`),
        })),
      );
    }
  } finally {
    await servers.stop();
  }
  const table = renderTable(results);
  console.log(flags.json ? JSON.stringify(listFigures(results), null, 2) : `\n${table}`);
  if (flags.write) {
    writeFileSync(PAGE, replaceTable(readPage(), `${circumstances(rounds, seconds)}\n\n${table}`));
    console.error(`\nwrote ${path.relative(ROOT, PAGE)}`);
  }
}

/** The results as data. */
function listFigures(results: readonly Result[]): object[] {
  return results.map(({ workload: { number, title, unit, larger }, name, figures }) => ({
    workload: number,
    title,
    unit,
    larger,
    program: name,
    median: median(figures),
    figures,
  }));
}

function readPage(): string {
  try {
    return readFileSync(PAGE, 'utf8');
  } catch {
    return '';
  }
}

/** When, where and how: figures without these say nothing. */
function circumstances(rounds: number, seconds: number): string {
  const cpus = os.cpus();
  const words = process.argv.slice(2).join(' ');
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, ${cpus.length} × ${cpus[0]?.model.trim() ?? process.arch}, Node ${process.version}, ${rounds} rounds of ${seconds} s: \`npm run bench -- ${words}\``;
}

const { base } = flags;
if (flags.help) console.log(USAGE);
else if (flags.micro) process.exitCode = await runMicroBenchmarks(positionals, base);
else if (base !== undefined)
  await withBaseTree(base, async (tree) => compare({ commit: base, program: await build(tree) }));
else await compare();
