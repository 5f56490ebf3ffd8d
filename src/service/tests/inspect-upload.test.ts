// Init code that does not end: one project takes no more than its turn, and nothing goes on for those who have gone.
import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { until } from '../../../test/end-to-end/until.ts';
import { ServiceUnderTest } from '../service-under-test.fixture.ts';

/** @returns processes whose folder is within one */
function countProcesses(folder: string): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(`${folder}/`);
    } catch {
      return false;
    }
  }).length;
}

const NO_PROC = process.platform === 'linux' ? false : 'processes are counted in /proc';

test('of one project one is checked at a time, a few wait, and all of it ends with who wanted it', {
  skip: NO_PROC,
}, async () => {
  const service = await ServiceUnderTest.start();
  let isOpen = true;
  try {
    const [busy, other] = [await service.project('Busy'), await service.project('Other')];
    const { token } = await service.addToken(['run']);
    const gone = new AbortController();
    const check = async (project: string, script: string, signal: AbortSignal | null): Promise<number> => {
      const response = await fetch(`${service.service.url}/api/v1/projects/${project}/check?file=script.js`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
        body: script,
        signal,
      });
      await response.text();
      return response.status;
    };
    const endless = 'for (;;) {} export default function () {}';
    const statuses: number[] = [];
    const waiting = Array.from({ length: 22 }, () =>
      check(busy.id, endless, gone.signal).then(
        (status) => statuses.push(status),
        () => {},
      ),
    );
    await until(() => statuses.length > 0, 'one is sent away');
    await until(() => countProcesses(service.folder) === 1, 'one is checked');
    assert.equal(await check(other.id, 'export default function () {}', null), 200);
    assert.deepEqual(statuses, [503]);
    gone.abort();
    await Promise.all(waiting);
    await until(() => countProcesses(service.folder) === 0, 'what was checked has ended');
    assert.equal(await check(busy.id, 'export default function () {}', null), 200);
    const last = check(busy.id, endless, null).catch(() => 'cut off');
    await until(() => countProcesses(service.folder) === 1, 'another one is checked');
    isOpen = false;
    await service.stop();
    assert.equal(await last, 'cut off');
    await until(() => countProcesses(service.folder) === 0, 'it has ended with the server');
  } finally {
    if (isOpen) await service.stop();
  }
});
