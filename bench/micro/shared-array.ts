// What a gigabyte of shared data costs: node bin/node.js bench/micro/shared-array.ts [RECORDS], for one load worker and eight. Runs of
// the command on a script that reads, with and without data; what the whole process has in memory is read while the load runs.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { ROOT } from '../../scripts/root.ts';

const RECORDS = Number(process.argv[2] ?? 4_922_152);
const FILES = 4;
const folder = mkdtempSync(path.join(os.tmpdir(), 'shared-array-'));

/** A record of 217 octets or so, as exports of customers have them. */
const record = (id: number): string =>
  JSON.stringify({
    id,
    name: `Customer ${id}`,
    email: `customer.${id}@shop.example`,
    street: `${id % 997} Long Road`,
    city: 'Springfield',
    tags: ['new', 'newsletter', 'gift card'],
    note: 'prefers to be called in the afternoon, pays by invoice',
  });

async function writeData(): Promise<number> {
  let octets = 0;
  for (let file = 0; file < FILES; file++) {
    const out = createWriteStream(path.join(folder, `${file}.json`));
    const [from, to] = [Math.floor((RECORDS * file) / FILES), Math.floor((RECORDS * (file + 1)) / FILES)];
    out.write('[');
    for (let id = from; id < to; id++) {
      const text = record(id);
      octets += text.length;
      if (!out.write(id === from ? text : `,${text}`)) await new Promise((resolve) => out.once('drain', resolve));
    }
    out.end(']');
    await finished(out);
  }
  return octets;
}

const script = (data: boolean): string => `
import { SharedArray } from 'k6/data';
import { sleep } from 'k6';
export const options = { vus: 16, duration: '12s' };
const read = (file) => JSON.parse(open(file));
const parts = ${data ? `[0, 1, 2, 3].map((i) => new SharedArray('part ' + i, () => read('./' + i + '.json')))` : '[[{ id: 0 }]]'};
export function setup() { console.log('LOAD'); }
export default function () {
  for (let i = 0; i < 100; i++) {
    const part = parts[i % parts.length];
    if (part[Math.floor(Math.random() * part.length)].id < 0) throw new Error('never');
  }
  sleep(0.1);
}
`;

/** What the process has, in MB: while the load runs (the middle of what was read) and at most, from its start on. */
async function measure(workers: number, data: boolean): Promise<{ steady: number; peak: number }> {
  const file = path.join(folder, `${data}.js`);
  writeFileSync(file, script(data));
  const child = spawn(
    process.execPath,
    [path.join(ROOT, 'src/cli/main.ts'), 'run', '--workers', String(workers), '--summary-mode', 'disabled', file],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const read: number[] = [];
  let peak = 0;
  let timer: NodeJS.Timeout | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (!text.includes('LOAD')) process.stderr.write(text);
    else
      timer ??= setInterval(() => {
        const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
        const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
        // What the kernel has put away meanwhile is the process's all the same; one that has ended has neither.
        const octets = (kilobytes('VmRSS') + kilobytes('VmSwap')) * 1024;
        if (octets > 0) read.push(octets / 1e6);
        peak = Math.max(peak, (kilobytes('VmHWM') * 1024) / 1e6);
      }, 500);
  });
  const exit = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(timer);
  if (exit !== 0) throw new Error(`the run ended with ${exit}`);
  return { steady: read.sort((a, b) => a - b)[Math.floor(read.length / 2)]!, peak };
}

try {
  const octets = await writeData();
  process.stdout.write(`${RECORDS} records, ${(octets / 1e6).toFixed(0)} MB of JSON\n`);
  for (const workers of [1, 8]) {
    const [without, withData] = [await measure(workers, false), await measure(workers, true)];
    const more = withData.steady - without.steady;
    process.stdout.write(
      `${workers} workers: ${without.steady.toFixed(0)} MB without, ${withData.steady.toFixed(0)} MB with, ${more.toFixed(0)} MB more (${((more * 1e6) / octets).toFixed(2)}), peak ${withData.peak.toFixed(0)} MB\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
