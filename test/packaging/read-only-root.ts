// For tests: a root of its own that cannot be written, with the package in it as the image (Dockerfile) has it, entered as nobody.
import { spawnSync } from 'node:child_process';
import { ROOT } from '../../scripts/root.ts';

/** As the image has it. */
const NOBODY = 65532;

/** Makes the root in a mount namespace, and runs the rest of the words in it: nothing of it is left when they end. */
const ENTER = `
  set -eu
  project=$1 modules=$2 node=$3; shift 3
  root=/mnt
  mount --make-rprivate /
  mount -t tmpfs tmpfs $root
  # First: the tree that is tried may itself lie in /tmp.
  mkdir $root/tmp
  mount -t tmpfs -o mode=1777 tmpfs $root/tmp
  mkdir -p $root/usr $root/dev $root/proc $root/work $root/app/node_modules $root$modules $root/etc
  for folder in bin lib lib64 sbin; do [ -L /$folder ] && cp -P /$folder $root/; done
  mount --rbind -o ro /usr $root/usr
  mount --rbind /dev $root/dev
  mount --rbind /proc $root/proc
  mount --bind $project/node_modules $root/app/node_modules
  mount --bind $modules $root$modules
  cp /etc/hosts $root/etc/
  cp "$node" $root/app/node
  for place in $root $root/app/node_modules $root$modules; do mount -o remount,bind,ro $place; done
  exec chroot --userspec=${NOBODY}:${NOBODY} --groups=${NOBODY} $root /usr/bin/env -i -C /work \\
    SIXFOLD_HISTORY=off NODE_ENV=production NO_COLOR=1 /app/node /app/node_modules/sixfold/bin/sixfold.js "$@"`;

/** Why it cannot be made; false where it can: mounting is for root, and not every container lets it. */
export const NO_ROOT_OF_ITS_OWN: string | false =
  spawnSync('unshare', ['--mount', 'sh', '-c', 'mount --make-rprivate / && mount -t tmpfs tmpfs /mnt']).status === 0
    ? false
    : 'this machine does not let us mount';

/** @param project with the package installed @returns how the command ended */
export function runInReadOnlyRoot(project: string, words: readonly string[], input: string) {
  const entered = ['--mount', 'sh', '-c', ENTER, 'sh', project, `${ROOT}/node_modules`, process.execPath, ...words];
  const { status, stdout, stderr } = spawnSync('unshare', entered, { encoding: 'utf8', input });
  return { exit: status, output: stdout + stderr };
}
