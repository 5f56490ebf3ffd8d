// One message to a webhook: connected only to where it may lead at that moment, whatever its name stood for when it was added.
import { type LookupAddress, lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isBlockedAddress } from '../runs/blocked-addresses.ts';

/** @param address of a machine @throws Error */
function expectFree(address: string): void {
  if (isBlockedAddress(address))
    throw new Error(`${address} is an address of the machine's cloud: a webhook may not lead there`);
}

/** As a socket looks a name up, but no address that is blocked comes out of it. */
const lookupFree: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error: Error | null, found: LookupAddress[]) => {
    try {
      if (error !== null) throw error;
      for (const { address } of found) expectFree(address);
      if (options.all) done(null, found);
      else done(null, found[0]!.address, found[0]!.family);
    } catch (problem) {
      done(problem as Error, '');
    }
  });
};

/**
 * Redirects are not followed.
 * @param patience in ms, for all of it
 * @returns the status of the answer
 * @throws Error where there is none in time, or the address is one of the machine's cloud
 */
export async function postHook(
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  patience: number,
): Promise<number> {
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // What is an address already is not looked up.
  if (isIP(host) !== 0) expectFree(host);
  const signal = AbortSignal.timeout(patience);
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent: false, lookup: lookupFree, signal }, (response) => {
      resolve(response.statusCode!);
      response.destroy();
    });
    sent.on('error', (error) => {
      if (signal.aborted) reject(new Error(`no answer within ${patience / 1000} s`));
      // Of a name with several addresses each has failed, and the whole has no words of its own.
      else reject(error instanceof AggregateError ? error.errors[0] : error);
    });
    sent.end(body);
  });
}
