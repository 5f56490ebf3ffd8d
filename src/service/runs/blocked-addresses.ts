// Where no run may connect to: what a cloud tells its machines about themselves, their credentials among it.

/** Link-local addresses (RFC 3927), where all clouds have their metadata, and Amazon's over IPv6. */
const METADATA = ['169.254.0.0/16', 'fd00:ec2::254/128', 'fe80::/10'];

/** @returns ranges as `blacklistIPs` takes them */
export function blockedAddresses(): readonly string[] {
  return METADATA;
}
