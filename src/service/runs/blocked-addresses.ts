// Where no run may connect to: what a cloud tells its machines about themselves, their credentials among it.
import { BlockList, isIP } from 'node:net';

/** Link-local addresses (RFC 3927), where most clouds have their metadata, and those that clouds have beside them. */
const METADATA = [
  '169.254.0.0/16',
  'fe80::/10',
  // Amazon, over IPv6.
  'fd00:ec2::254/128',
  // Google, over IPv6.
  'fd20:ce::254/128',
  // Alibaba.
  '100.100.100.200/32',
  // Azure: what its machines are told and given beside the metadata.
  '168.63.129.16/32',
];

/** @returns rules against them, as target-rules.ts takes them */
export function blockedAddresses(): readonly string[] {
  return METADATA;
}

let blocked: BlockList | null = null;

/** @param address of IPv4 or IPv6 @returns whether it is one of {@link blockedAddresses} */
export function isBlockedAddress(address: string): boolean {
  if (blocked === null) {
    blocked = new BlockList();
    for (const range of METADATA) {
      const [first = '', length] = range.split('/');
      blocked.addSubnet(first, Number(length), isIP(first) === 6 ? 'ipv6' : 'ipv4');
    }
  }
  return blocked.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
