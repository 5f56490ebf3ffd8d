// The option `hosts`, as Chromium has it.

/**
 * @param hosts names, with or without a port, to addresses
 * @returns flags that have Chromium ask these addresses in place of the names
 */
export function resolverRules(hosts: Readonly<Record<string, string>>): string[] {
  const rules = Object.entries(hosts).map(([host, target]) => `MAP ${host} ${bracket(target)}`);
  return rules.length === 0 ? [] : [`--host-resolver-rules=${rules.join(',')}`];
}

/** An IPv6 address by itself stands in brackets there. */
function bracket(target: string): string {
  return /^[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*$/i.test(target) ? `[${target}]` : target;
}
