import type { VirtualUser } from '../../vu/virtual-user.ts';
import { DialedStream } from '../../wire/net/dialed-stream.ts';

const DIAL_MS = 30_000;

/** A stream to a server in place of the socket that a driver would make; drivers speak TLS over it themselves, since it begins in the middle. */
export function dialForDriver(vu: VirtualUser, host: string, port: number): DialedStream & { connect(): void } {
  const { network } = vu.environment;
  const localAddressIndex = network.localAddressOf(vu);
  const dialing = network.dialer.dial({
    ...{ host, port, tls: null, timeoutMs: DIAL_MS, meter: vu.meter },
    ...(localAddressIndex === undefined ? {} : { localAddressIndex }),
  });
  // pg tells a socket to connect; this one does already.
  return Object.assign(new DialedStream(dialing), { connect() {} });
}
