// `npm run fuzz`: a million each of mutated HTTP/1.1 responses, HTTP/2 frames and WebSocket sessions against the real client.
// `npm run fuzz -- --count 50000 --seed 7 --only websocket` does less, or something else. Ends with 1 and the bytes at the first thing that breaks.
import { parseArgs } from 'node:util';
import { type FuzzReport, fuzzHttp1 } from '../test/fuzz/http1-fuzz.ts';
import { fuzzHttp2 } from '../test/fuzz/http2-fuzz.ts';
import { measureLiveHeap } from '../test/fuzz/live-heap.ts';
import { fuzzWebSocket } from '../test/fuzz/websocket-fuzz.ts';

/** Mutations of one seed: what breaks is found again by its seed and number. */
const PART = 50_000;

/** Objects, in octets, that may be left of a whole run: sets of tags with what hostile servers make up are kept, up to a number. */
const MOST_LEFT = 64_000_000;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const count = Number(values.count);

const KINDS = {
  http1: { name: 'HTTP/1.1 responses', fuzz: fuzzHttp1 },
  http2: { name: 'HTTP/2 frames', fuzz: fuzzHttp2 },
  websocket: { name: 'WebSocket sessions', fuzz: fuzzWebSocket },
};
if (values.only !== undefined && !Object.hasOwn(KINDS, values.only))
  throw new Error(`--only ${values.only}: one of ${Object.keys(KINDS).join(', ')}`);

for (const [kind, { name, fuzz }] of Object.entries(KINDS)) {
  if (values.only !== undefined && kind !== values.only) continue;
  const began = performance.now();
  const codes = new Map<number, number>();
  let done = 0;
  let mostMemory = 0;
  let firstHeap = 0;
  for (let seed = Number(values.seed); done < count; seed++) {
    const report: FuzzReport = await fuzz(seed, Math.min(PART, count - done));
    done += report.count;
    mostMemory = Math.max(mostMemory, report.mostMemory);
    for (const [code, times] of report.codes) codes.set(code, (codes.get(code) ?? 0) + times);
    const seconds = Math.round((performance.now() - began) / 1000);
    const heap = await measureLiveHeap();
    firstHeap ||= heap;
    const [most, left] = [mostMemory, heap].map((octets) => Math.round(octets / 1e6));
    console.log(`${done} ${name}, ${seconds} s, at most ${most} MB, ${left} MB of objects left`);
    if (heap - firstHeap > MOST_LEFT)
      throw new Error(`${name}: ${heap - firstHeap} octets more are left than after the first part`);
  }
  console.log(
    [...codes]
      .sort(([a], [b]) => a - b)
      .map(([code, times]) => `${code}: ${times}`)
      .join(', '),
  );
}
