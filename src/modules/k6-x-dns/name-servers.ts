// Questions to name servers that scripts choose, by c-ares.
import { Resolver } from 'node:dns';
import { isIP } from 'node:net';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { Place } from '../../wire/net/dialer.ts';
import { toWireError } from '../../wire/net/raw-errors.ts';
import { WireError } from '../../wire/net/wire-error.ts';

export type RecordType = 'A' | 'AAAA';

/** How long a name server may take, in ms. It is asked once: under load a lost question is a result, not to be hidden by another. */
const ANSWER_MS = 2000;
/** Scripts that ask a new server each time must not fill the memory. */
const MOST_RESOLVERS = 1000;
const DNS_PORT = 53;

/** A name server as a script writes it. */
export interface NameServer {
  readonly host: string;
  readonly port: number;
}

/**
 * @param given `8.8.8.8:53`, `[2606:4700:4700::1111]:53`, a name for the address; the port may be left out
 * @throws TypeError that says how it is to be written
 */
export function readNameServer(given: string): NameServer {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(given) ?? [];
  const host = bracketed ?? plain ?? (isIP(given) === 6 ? given : '');
  const port = digits === undefined ? DNS_PORT : Number(digits);
  if (host === '' || port < 1 || port > 65_535 || (bracketed !== undefined && isIP(bracketed) !== 6)) {
    throw new TypeError(
      `cannot read the name server ${JSON.stringify(given)}: write 8.8.8.8:53, or [2606:4700:4700::1111]:53`,
    );
  }
  return { host, port };
}

export class NameServers {
  readonly #resolvers = new Map<string, Resolver>();

  /**
   * Asks a server once.
   * @param done the addresses – none where the name exists without such a record – or an error of the 1100s or 1200s
   * @returns gives up: nothing is called back afterwards
   */
  ask(
    vu: VirtualUser,
    question: { readonly name: string; readonly type: RecordType; readonly server: NameServer },
    done: (outcome: readonly string[] | WireError) => void,
  ): () => void {
    const { network } = vu.environment;
    const { dialer } = network;
    let isOver = false;
    const finish = (outcome: readonly string[] | WireError): void => {
      if (!isOver) done(outcome);
      isOver = true;
    };
    dialer.locate(question.server.host, question.server.port, (found) => {
      if (isOver) return;
      if (found instanceof WireError) {
        finish(
          new WireError(found.code, `name server ${question.server.host}: ${found.message}`, { kind: found.kind }),
        );
        return;
      }
      const answer = (error: NodeJS.ErrnoException | null, addresses: readonly string[]): void => {
        if (error === null) finish(addresses);
        else if (error.code === 'ENODATA') finish([]);
        else finish(explain(question.name, `${found.ip}:${found.port}`, error));
      };
      try {
        const resolver = this.#resolverOf(found, dialer.localAddress(network.localAddressOf(vu)));
        if (question.type === 'A') resolver.resolve4(question.name, answer);
        else resolver.resolve6(question.name, answer);
      } catch (error) {
        finish(explain(question.name, `${found.ip}:${found.port}`, error));
      }
    });
    return () => {
      isOver = true;
    };
  }

  #resolverOf({ ip, port }: Place, localAddress: string | undefined): Resolver {
    const address = isIP(ip) === 6 ? `[${ip}]:${port}` : `${ip}:${port}`;
    const key = `${address} ${localAddress ?? ''}`;
    let resolver = this.#resolvers.get(key);
    if (resolver === undefined) {
      resolver = new Resolver({ timeout: ANSWER_MS, tries: 1 });
      resolver.setServers([address]);
      if (localAddress !== undefined) {
        if (isIP(localAddress) === 4) resolver.setLocalAddress(localAddress);
        else resolver.setLocalAddress('0.0.0.0', localAddress);
      }
      if (this.#resolvers.size >= MOST_RESOLVERS) this.#resolvers.clear();
      this.#resolvers.set(key, resolver);
    }
    return resolver;
  }
}

/** The failure with what was asked, and whom: neither is part of the tag. */
function explain(name: string, server: string, error: unknown): WireError {
  const { code, message, kind } = toWireError(error, 'lookup');
  return new WireError(code, message.replace(/^lookup:/, `lookup ${name} on ${server}:`), { cause: error, kind });
}
