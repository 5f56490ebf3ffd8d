// For tests: hosts of their own on this machine, with links between them that can be cut (network namespaces and veth pairs of Linux).
import { execFileSync } from 'node:child_process';
import { findProgram, hasProgram } from './has-program.ts';

/** An address in a namespace, and the way to cut it off. */
export interface Link {
  readonly from: string;
  readonly to: string;
  /** What is sent gets nowhere, and nobody is told. */
  cut(): void;
  mend(): void;
}

/** Why tests that need them are skipped; false where they run. CI has `ip` installed (.ci/setup); whether it may make namespaces is tried. */
export const NO_NAMESPACES: string | false = whyNot();

function ip(...words: string[]): void {
  execFileSync(findProgram('ip') ?? 'ip', words, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
}

function whyNot(): string | false {
  if (!hasProgram('ip')) return process.env['CI'] ? false : 'no ip (iproute2) on this machine';
  const name = `sixfold-try-${process.pid}`;
  try {
    ip('netns', 'add', name);
    try {
      ip('link', 'add', `sft${process.pid}`, 'type', 'veth', 'peer', 'name', 'peer', 'netns', name);
    } finally {
      ip('netns', 'del', name);
    }
    return false;
  } catch (error) {
    const [why] = String((error as { stderr?: string }).stderr ?? error).split('\n');
    return `this machine makes no network namespaces: ${why}`;
  }
}

/** Hosts and links of one test. */
export class Network {
  readonly #hosts: string[] = [];
  #links = 0;

  /** @param name short @returns what `ip netns exec` calls it */
  addHost(name: string): string {
    const host = `sixfold-${name}-${process.pid}`;
    ip('netns', 'add', host);
    this.#hosts.push(host);
    ip('-n', host, 'link', 'set', 'lo', 'up');
    return host;
  }

  /**
   * Joins two hosts by a link of their own.
   * @param from a host; null: this machine itself
   */
  join(from: string | null, to: string): Link {
    const number = this.#links++;
    // Of this process, so that tests that run at once do not meet.
    const net = `10.${128 + ((process.pid >> 8) & 127)}.${process.pid & 255}`;
    const [near, far] = [`${net}.${4 * number + 1}`, `${net}.${4 * number + 2}`];
    const [ours, theirs] = [`sf${process.pid}n${number}`, `link${number}`];
    const here = from === null ? [] : ['-n', from];
    ip(...here, 'link', 'add', ours, 'type', 'veth', 'peer', 'name', theirs, 'netns', to);
    ip(...here, 'address', 'add', `${near}/30`, 'dev', ours);
    ip(...here, 'link', 'set', ours, 'up');
    ip('-n', to, 'address', 'add', `${far}/30`, 'dev', theirs);
    ip('-n', to, 'link', 'set', theirs, 'up');
    const set = (state: 'up' | 'down'): void => ip('-n', to, 'link', 'set', theirs, state);
    return { from: near, to: far, cut: () => set('down'), mend: () => set('up') };
  }

  /** Takes all of it away; what still runs there has to be ended before. */
  close(): void {
    for (const host of this.#hosts.splice(0)) ip('netns', 'del', host);
  }
}
