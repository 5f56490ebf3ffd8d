// A run in its own process: what happens is told to the server, which keeps it.
import path from 'node:path';
import { Redactor } from '../../execution/secrets/redactor.ts';
import { SecretStore } from '../../execution/secrets/secret-store.ts';
import { EXIT } from '../../exit/exit-error.ts';
import { formatDuration } from '../../options/duration.ts';
import { RecordedRun } from '../../run/recorded-run.ts';
import { RunSession } from '../../run/run-session.ts';
import { carryOut } from './carry-out.ts';
import type { ChildLink } from './child-link.ts';
import type { ChildTask } from './child-protocol.ts';
import { clusterLoad } from './cluster-load.ts';
import { endingOf } from './task-ending.ts';
import { LimitGuard, requestOf } from './task-request.ts';
import { TaskSummary } from './task-summary.ts';
import { ToldRun } from './told-run.ts';

/** A timer of Node that is to take longer fires at once (https://nodejs.org/api/timers.html). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export async function runTask(task: ChildTask, link: ChildLink): Promise<void> {
  const redactor = new Redactor();
  const values = new Map(Object.entries(task.secrets));
  const secrets = new SecretStore([], {}, redactor, {
    description: 'the secrets of the project',
    get: async (key) => values.get(key),
    keys: values.keys(),
  });
  const hide = (text: string): string => redactor.redact(text).replaceAll(task.script, task.name);
  try {
    const cluster = await clusterLoad(task, link);
    const recorded = new RecordedRun(() => session.snapshot(), task.id);
    const told = new ToldRun(link, recorded, hide);
    const summary = new TaskSummary({
      baseline: task.baseline,
      recorded,
      hide,
      warn: (message) => link.log('warning', message, {}, new Date()),
      handleSummary: (data) => session.handleSummary(data),
    });
    link.leaveIn(path.dirname(task.script), () => told.soFar());
    const session: RunSession = new RunSession({ ...requestOf(task), ...cluster?.request, secrets }, [
      new LimitGuard(task),
      recorded.timeline,
      recorded,
      told,
      summary,
      {
        // What is ordered earlier waits until there is something to steer.
        onState: (state) => {
          if (state === 'loading' || state === 'initialising') return;
          link.obey({
            onOrder: ({ id, order }) =>
              link.say({ type: 'outcome', id, ...carryOut(session, order, task.limits.maxVus - told.vusBeside) }),
            onCheckpoint: () => told.checkpoint(),
          });
        },
      },
    ]);
    const limit = afterAll(task.limits.maxDurationMs, () => {
      session.interrupt({
        exitCode: EXIT.interrupted,
        message: `the test has taken ${formatDuration(task.limits.maxDurationMs)}, which is all that its project allows`,
      });
    });
    try {
      await session.run();
    } finally {
      limit.cancel();
      await cluster?.end();
    }
    link.finish(told.ending(summary.made)!);
  } catch (error) {
    const ending = endingOf(error, task);
    link.finish({ ...ending, reason: ending.reason === null ? null : hide(ending.reason) });
  }
}

/** Calls once, after a time that may be longer than a timer can be. */
function afterAll(ms: number, call: () => void): { cancel(): void } {
  const at = Date.now() + ms;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = at - Date.now();
    timer = setTimeout(left > LONGEST_TIMER_MS ? wait : call, Math.min(left, LONGEST_TIMER_MS));
  };
  wait();
  return { cancel: () => clearTimeout(timer) };
}
