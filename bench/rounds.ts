import type { BaseBuild, Contender, Outcome } from './programs.ts';
import type { BenchServers } from './servers/start-servers.ts';
import type { Workload } from './workload-table.ts';

/** The figures of one program on one workload, a round each. */
export interface Result {
  readonly workload: Workload;
  readonly name: string;
  readonly figures: readonly number[];
}

export interface RoundOptions {
  readonly rounds: number;
  /** Of load, per program and round. */
  readonly seconds: number;
  /** Another commit to measure; then only Sixfold's two are, not its peers. */
  readonly base?: BaseBuild;
  readonly onFigure?: (workload: Workload, name: string, figure: number) => void;
}

/** Runs the programs of a workload in turn, A B C A B C, so that what disturbs the machine disturbs all of them. */
export async function runRounds(workload: Workload, servers: BenchServers, options: RoundOptions): Promise<Result[]> {
  const { base: build } = options;
  const all = workload.contenders(build);
  const contenders = build ? all.filter(({ name }) => name === 'Sixfold' || name === build.commit) : all;
  const bases = workload.baseline?.(build) ?? [];
  const figures = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < options.rounds; round++)
    for (const contender of contenders) {
      const baseline = bases.find((base) => base.name === contender.name);
      const base: Outcome | null = baseline ? await baseline.run(servers, options.seconds) : null;
      const figure = workload.figure(await contender.run(servers, options.seconds), base);
      figures.get(contender)!.push(figure);
      options.onFigure?.(workload, contender.name, figure);
    }
  return contenders.map((contender) => ({ workload, name: contender.name, figures: figures.get(contender)! }));
}

/** The middle one; of an even number the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
