// Which way a browser takes to the network, as flags of Chromium. What it comes from is a load worker's, which a script could have got
// hold of: nothing but names, addresses and a port becomes part of a flag.
import { isIP } from 'node:net';
import type { BrowserWay } from '../../vu/browsers.ts';

/** A name, perhaps with a star in front, or an address; perhaps a port. */
const HOST = /^[\w*.[\]:-]+$/;

/**
 * @returns flags, beside the usual ones
 * @throws TypeError for what is no such way
 */
export function networkFlags({ hosts, proxyPort }: BrowserWay): string[] {
  if (proxyPort !== null) {
    if (!Number.isInteger(proxyPort) || proxyPort < 1 || proxyPort > 65_535)
      throw new TypeError('the proxy of a browser has a port between 1 and 65535');
    // For addresses of its own machine too.
    return [`--proxy-server=socks5://127.0.0.1:${proxyPort}`, '--proxy-bypass-list=<-loopback>'];
  }
  const rules = Object.entries(hosts).map(([host, target]) => {
    for (const part of [host, target])
      if (typeof part !== 'string' || !HOST.test(part) || part.startsWith('-'))
        throw new TypeError(`hosts of a browser has ${JSON.stringify(part)}, which is neither a name nor an address`);
    return `MAP ${host} ${isIP(target) === 6 ? `[${target}]` : target}`;
  });
  return rules.length === 0 ? [] : [`--host-resolver-rules=${rules.join(',')}`];
}
