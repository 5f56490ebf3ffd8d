/** Those of the `systemTags` that are asked about at every iteration, group and check. */
export interface SystemTagFlags {
  readonly group: boolean;
  readonly check: boolean;
  readonly iter: boolean;
}

let lastTags: readonly string[] | null = null;
let lastFlags: SystemTagFlags = { group: false, check: false, iter: false };

/** @param systemTags as the options have them: nearly always the list of the call before, which is not searched again */
export function systemTagFlags(systemTags: readonly string[]): SystemTagFlags {
  if (systemTags !== lastTags) {
    lastTags = systemTags;
    lastFlags = {
      group: systemTags.includes('group'),
      check: systemTags.includes('check'),
      iter: systemTags.includes('iter'),
    };
  }
  return lastFlags;
}
