// Checks and groups as the summary shows them: counted, in the tree that the groups make.

/** One check of one group. */
export interface CheckTally {
  readonly name: string;
  passes: number;
  fails: number;
}

/** A group: its checks and the groups within it, both in the order in which they were first seen. */
export interface GroupNode {
  readonly name: string;
  /** `::outer::inner`; the root's is empty. */
  readonly path: string;
  readonly groups: Map<string, GroupNode>;
  readonly checks: Map<string, CheckTally>;
}

const GROUP_SEPARATOR = '::';

/** A group without checks yet. @param path `::outer::inner`; the root's is empty */
export function createGroup(name: string, path: string): GroupNode {
  return { name, path, groups: new Map(), checks: new Map() };
}

/** Finds or creates the group of a path as the `group` tag has it. */
export function findGroup(root: GroupNode, path: string): GroupNode {
  let node = root;
  for (const name of path.split(GROUP_SEPARATOR).slice(1)) {
    let child = node.groups.get(name);
    if (!child) {
      child = createGroup(name, `${node.path}${GROUP_SEPARATOR}${name}`);
      node.groups.set(name, child);
    }
    node = child;
  }
  return node;
}

/** Finds or creates a check of a group. */
export function findCheck(group: GroupNode, name: string): CheckTally {
  let check = group.checks.get(name);
  if (!check) {
    check = { name, passes: 0, fails: 0 };
    group.checks.set(name, check);
  }
  return check;
}
