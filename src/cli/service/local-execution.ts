// `sixfold cloud run --local-execution`: the load is made here, as "sixfold run" makes it; the server keeps the run and shows it.
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../exit/exit-error.ts';
import type { RecordedRun } from '../../run/recorded-run.ts';
import type { RunSession } from '../../run/run-session.ts';
import type { ServiceClient } from '../../service/client/index.ts';
import { carryOut } from '../../service/runs/carry-out.ts';
import { dataWithin, textWithin } from '../../service/runs/kept-size.ts';
import { filesOfSummary } from '../../service/runs/run-files.ts';
import { type MadeSummary, ToldRun } from '../../service/runs/told-run.ts';
import { bareEnding } from '../../service/runs/write-ending.ts';
import { readTestCommand } from '../run.ts';
import { runTest } from '../run-test.ts';
import { ReportLink } from './report-link.ts';

export interface LocalExecution {
  readonly client: ServiceClient;
  /** Of the run on the server. */
  readonly id: string;
  readonly sendsLogs: boolean;
}

/**
 * Runs a script here and tells the server of it.
 * @returns the exit code of the run; 98 where it passed, and the server cannot be told
 */
export async function executeHere(
  command: Command,
  script: string,
  { client, id, sendsLogs }: LocalExecution,
): Promise<ExitCode> {
  const link = new ReportLink(client, id, { sendsLogs });
  let told: ToldRun | null = null;
  let hidden = (text: string): string => text;
  let made: MadeSummary = { text: null, data: null, files: [] };
  const code = await runTest(
    { ...readTestCommand(command, script), cluster: null },
    {
      observers: [],
      reporter: {
        id,
        follow: (recorded: RecordedRun, hide) => {
          hidden = hide;
          return (told = new ToldRun(link, recorded, hide));
        },
        onSummary: ({ text, data, files }) => {
          const warn = (message: string): void => link.log('warning', message, {}, new Date());
          made = { text: textWithin(hidden(text)), data: dataWithin(data, warn), files: filesOfSummary(files, hidden) };
        },
      },
      onSession: (session: RunSession) =>
        link.obey({
          carryOut: (order) => carryOut(session, order, Number.POSITIVE_INFINITY),
          checkpoint: () => told?.checkpoint(),
          say: (level, message) => session.log(level, message),
        }),
    },
  );
  const ending = (told as ToldRun | null)?.ending(made) ?? null;
  const problem = await link.finish(
    ending ?? bareEnding(code, 'it ended before there was any load: where it was run, it was said why'),
  );
  if (problem === null) return code;
  process.stderr.write(`the test is over, and the server could not be told how it ended: ${problem}\n`);
  return code === EXIT.ok ? EXIT.cloudUnreachable : code;
}
