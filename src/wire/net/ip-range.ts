import { BlockList, isIP, isIPv4 } from 'node:net';

/** A set of address ranges, asked by every dial; built once. */
export class IpRanges {
  readonly #list: { text: string; block: BlockList }[] = [];

  /**
   * @param cidrs ranges such as `10.0.0.0/8` or `fd00::/8`; a bare address is a range of one
   * @throws Error when one of them is neither
   */
  constructor(cidrs: readonly string[]) {
    for (const text of cidrs) {
      const slash = text.indexOf('/');
      const address = slash < 0 ? text : text.slice(0, slash);
      const version = isIP(address);
      const bits = slash < 0 ? (version === 4 ? 32 : 128) : Number(text.slice(slash + 1));
      if (version === 0 || !Number.isInteger(bits) || bits < 0 || bits > (version === 4 ? 32 : 128)) {
        throw new Error(`invalid CIDR address: ${text}`);
      }
      const block = new BlockList();
      block.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6');
      this.#list.push({ text, block });
    }
  }

  /** The text of the first range that holds `address`, or null. */
  find(address: string): string | null {
    for (const { text, block } of this.#list) {
      if (block.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')) return text;
    }
    return null;
  }
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
  const slash = spec.indexOf('/');
  if (slash >= 0) {
    const address = spec.slice(0, slash);
    const version = isIP(address);
    const width = version === 4 ? 32 : 128;
    const bits = Number(spec.slice(slash + 1));
    if (version === 0 || !Number.isInteger(bits) || bits < 0 || bits > width)
      throw new Error(`invalid CIDR address: ${spec}`);
    const size = 1n << BigInt(width - bits);
    const first = toBigInt(address) & ~(size - 1n);
    return size > 2n ? { first: first + 1n, count: size - 2n, version } : { first, count: size, version };
  }
  const [from = '', to = from] = spec.split('-');
  const version = isIP(from);
  if (version === 0 || isIP(to) !== version) throw new Error(`invalid IP address or range: ${spec}`);
  const first = toBigInt(from);
  const count = toBigInt(to) - first + 1n;
  if (count < 1n) throw new Error(`negative IP range: ${spec}`);
  return { first, count, version };
}
