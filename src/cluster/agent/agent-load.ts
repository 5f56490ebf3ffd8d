// The load of one run on one machine: the script as the archive has it, on the threads of this process.
import { availableParallelism } from 'node:os';
import { type GroupListener, type GroupProgress, HostGroup } from '../../execution/control-plane/host-group.ts';
import { onThreads } from '../../execution/control-plane/thread-host.ts';
import type { LoadHosts } from '../../execution/load-host.ts';
import { type ToldCounts, tellableCounts } from '../../execution/summed-counts.ts';
import type { Reply, ScriptFailure, Step } from '../../execution/worker-protocol.ts';
import { compileScriptFile, remoteModulesOf } from '../../run/load-script-file.ts';
import { type OpenScript, openArchivedScript } from '../../run/open-script.ts';
import { chooseWorkers } from '../../run/worker-count.ts';
import type { CompileSettings } from '../messages.ts';

export class AgentLoad {
  readonly #script: OpenScript;
  readonly #hosts: LoadHosts;
  readonly group: HostGroup;

  /**
   * @param archive its octets
   * @param listener hears what the script says
   * @throws ExitError for an archive that is none
   */
  constructor(archive: Buffer, env: Readonly<Record<string, string>>, listener: GroupListener) {
    this.#script = openArchivedScript(archive, 'of the run');
    this.#hosts = onThreads({ env: { ...this.#script.archive?.env, ...env }, script: this.#script.place });
    this.group = new HostGroup(this.#hosts, listener, (options, scenarios) =>
      chooseWorkers({ options, scenarios }, availableParallelism()),
    );
  }

  /** Compiles the script and runs its init code. @throws ExitError where it cannot be compiled */
  async load({ instrument, perVu, isBase }: CompileSettings): Promise<Reply | null> {
    const { place, packed, name } = this.#script;
    const program = await compileScriptFile(name, {
      instrument,
      perVu,
      compatibilityMode: isBase ? 'base' : 'extended',
      remote: remoteModulesOf(place.file, { offline: true, packed }),
    });
    return this.group.ask({ type: 'load', program });
  }

  ask(step: Exclude<Step, { type: 'load' }>): Promise<Reply | null> {
    return this.group.ask(step);
  }

  get counts(): ToldCounts {
    return tellableCounts(this.#hosts.counts);
  }

  get progress(): GroupProgress {
    return this.group.progress;
  }

  /** @param atMs when the run began, by this machine's clock */
  begin(atMs: number): void {
    this.#hosts.counts.start(atMs);
  }

  pause(isPaused: boolean): void {
    if (isPaused) this.#hosts.counts.pause();
    else this.#hosts.counts.resume();
  }

  releaseLog(octets: number): void {
    this.#hosts.counts.releaseLog(octets);
  }

  /** Text with the paths of the author's machine in place of those here. */
  showPaths(text: string): string {
    return this.#script.showPaths(text);
  }

  showFailure({ text }: ScriptFailure): ScriptFailure {
    return { text: this.showPaths(text) };
  }

  async close(): Promise<void> {
    await this.group.exit();
    this.#script.close();
  }
}
