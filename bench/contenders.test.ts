// That the benchmark measures something: every program of workloads 1, 2, 3 and 10 does work, for a second. How much is no test.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { type BenchServers, startServers } from './servers/start-servers.ts';
import { WORKLOADS } from './workload-table.ts';

/** A machine without the peers may skip; where CI is set they have to be there. */
const missing = ['nginx', 'wrk', 'h2load'].filter(
  (name) => spawnSync('/bin/sh', ['-c', `PATH="$PATH:/usr/sbin" command -v ${name}`]).status !== 0,
);
const skip =
  missing.length > 0 && !process.env['CI'] ? `not installed: ${missing.join(', ')} (.ci/setup installs them)` : false;

let servers: BenchServers;
before(async () => {
  if (!skip) servers = await startServers();
});
after(() => servers?.stop());

for (const workload of WORKLOADS.filter(({ number }) => [1, 2, 3, 10].includes(number)))
  for (const contender of workload.contenders())
    test(`workload ${workload.number} runs with ${contender.name}`, { skip }, async () => {
      const outcome = await contender.run(servers, 1);
      assert.ok(outcome.count > 0 && outcome.cpuSeconds > 0, JSON.stringify({ ...outcome, stdout: '' }));
      assert.ok(workload.figure(outcome, null) > 0);
    });
