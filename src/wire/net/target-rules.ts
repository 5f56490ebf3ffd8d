// Where a run may connect to, and where never, as those who let it run say: no option of a test changes it.
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { IpRanges } from './ip-range.ts';
import { WireError } from './wire-error.ts';

/**
 * Rules are `api.example.com`, `*.example.com` (names below it), `*` (any), an address, or a block of addresses (`10.0.0.0/8`); each perhaps
 * with a port: `api.example.com:443`, `10.0.0.0/8:443`, `[2001:db8::/32]:443`.
 */
export interface TargetSettings {
  /** All that may be contacted; null: everything. */
  readonly allowed: readonly string[] | null;
  /** What is never contacted, even if it is allowed. */
  readonly blocked: readonly string[];
}

interface NameRule {
  readonly text: string;
  /** In ASCII, lower case, without the `*` in front. */
  readonly name: string;
  readonly isEnding: boolean;
  /** null: any. */
  readonly port: number | null;
}

interface AddressRule {
  readonly text: string;
  readonly range: IpRanges;
  /** null: any. */
  readonly port: number | null;
}

class RuleList {
  readonly names: readonly NameRule[];
  readonly addresses: readonly AddressRule[];

  constructor(texts: readonly string[]) {
    const rules = texts.map(readRule);
    this.names = rules.filter((rule) => 'name' in rule);
    this.addresses = rules.filter((rule) => 'range' in rule);
  }

  /** @returns the rule that has the name, which is not an address; null: none */
  findName(host: string, port: number): string | null {
    if (this.names.length === 0) return null;
    const name = plainName(host);
    const rule = this.names.find(
      (one) => (one.port ?? port) === port && (one.isEnding ? name.endsWith(one.name) : name === one.name),
    );
    return rule?.text ?? null;
  }

  findAddress(ip: string, port: number): string | null {
    const [address = ''] = ip.split('%');
    const rule = this.addresses.find((one) => (one.port ?? port) === port && one.range.find(address) !== null);
    return rule?.text ?? null;
  }
}

export class TargetRules {
  readonly #allowed: RuleList | null;
  readonly #blocked: RuleList;

  /** @throws Error that says which rule cannot be read */
  constructor({ allowed, blocked }: TargetSettings) {
    this.#allowed = allowed === null ? null : new RuleList(allowed);
    this.#blocked = new RuleList(blocked);
  }

  /**
   * Before a host is looked up.
   * @param isMapped the options of the test say where it is: the name then says nothing about what is contacted
   * @returns why it must not be; null: its address decides
   */
  refuseHost(host: string, port: number, isMapped: boolean): WireError | null {
    if (isIP(host) !== 0) return null;
    const rule = this.#blocked.findName(host, port);
    if (rule !== null) return new WireError(1111, blockedText(`${host}:${port}`, rule), { kind: BLOCKED });
    if (this.#allowed === null || isMapped || this.#allowed.addresses.length > 0) return null;
    return this.#allowed.findName(host, port) === null ? notAllowed(1111, `${host}:${port}`) : null;
  }

  /**
   * Once it is known where a host is.
   * @param name it was looked up by; null: none, or one that the options of the test have given an address
   * @param port that is connected to
   */
  refuseAddress(name: string | null, ip: string, port: number): WireError | null {
    const place = showPlace(ip, port);
    const rule = this.#blocked.findAddress(ip, port);
    if (rule !== null) {
      const what = name === null ? place : `${name} at ${place}`;
      return new WireError(1110, blockedText(what, rule), { kind: BLOCKED });
    }
    if (this.#allowed === null || this.#allowed.findAddress(ip, port) !== null) return null;
    if (name === null) return notAllowed(1110, place);
    return this.#allowed.findName(name, port) === null ? notAllowed(1110, `${name}:${port} (${ip})`) : null;
  }

  /** What a proxy looks up is judged by its name alone: where the proxy finds it cannot be seen. */
  refuseBehindProxy(host: string, port: number): WireError | null {
    if (isIP(host) !== 0) return this.refuseAddress(null, host, port);
    const refusal = this.refuseHost(host, port, false);
    if (refusal !== null || this.#allowed === null) return refusal;
    return this.#allowed.findName(host, port) === null
      ? notAllowed(1111, `${host}:${port}, by its name (a proxy looks it up),`)
      : null;
  }
}

const BLOCKED = 'the service blocks this address';
const NOT_ALLOWED = 'the project of the run does not allow this target';

function blockedText(what: string, rule: string): string {
  return `the service blocks ${what} for all runs (${rule}): no option of a test changes that`;
}

function notAllowed(code: 1110 | 1111, what: string): WireError {
  const text = `the project of the run does not allow ${what}: its allowed targets have no such rule, ask its administrator`;
  return new WireError(code, text, { kind: NOT_ALLOWED });
}

/** @throws Error that says what is wrong with the rule, and how one is written */
export function checkTargetRule(text: string): void {
  readRule(text);
}

function readRule(text: string): NameRule | AddressRule {
  const { place, port } = splitPort(text);
  if (place.includes('/') || isIP(place) !== 0) {
    try {
      return { text, range: new IpRanges([place]), port };
    } catch {
      throw unreadable(text);
    }
  }
  const isEnding = place === '*' || place.startsWith('*.');
  const rest = isEnding ? place.slice(1) : place;
  const name = plainName(rest);
  const isName = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(isEnding ? name.slice(1) : name);
  // What ends in a number is an address to everybody who looks it up (https://url.spec.whatwg.org/#ends-in-a-number-checker).
  if (place !== '*' && (!isName || /(^|\.)(\d+|0x[0-9a-f]*)$/.test(name))) throw unreadable(text);
  return { text, name, isEnding, port };
}

/** @throws Error for what has no form of a rule */
function splitPort(text: string): { place: string; port: number | null } {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  // Without brackets the last group of an address of version 6 would be taken for a port.
  const plain = /^[^:]*:[^:]*:/.test(text) ? [text, text] : /^([^:]+)(?::(\d{1,5}))?$/.exec(text);
  const [, place = '', digits] = bracketed ?? plain ?? [];
  const port = digits === undefined ? null : Number(digits);
  const isSix = isIP(place.split('/')[0] ?? '') === 6;
  if (place === '' || isSix !== place.includes(':') || (bracketed !== null && !isSix)) throw unreadable(text);
  if (port !== null && (port < 1 || port > 65_535))
    throw new Error(`${JSON.stringify(text)} has the port ${port}: ports go from 1 to 65535`);
  return { place, port };
}

function unreadable(text: string): Error {
  return new Error(
    `${JSON.stringify(text)} is no target: write a name (api.example.com, *.example.com), an address or a block of them ` +
      '(10.0.0.0/8), without http:// and path, perhaps with a port (api.example.com:443, [2001:db8::/32]:443)',
  );
}

/** As names are compared: they have no case (RFC 4343), and a dot at the end says only that they are whole. */
function plainName(host: string): string {
  const lower = host.toLowerCase().replace(/\.$/, '');
  const start = lower.startsWith('.') ? '.' : '';
  const ascii = domainToASCII(lower.slice(start.length));
  return ascii === '' ? lower : start + ascii;
}

function showPlace(ip: string, port: number): string {
  return isIP(ip) === 6 ? `[${ip}]:${port}` : `${ip}:${port}`;
}
