// What this machine lets a load generator have. Linux tells; elsewhere only cores and memory are known.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';

/** How long the system keeps the port of a connection that this side has closed, in s (TIME_WAIT, RFC 9293 section 3.6.1; fixed on Linux). */
export const TIME_WAIT_S = 60;

export interface SystemLimits {
  readonly cores: number;
  /** MB, of the machine or of the container. */
  readonly memoryMb: number;
  /** Files and sockets of a process; null: not known. */
  readonly files: number | null;
  /** Ports of connections to one address; null: not known. */
  readonly ports: number | null;
  /** Connections that a firewall of the system keeps in mind; null: there is none, or it is not known. */
  readonly tracked: number | null;
}

export function readLimits(): SystemLimits {
  const [from, to] = (read('/proc/sys/net/ipv4/ip_local_port_range') ?? '').split(/\s+/).map(Number) as [
    number,
    number,
  ];
  const files = /^Max open files\s+(\S+)\s+(\S+)/m.exec(read('/proc/self/limits') ?? '')?.[2];
  const memory = Math.min(totalmem(), numberOf(read('/sys/fs/cgroup/memory.max')) ?? Number.POSITIVE_INFINITY);
  return {
    cores: availableParallelism(),
    memoryMb: Math.round(memory / 1024 ** 2),
    // Node raises the soft limit to the hard one.
    files: files === undefined ? null : (numberOf(files) ?? Number.POSITIVE_INFINITY),
    ports: Number.isFinite(to - from) && to > 0 ? to - from + 1 : null,
    tracked: numberOf(read('/proc/sys/net/netfilter/nf_conntrack_max')),
  };
}

/** Sockets that this process has open; 0 where the system does not tell. */
export function countSockets(): number {
  try {
    return readdirSync('/proc/self/fd').filter(isSocket).length;
  } catch {
    return 0;
  }
}

function isSocket(fd: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
  } catch {
    // It has been closed since.
    return false;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

function numberOf(text: string | null): number | null {
  const number = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}
