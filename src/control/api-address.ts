// Where the REST API listens: `host:port` in Go's notation, and who may reach it there.
import { maskAddress } from '../addresses/credentials.ts';
import { EXIT, ExitError } from '../exit/exit-error.ts';

export interface ApiAddress {
  /** A name or an address; empty: all interfaces. */
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
}

/** k6's own port. */
const DEFAULT_PORT = 6565;

/** @param text `localhost:6565`, `:6565`, `[::1]:6565` or a host alone @throws ExitError 255 */
export function parseApiAddress(text: string): ApiAddress {
  const found = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([^:[\]\s/]*))(?::(\d{1,5}))?$/.exec(text.trim());
  const port = found?.[3] === undefined ? DEFAULT_PORT : Number(found[3]);
  if (!found || port > 65_535)
    throw new ExitError(EXIT.other, `"${maskAddress(text)}" is no address: use HOST:PORT, as in localhost:6565`);
  return { host: found[1] ?? found[2] ?? '', port };
}

/** Whether only programs of this machine reach it. */
export function isLoopback({ host }: ApiAddress): boolean {
  // Names have no case (RFC 4343).
  return host.toLowerCase() === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** @returns `host:port` as a URL has it */
export function showApiAddress({ host, port }: ApiAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
