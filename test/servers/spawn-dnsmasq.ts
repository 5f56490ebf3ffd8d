// For tests: a name server on loopback, Debian's dnsmasq.
import { findFreePort, type LoopbackServer, spawnOnLoopback } from './spawn-on-loopback.ts';

/** @param names each with its address; it knows no others */
export async function spawnDnsmasq(
  names: Readonly<Record<string, string>>,
): Promise<LoopbackServer & { readonly port: number }> {
  const port = await findFreePort();
  const args = ['--keep-in-foreground', '--conf-file=/dev/null', '--no-hosts', '--no-resolv', '--pid-file='];
  const own = ['--listen-address=127.0.0.1', '--bind-interfaces', `--port=${port}`];
  const known = Object.entries(names).map(([name, address]) => `--address=/${name}/${address}`);
  const server = await spawnOnLoopback('dnsmasq', [...args, ...own, ...known], [port]);
  return { ...server, port };
}
