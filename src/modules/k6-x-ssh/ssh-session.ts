// The one connection that a virtual user has at a time.
import type Ssh2 from 'ssh2';
import type { TagSet } from '../../metrics/tag-set.ts';
import { addCustomTags } from '../../vu/custom-tags.ts';
import { createDialRequest } from '../../vu/dial-request.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { type CommandResult, SshConnection } from './ssh-connection.ts';
import { type CommandOptions, readTarget } from './ssh-params.ts';
import type { SshSamples } from './ssh-samples.ts';

export class SshSession {
  readonly #ssh2: typeof Ssh2;
  readonly #vu: VirtualUser;
  readonly #samples: SshSamples;
  #connection: SshConnection | null = null;
  #tags: TagSet;

  constructor(ssh2: typeof Ssh2, vu: VirtualUser, samples: SshSamples) {
    this.#ssh2 = ssh2;
    this.#vu = vu;
    this.#samples = samples;
    this.#tags = vu.tags;
    vu.onDispose(() => this.close());
  }

  /** Takes the place of a connection that there is. @throws WireError; TypeError for options that cannot be used */
  async connect(given: unknown): Promise<void> {
    const { environment } = this.#vu;
    const target = readTarget(environment, given);
    this.close();
    const { host, port, timeoutMs } = target;
    const server = this.#vu.tags.with('server', `${host}:${port}`);
    this.#tags = addCustomTags(environment.realm, server, target.tags);
    const connection = new SshConnection(new this.#ssh2.Client());
    this.#connection = connection;
    const began = performance.now();
    const abort = new AbortController();
    const forget = this.#vu.onInterrupt(() => {
      abort.abort();
      connection.close(new WireError(1030, 'ssh: the iteration is over'));
    });
    const request = createDialRequest(this.#vu, { host, port, secure: false, timeoutMs });
    try {
      await connection.open(target, environment.network.dialer.dial({ ...request, signal: abort.signal }));
      this.#samples.connected(this.#tags, performance.now() - began, null);
    } catch (error) {
      connection.close(new WireError(1030, 'ssh: given up'));
      if (error instanceof WireError) this.#samples.connected(this.#tags, 0, error);
      throw error;
    } finally {
      forget();
    }
  }

  /** @throws WireError where it cannot be known how the command ended */
  async run(command: string, { input, timeoutMs, tags }: CommandOptions): Promise<CommandResult> {
    const { realm, options } = this.#vu.environment;
    const own = addCustomTags(realm, this.#tags, tags);
    const connection = this.#connection;
    const began = performance.now();
    const forget = this.#vu.onInterrupt(() => this.close());
    try {
      if (connection === null) throw new WireError(2403, 'ssh: not connected');
      const result = await connection.run(command, { input, timeoutMs, outputOctets: options.maxResponseBytes });
      this.#samples.ran(own, command, performance.now() - began, result.exitCode, null);
      return result;
    } catch (error) {
      if (error instanceof WireError) this.#samples.ran(own, command, performance.now() - began, null, error);
      throw error;
    } finally {
      forget();
    }
  }

  close(): void {
    this.#connection?.close(new WireError(1030, 'ssh: the connection was closed'));
    this.#connection = null;
  }
}
