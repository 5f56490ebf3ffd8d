// Load on processes of their own: all that passes the border is copied, and nothing is shared. It shows that the contract of load hosts
// needs no threads; what a machine of its own would do is left to it.
import { type ChildProcess, fork } from 'node:child_process';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { LoadHost, LoadHosts, LoadListener, StepLimit } from '../load-host.ts';
import type { PlaceSettings } from '../load-host-suite.fixture.ts';
import { NO_COUNTS, SummedCounts, type ToldCounts } from '../summed-counts.ts';
import type { Command, FromHost, Reply, ReplyTo, Step, ToHost, WorkerStart } from '../worker-protocol.ts';
import { HostLink } from './host-link.ts';

export type ToProcess = { readonly type: 'begin'; readonly start: WorkerStart } | ToHost;
export type FromProcess = { readonly type: 'counts'; readonly counts: ToldCounts } | FromHost;

class ProcessHost implements LoadHost {
  readonly #child: ChildProcess;
  readonly #link: HostLink;

  constructor(child: ChildProcess, listener: LoadListener, patienceMs: number, onCounts: (counts: ToldCounts) => void) {
    this.#child = child;
    this.#link = new HostLink(
      { post: (message) => void (child.connected && child.send(message)), kill: () => void child.kill('SIGKILL') },
      listener,
      patienceMs,
    );
    child.on('message', (message: FromProcess) => {
      if (message.type === 'counts') onCounts(message.counts);
      else this.#link.hear(message);
    });
    child.on('exit', () => this.#link.die(new ExitError(EXIT.internalError, 'a load process ended unexpectedly')));
  }

  get alive(): boolean {
    return this.#link.alive;
  }

  ask<S extends Step>(step: S, limit?: StepLimit): Promise<ReplyTo<S> | Extract<Reply, { type: 'failed' }> | null> {
    return this.#link.ask(step, limit);
  }

  tell(command: Command): void {
    this.#link.tell(command);
  }

  async exit(): Promise<void> {
    if (!this.alive) return;
    await this.#link.finish();
    this.#child.removeAllListeners('message');
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** @returns load on processes, and how to lose one */
export function onProcesses({ env, script, patienceMs }: PlaceSettings): {
  hosts: LoadHosts;
  lose(index: number): void;
} {
  const counts = new SummedCounts();
  const children: ChildProcess[] = [];
  return {
    hosts: {
      counts,
      start: (index, listener) => {
        const child = fork(new URL('./load-process.fixture.ts', import.meta.url), { serialization: 'advanced' });
        children[index] = child;
        counts.set(index, NO_COUNTS);
        const begin: ToProcess = { type: 'begin', start: { env, script, index, keyLogFile: null, targets: null } };
        child.send(begin);
        return new ProcessHost(child, listener, patienceMs, (told) => counts.set(index, told));
      },
    },
    lose: (index) => void children[index]!.kill('SIGKILL'),
  };
}
