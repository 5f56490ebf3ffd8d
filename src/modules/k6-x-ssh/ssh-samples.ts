// What is measured of connections and commands; all of it is of Sixfold.
import type { Metric } from '../../metrics/metric.ts';
import type { TagSet } from '../../metrics/tag-set.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { tagFailure } from '../../vu/network-failure.ts';
import type { WireError } from '../../wire/net/wire-error.ts';

export class SshSamples {
  readonly #environment: VuEnvironment;
  readonly #connections: Metric;
  readonly #connecting: Metric;
  readonly #commands: Metric;
  readonly #duration: Metric;
  readonly #failed: Metric;

  constructor(environment: VuEnvironment) {
    const { registry } = environment;
    this.#environment = environment;
    this.#connections = registry.define('ssh_connections', 'counter');
    this.#connecting = registry.define('ssh_connecting', 'trend', 'time');
    this.#commands = registry.define('ssh_commands', 'counter');
    this.#duration = registry.define('ssh_command_duration', 'trend', 'time');
    this.#failed = registry.define('ssh_command_failed', 'rate');
  }

  /** From the look-up to the end of authentication. */
  connected(tags: TagSet, durationMs: number, error: WireError | null): void {
    const all = error === null ? tags : tagFailure(this.#environment, tags, 'ssh-connect', error);
    this.#add(this.#connections, all, 1);
    if (error === null) this.#add(this.#connecting, all, durationMs);
  }

  /**
   * @param command its first word becomes the name: the others may hold what is secret, or differ each time
   * @param exitCode null where it is not known
   */
  ran(tags: TagSet, command: string, durationMs: number, exitCode: number | null, error: WireError | null): void {
    const [program = ''] = command.trim().split(/\s+/);
    const named = this.#environment.options.systemTags.includes('name') ? tags.with('name', program) : tags;
    const all = error === null ? named : tagFailure(this.#environment, named, 'ssh', error);
    this.#add(this.#commands, all, 1);
    this.#add(this.#duration, all, durationMs);
    this.#add(this.#failed, all, error === null && exitCode === 0 ? 0 : 1);
  }

  #add(metric: Metric, tags: TagSet, value: number): void {
    this.#environment.samples.add(metric, tags, value, this.#environment.now());
  }
}
