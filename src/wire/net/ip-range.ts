import { BlockList, isIP, isIPv4 } from 'node:net';

/** A set of address ranges, asked by every dial; built once. */
export class IpRanges {
  readonly #list: { text: string; block: BlockList; holdsFour: boolean }[] = [];

  /**
   * @param cidrs ranges such as `10.0.0.0/8` or `fd00::/8`; a bare address is a range of one
   * @throws Error when one of them is neither
   */
  constructor(cidrs: readonly string[]) {
    for (const text of cidrs) {
      const { address, bits, version } = parseCidr(text);
      const block = new BlockList();
      block.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6');
      // A wide range of version 6 has all of version 4 in it by number only (`::ffff:0:0/96`); Go tells the two apart.
      this.#list.push({ text, block, holdsFour: version === 4 || bits >= 96 });
    }
  }

  /** The text of the first range that holds `address`, or null. */
  find(address: string): string | null {
    const version = isIPv4(address) ? 'ipv4' : 'ipv6';
    const isFour = version === 'ipv4' || /^::ffff:/i.test(address);
    for (const { text, block, holdsFour } of this.#list)
      if ((holdsFour || !isFour) && block.check(address, version)) return text;
    return null;
  }
}

/** @throws Error unless it is an address, alone (a block of one) or with the number of its leading bits */
function parseCidr(text: string): { address: string; bits: number; version: number } {
  const [address = '', bits, ...rest] = text.split('/');
  const version = versionOf(address);
  const width = version === 4 ? 32 : 128;
  if (version === 0 || rest.length > 0 || (bits !== undefined && !(/^\d+$/.test(bits) && Number(bits) <= width)))
    throw new Error(`invalid CIDR address: ${text}`);
  return { address, bits: bits === undefined ? width : Number(bits), version };
}

/** 4, 6, or 0 for what is no address; one with a zone (`fe80::1%eth0`) is of a single machine and in no range. */
function versionOf(text: string): number {
  return text.includes('%') ? 0 : isIP(text);
}

function toBigInt(address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  let text = address;
  const lastPart = text.slice(text.lastIndexOf(':') + 1);
  if (isIPv4(lastPart)) {
    const low = toBigInt(lastPart);
    text = `${text.slice(0, -lastPart.length)}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  }
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const parts =
    tail === undefined ? left : [...left, ...new Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return parts.reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}

function fromBigInt(value: bigint, version: number): string {
  const [count, bits, radix, separator] = version === 4 ? [4, 8n, 10, '.'] : [8, 16n, 16, ':'];
  const parts: string[] = [];
  const mask = (1n << bits) - 1n;
  for (let index = count - 1; index >= 0; index--)
    parts.push(((value >> (BigInt(index) * bits)) & mask).toString(radix));
  return parts.join(separator);
}

/** Source addresses that virtual users take in turn, counted rather than listed: a CIDR may hold millions. */
export class LocalAddresses {
  readonly #ranges: { first: bigint; count: bigint; version: number }[] = [];
  readonly #total: bigint;

  /**
   * @param specs as of `--local-ips`: addresses, ranges `a-b` and CIDRs (without network and broadcast address)
   * @throws Error when one cannot be read
   */
  constructor(specs: readonly string[]) {
    for (const spec of specs) this.#ranges.push(parseRange(spec.trim()));
    this.#total = this.#ranges.reduce((sum, range) => sum + range.count, 0n);
  }

  /** The address of the `index`-th user (from 0), going round; undefined when there are none. */
  at(index: number): string | undefined {
    if (this.#total === 0n) return undefined;
    let rest = BigInt(index) % this.#total;
    for (const range of this.#ranges) {
      if (rest < range.count) return fromBigInt(range.first + rest, range.version);
      rest -= range.count;
    }
    return undefined;
  }
}

function parseRange(spec: string): { first: bigint; count: bigint; version: number } {
  if (spec.includes('/')) {
    const { address, bits, version } = parseCidr(spec);
    const size = 1n << BigInt((version === 4 ? 32 : 128) - bits);
    const first = toBigInt(address) & ~(size - 1n);
    return size > 2n ? { first: first + 1n, count: size - 2n, version } : { first, count: size, version };
  }
  const [from = '', to = from, ...rest] = spec.split('-');
  const version = versionOf(from);
  if (version === 0 || versionOf(to) !== version || rest.length > 0)
    throw new Error(`invalid IP address or range: ${spec}`);
  const first = toBigInt(from);
  const count = toBigInt(to) - first + 1n;
  if (count < 1n) throw new Error(`negative IP range: ${spec}`);
  return { first, count, version };
}
