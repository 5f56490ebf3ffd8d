// The parts of a link as they stand in its `href`: nothing is resolved, as in k6.

export interface UrlParts {
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  /** With its `?`, or empty. */
  readonly search: string;
  /** With its `#`, or empty. */
  readonly hash: string;
}

/** Splits a URL or a reference (RFC 3986, appendix B). The protocol has no colon, unlike in browsers. */
export function splitUrl(href: string): UrlParts {
  const found = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(href.trim());
  const authority = found?.[2] ?? '';
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? '' : authority.slice(0, at);
  const colon = user.indexOf(':');
  const host = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority.slice(at + 1));
  return {
    protocol: (found?.[1] ?? '').toLowerCase(),
    username: colon < 0 ? user : user.slice(0, colon),
    password: colon < 0 ? '' : user.slice(colon + 1),
    hostname: host?.[1] ?? '',
    port: host?.[2] ?? '',
    pathname: found?.[3] ?? '',
    search: found?.[4] === '?' ? '' : (found?.[4] ?? ''),
    hash: found?.[5] === '#' ? '' : (found?.[5] ?? ''),
  };
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/** `host:port`; the port that the protocol has anyway is left out. */
export function hostOf({ protocol, hostname, port }: UrlParts): string {
  return port === '' || (Object.hasOwn(DEFAULT_PORTS, protocol) && DEFAULT_PORTS[protocol] === port)
    ? hostname
    : `${hostname}:${port}`;
}

/** The path from the root, as k6 gives that of links: one that is relative gets its slash. */
export function rootedPathOf({ pathname }: UrlParts): string {
  return pathname.startsWith('/') ? pathname : `/${pathname}`;
}

/** `https://host:port`, or empty for what names no host. */
export function originOf(parts: UrlParts): string {
  return parts.protocol === '' || parts.hostname === '' ? '' : `${parts.protocol}://${hostOf(parts)}`;
}
