// The name and password that an address may hold: for the server that it names, and for nobody to see.
import { decodePercent } from './percent-text.ts';

/** Without escapes. Either may be empty. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Takes the credentials out of an address, which has none afterwards. @returns null: there are none */
export function takeCredentials(address: URL): Credentials | null {
  const { username, password } = address;
  if (username === '' && password === '') return null;
  address.username = address.password = '';
  return { user: decodePercent(username), password: decodePercent(password) };
}

/** An address without the credentials that it may hold; as it stands where there are none, or where it cannot be read. */
export function withoutCredentials(address: string): string {
  const url = URL.parse(address);
  return url === null || takeCredentials(url) === null ? address : url.href;
}

/** The value of an Authorization or Proxy-Authorization header (RFC 7617, section 2): either part may be empty. */
export function basicAuthorization({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Stands where a name and a password did. */
const HIDDEN = '****:****@';

/** An address that can be read without the credentials that it may hold: no log, tag, name or report shows them. */
export function maskCredentials(address: string): string {
  return address.replace(/^(\s*(?:[a-z][a-z0-9+.-]*:)?\/\/)[^/?#]*@/i, `$1${HIDDEN}`);
}

/** Of an address that nobody can read: its password may have any character, as long as an @ comes behind it. */
export function maskUnread(address: string): string {
  return address.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/)?.*@/is, `$1${HIDDEN}`);
}

/** Of an address that somebody has written, whether it can be read or not. */
export function maskAddress(address: string): string {
  const scheme = /^\s*[a-z][a-z0-9+.-]*:\/\//i.exec(address)?.[0] ?? '';
  if (scheme !== '' && URL.canParse(address)) return maskCredentials(address);
  // An @ alone may belong to a path.
  const colon = address.indexOf(':', scheme.length);
  return colon >= 0 && address.includes('@', colon) ? maskUnread(address) : address;
}

/** What stands in place of credentials in hints. */
const PLACEHOLDER = /^[a-z][a-z0-9+.-]*:\/\/user:password@/i;

/** Of text in which addresses stand, such as a message or a line of a script. */
export function maskWithin(text: string): string {
  const mask = (address: string): string => (PLACEHOLDER.test(address) ? address : maskAddress(address));
  const quoted = /(["'`])([a-z][a-z0-9+.-]*:\/\/.*?)\1/gi;
  return (
    text
      .replace(quoted, (_, quote: string, address: string) => quote + mask(address) + quote)
      // No scheme is longer; without an end a text could be looked through again from each letter of it.
      .replace(/[a-z][a-z0-9+.-]{0,63}:\/\/[^\s'"`<>]+/gi, mask)
  );
}
