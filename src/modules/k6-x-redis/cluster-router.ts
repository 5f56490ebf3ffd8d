// Which node of a cluster gets a command (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/).
import { hasFlag } from '@ioredis/commands';
import { Command } from 'ioredis';
import type { ClientOptions, ServerAddress } from './client-options.ts';
import type { CommandLine, ServerConnections } from './server-connections.ts';

/** Master first, then its replicas, as `host:port`. */
type SlotOwners = readonly [string, ...string[]];

export class ClusterRouter {
  readonly #options: ClientOptions;
  readonly #connect: (server: ServerAddress, isReplica: boolean) => ServerConnections;
  readonly #nodes = new Map<string, ServerConnections>();
  readonly #owners: (SlotOwners | undefined)[] = [];
  #refreshing: Promise<void> | null = null;
  #next = 0;

  constructor(options: ClientOptions, connect: (server: ServerAddress, isReplica: boolean) => ServerConnections) {
    this.#options = options;
    this.#connect = connect;
  }

  /** As {@link ServerConnections.send}; follows redirections as often as the options allow. */
  async send(command: CommandLine): Promise<unknown> {
    if (this.#owners.length === 0) await this.#refresh();
    const slot = new Command(command.name, [...command.args]).getSlot();
    let node = this.#choose(slot, command);
    let isAsking = false;
    for (let left = this.#options.maxRedirects; ; left--) {
      try {
        if (isAsking) await node.send({ name: 'ASKING', args: [], sentAt: 0 });
        return await node.send(command);
      } catch (error) {
        const [, kind, moved, to] = /^(MOVED|ASK) (\d+) (\S+)$/.exec((error as Error).message) ?? [];
        if (to === undefined) {
          // A node that is not there any more may have been replaced: the next command asks the others.
          if ((error as Error).name !== 'ReplyError') this.#owners.length = 0;
          throw error;
        }
        if (left <= 0) throw error;
        isAsking = kind === 'ASK';
        if (!isAsking) this.#owners[Number(moved)] = [to];
        node = this.#nodeAt(to, false);
      }
    }
  }

  close(): void {
    for (const node of this.#nodes.values()) node.close();
  }

  #choose(slot: number | null, { name }: CommandLine): ServerConnections {
    const owners = slot === null ? this.#anyOwners() : this.#owners[slot];
    // A slot that nobody serves: whichever node is asked says so.
    if (owners === undefined) return this.#nodeAt(this.#anyOwners()[0], false);
    const { reads } = this.#options;
    if (reads === 'master' || owners.length === 1 || !isReadOnly(name)) return this.#nodeAt(owners[0], false);
    const first = reads === 'all' ? 0 : 1;
    const at = first + (this.#next++ % (owners.length - first));
    return this.#nodeAt(owners[at] as string, at > 0);
  }

  #anyOwners(): SlotOwners {
    const all = [...new Set(this.#owners.filter((one) => one !== undefined))];
    const [first] = this.#options.servers as [ServerAddress];
    return all[this.#next++ % Math.max(1, all.length)] ?? [`${first.host}:${first.port}`];
  }

  #nodeAt(address: string, isReplica: boolean): ServerConnections {
    const key = `${address} ${isReplica}`;
    let node = this.#nodes.get(key);
    if (node === undefined) {
      const colon = address.lastIndexOf(':');
      const server = { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
      this.#nodes.set(key, (node = this.#connect(server, isReplica)));
    }
    return node;
  }

  /** @throws what the last of the nodes says where none tells of the slots */
  async #refresh(): Promise<void> {
    this.#refreshing ??= this.#askForSlots().finally(() => {
      this.#refreshing = null;
    });
    await this.#refreshing;
  }

  async #askForSlots(): Promise<void> {
    const known = [...this.#nodes.keys()].filter((key) => key.endsWith(' false')).map((key) => key.slice(0, -6));
    const servers = this.#options.servers.map(({ host, port }) => `${host}:${port}`);
    let failure: unknown;
    for (const address of new Set([...servers, ...known])) {
      try {
        const answer: unknown = await this.#nodeAt(address, false).send({
          name: 'CLUSTER',
          args: ['SLOTS'],
          sentAt: 0,
        });
        if (!Array.isArray(answer) || answer.length === 0) throw new Error(`${address} serves no slots of a cluster`);
        this.#takeSlots(answer, address.slice(0, address.lastIndexOf(':')));
        return;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** @param asked the host that answered: a node that does not know its own name leaves it out */
  #takeSlots(ranges: readonly unknown[], asked: string): void {
    for (const range of ranges) {
      const [from, to, ...nodes] = range as [number, number, ...[string | null, number][]];
      const owners = nodes.map(([host, port]) => `${host === null || host === '' ? asked : host}:${port}`);
      for (let slot = from; slot <= to; slot++) this.#owners[slot] = owners as unknown as SlotOwners;
    }
  }
}

function isReadOnly(name: string): boolean {
  try {
    return hasFlag(name.toLowerCase(), 'readonly');
  } catch {
    return false; // a command that ioredis does not know
  }
}
