import assert from 'node:assert/strict';
import { ByteLengthQueuingStrategy, CountQueuingStrategy, ReadableStream, WritableStream } from 'node:stream/web';
import { test } from 'node:test';
import { runInThisContext } from 'node:vm';
import { createScriptBench } from '../../../test/script-bench.ts';

const IMPORTS = ['ReadableStream', 'WritableStream', 'CountQueuingStrategy', 'ByteLengthQueuingStrategy'];

/** What the scenarios are written with: `note` keeps what happens, in its order. */
const TOOLS = `
  const out = [];
  const note = (...what) => { out.push(what.map((x) => x instanceof Error ? x.name : x)); };
  const show = (label, promise) => promise.then((x) => note(label, 'ok', x === undefined ? 'undefined' : x), (e) => note(label, 'failed', e));
  const turns = async (n = 20) => { for (let i = 0; i < n; i++) await undefined; };
  const fails = (label, fn) => { try { note(label, 'fine', typeof fn()); } catch (e) { note(label, 'threw', e); } };
`;

const SCENARIOS: Readonly<Record<string, string>> = {
  'the order of start, pull, enqueue and read': `
    let n = 0;
    const s = new ReadableStream({ start(c) { note('start', c.desiredSize); return Promise.resolve().then(() => note('started')); },
      pull(c) { note('pull', ++n, c.desiredSize); c.enqueue(n); if (n === 4) c.close(); return turns(2).then(() => note('pulled', n)); }, cancel() { note('cancel'); } }, { highWaterMark: 2 });
    note('made', s.locked); await turns();
    const r = s.getReader(); note(s.locked); show('closed', r.closed);
    for (let i = 0; i < 6; i++) note('read', await r.read());
    await turns();`,
  'several reads that wait, and chunks that come later': `
    let c; const s = new ReadableStream({ start(x) { c = x; }, pull() { note('pull'); } }, { highWaterMark: 0 });
    const r = s.getReader(); show('a', r.read()); show('b', r.read()); show('c', r.read()); await turns();
    c.enqueue(1); c.enqueue(2); note(c.desiredSize); await turns(); c.close(); await turns(); fails('late', () => c.enqueue(3)); fails('again', () => c.close()); note(c.desiredSize);
    show('d', r.read()); await turns();`,
  'a source that fails in start, pull and by its controller': `
    fails('start', () => new ReadableStream({ start() { throw new RangeError('x'); } }));
    const a = new ReadableStream({ start() { return Promise.reject(new RangeError('x')); } }); const ra = a.getReader(); show('a', ra.read()); show('a closed', ra.closed); await turns();
    const b = new ReadableStream({ pull() { throw new SyntaxError('x'); } }).getReader(); show('b', b.read()); await turns(); show('b closed', b.closed); show('b again', b.read()); await turns();
    let c; const s = new ReadableStream({ start(x) { c = x; x.enqueue(1); } }); c.error('plain'); c.error('twice'); note(c.desiredSize); show('c', s.getReader().read()); await turns();
    fails('enqueue', () => c.enqueue(1)); show('cancel', new ReadableStream({ start(x) { x.error(5); } }).cancel()); await turns();`,
  'cancelling, by the stream and by the reader': `
    const s = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(why) { note('cancel', why); return turns(3).then(() => 'result'); } });
    show('c1', s.cancel('why')); show('c2', s.cancel('again')); await turns();
    const t = new ReadableStream({ cancel() { throw new RangeError('no'); } }); const r = t.getReader(); show('locked', t.cancel()); show('read', r.read()); show('r1', r.cancel(2)); show('closed', r.closed); show('r2', r.read()); await turns();`,
  'letting go of a reader': `
    let c; const s = new ReadableStream({ start(x) { c = x; } }); const r = s.getReader(); show('waits', r.read()); show('closed', r.closed); r.releaseLock(); r.releaseLock(); note(s.locked); await turns();
    show('read', r.read()); show('cancel', r.cancel()); show('closed now', r.closed); c.enqueue(7); const r2 = s.getReader(); show('other', r2.read()); fails('two', () => s.getReader()); await turns();
    c.close(); await turns(); show('r2', r2.closed); await turns(); r2.releaseLock(); show('after', r2.closed); await turns();`,
  'sizes and high water marks': `
    for (const strategy of [undefined, {}, { highWaterMark: 3 }, { highWaterMark: '2' }, { size: (x) => x.length, highWaterMark: 5 }, new CountQueuingStrategy({ highWaterMark: 4 }), new ByteLengthQueuingStrategy({ highWaterMark: 10 })])
      new ReadableStream({ start(c) { note(c.desiredSize); c.enqueue(new Uint8Array(3)); note(c.desiredSize); c.enqueue(new Uint8Array(1)); note(c.desiredSize); } }, strategy);
    for (const bad of [{ highWaterMark: -1 }, { highWaterMark: NaN }, { highWaterMark: 'x' }, { size: 3 }]) fails('bad', () => new ReadableStream({}, bad));
    for (const size of [-1, NaN, Infinity, '7', undefined]) { let c; const s = new ReadableStream({ start(x) { c = x; } }, { size: () => size, highWaterMark: 9 }); fails('size ' + size, () => c.enqueue(1)); note(c.desiredSize); s.getReader().closed.catch(() => {}); }
    let c; const s = new ReadableStream({ start(x) { c = x; } }, { size() { throw new RangeError('size'); } }); fails('throws', () => c.enqueue(1)); show('read', s.getReader().read()); await turns();
    const q = new CountQueuingStrategy({ highWaterMark: 4 }); note(q.highWaterMark, q.size('abc'), q.size.name); fails('none', () => new CountQueuingStrategy());`,
  'sources that are none': `
    fails('pull', () => new ReadableStream({ pull: 1 })); fails('start', () => new ReadableStream({ start: {} })); fails('null', () => new ReadableStream(null, null));
    fails('number', () => new ReadableStream(5)); fails('mode', () => new ReadableStream().getReader({ mode: 'other' })); fails('type', () => new ReadableStream({ type: 'other' }));
    const { constructor } = await new Promise((resolve) => new ReadableStream({ start: resolve })); fails('controller', () => new constructor());
    note(constructor.name, ReadableStream.name, new ReadableStream().getReader().constructor.name);`,
  'pulling again while a pull is under way': `
    let pulls = 0; let go; const s = new ReadableStream({ pull(c) { pulls++; note('pull', pulls); return new Promise((r) => { go = r; }); } }, { highWaterMark: 3 });
    const r = s.getReader(); await turns(); r.read(); r.read(); await turns(); note(pulls); go(); await turns(); note(pulls); go(); await turns(); note(pulls);`,
  'reading by iteration': `
    const make = () => { let n = 0; return new ReadableStream({ pull(c) { c.enqueue(++n); if (n === 3) c.close(); }, cancel(why) { note('cancelled', why); } }); };
    for await (const x of make()) note(x);
    const s = make(); for await (const x of s) { note(x); break; } note(s.locked); show('rest', s.getReader().read()); await turns();
    const t = make(); for await (const x of t.values({ preventCancel: true })) { note(x); break; } note(t.locked); show('rest', t.getReader().read()); await turns();
    try { for await (const x of new ReadableStream({ pull(c) { c.error(new RangeError('x')); } })) note(x); } catch (e) { note('failed', e); }`,
  'writing in order, with backpressure': `
    const s = new WritableStream({ start(c) { note('start', typeof c.error); }, write(chunk) { note('write', chunk); return turns(3).then(() => note('written', chunk)); }, close() { note('close'); } }, { highWaterMark: 2 });
    const w = s.getWriter(); note(s.locked, w.desiredSize); show('ready', w.ready); await turns();
    show('a', w.write(1)); note(w.desiredSize); show('b', w.write(2)); note(w.desiredSize); show('ready 2', w.ready); show('c', w.write(3)); note(w.desiredSize); show('end', w.close()); show('closed', w.closed); show('ready 3', w.ready);
    show('late', w.write(4)); show('twice', w.close()); await turns(60); note(w.desiredSize); show('after', w.write(5)); show('closing', w.close()); await turns();`,
  'a sink that fails in start, write and close': `
    fails('start', () => new WritableStream({ start() { throw new RangeError('x'); } }));
    const a = new WritableStream({ start() { return Promise.reject(new RangeError('x')); } }).getWriter(); show('a', a.write(1)); show('a closed', a.closed); show('a ready', a.ready); await turns(); show('a2', a.write(2)); await turns();
    const b = new WritableStream({ write() { throw new SyntaxError('x'); } }).getWriter(); show('b1', b.write(1)); show('b2', b.write(2)); show('bc', b.closed); await turns(); note(b.desiredSize); show('b3', b.write(3)); show('bclose', b.close()); await turns();
    const c = new WritableStream({ close() { return Promise.reject(new RangeError('end')); } }).getWriter(); show('cc', c.close()); show('cclosed', c.closed); await turns();
    let k; const d = new WritableStream({ start(x) { k = x; }, write() { note('never'); } }).getWriter(); k.error('by hand'); k.error('twice'); show('d', d.write(1)); show('dc', d.closed); await turns();`,
  aborting: `
    const sink = () => ({ write(x) { note('write', x); return turns(5); }, close() { note('close'); }, abort(why) { note('abort', why); return turns(2); } });
    const a = new WritableStream(sink()); show('a', a.abort('early')); show('again', a.abort('b')); await turns(); show('closed', a.abort()); await turns();
    const b = new WritableStream(sink()).getWriter(); show('b1', b.write(1)); show('b2', b.write(2)); await undefined; await undefined; show('babort', b.abort('mid')); show('bready', b.ready); show('bclosed', b.closed); note(b.desiredSize); await turns(40); show('b3', b.write(3)); await turns();
    const c = new WritableStream({ abort() { throw new RangeError('abort'); } }); show('c', c.abort()); await turns(); show('c2', c.abort()); await turns();
    const d = new WritableStream(sink()); const w = d.getWriter(); show('locked', d.abort()); show('locked close', d.close()); show('dclose', w.close()); show('dabort', w.abort('x')); await turns(40);
    const e = new WritableStream({ close() { return turns(6); }, abort() { note('abort e'); } }); show('eclose', e.close()); await turns(4); show('eabort', e.abort('x')); await turns(40);`,
  'letting go of a writer': `
    const s = new WritableStream({ write(x) { note('write', x); } }, { highWaterMark: 0 }); const w = s.getWriter(); show('ready', w.ready); show('closed', w.closed); w.releaseLock(); w.releaseLock(); note(s.locked); await turns();
    fails('size', () => w.desiredSize); show('write', w.write(1)); show('abort', w.abort()); show('close', w.close()); await turns(); const v = s.getWriter(); show('v', v.write(2)); fails('two', () => s.getWriter()); await turns(); show('end', v.close()); await turns();`,
  'a writer that comes late, to a stream that is busy, failing, failed, closing or closed': `
    let k; const busy = new WritableStream({ start(c) { k = c; }, write() { return turns(8); } }, { highWaterMark: 1 });
    const first = busy.getWriter(); show('1', first.write(1)); show('2', first.write(2)); first.releaseLock();
    const second = busy.getWriter(); note(second.desiredSize); show('ready', second.ready); k.error('broken'); show('ready after', second.ready); show('closed', second.closed); second.releaseLock();
    const third = busy.getWriter(); note(third.desiredSize); show('third ready', third.ready); show('third closed', third.closed); await turns(40); third.releaseLock();
    const fourth = busy.getWriter(); note(fourth.desiredSize); show('fourth ready', fourth.ready); show('fourth closed', fourth.closed); await turns();
    const done = new WritableStream({ close() { return turns(8); } }); show('close', done.close()); await turns(3);
    const fifth = done.getWriter(); note(fifth.desiredSize); show('fifth ready', fifth.ready); show('fifth closed', fifth.closed); await turns(40); note(fifth.desiredSize); fifth.releaseLock();
    const sixth = done.getWriter(); note(sixth.desiredSize); show('sixth ready', sixth.ready); show('sixth closed', sixth.closed); show('again', sixth.close()); show('abort', sixth.abort('x')); await turns();`,
  'aborting while a write, a close or the start is under way': `
    let go; const gate = () => new Promise((resolve) => { go = resolve; });
    const a = new WritableStream({ write() { return gate(); }, abort(why) { note('abort a', why); } }).getWriter(); show('a1', a.write(1)); show('a2', a.write(2)); await turns(); show('a abort', a.abort('why')); note(a.desiredSize); show('a3', a.write(3)); await turns(); note('still'); go(); await turns(); show('a closed', a.closed); await turns();
    const b = new WritableStream({ write() { return gate().then(() => { throw new RangeError('write'); }); }, abort(why) { note('abort b', why); } }).getWriter(); show('b1', b.write(1)); await turns(); show('b abort', b.abort('why')); show('b closed', b.closed); go(); await turns(40);
    const c = new WritableStream({ start() { return gate(); }, write() { note('never'); }, abort(why) { note('abort c', why); } }).getWriter(); show('c1', c.write(1)); show('c abort', c.abort('early')); show('c ready', c.ready); await turns(); note('waits'); go(); await turns(40); show('c closed', c.closed); await turns();
    const d = new WritableStream({ close() { return gate().then(() => { throw new RangeError('close'); }); }, abort() { note('never'); } }).getWriter(); show('d close', d.close()); await turns(); show('d abort', d.abort('x')); show('d abort 2', d.abort('y')); show('d closed', d.closed); go(); await turns(40);
    const e = new WritableStream({ abort() { return gate(); } }).getWriter(); show('e abort', e.abort(1)); show('e again', e.abort(2)); await turns(); show('e close', e.close()); show('e write', e.write(1)); await turns(); go(); await turns(40); show('e closed', e.closed); await turns();`,
  'closing with chunks that wait, and failing meanwhile': `
    let k; const a = new WritableStream({ start(c) { k = c; }, write(x) { note('write', x); return turns(4); }, close() { note('close'); } }, { highWaterMark: 3 }).getWriter();
    for (const x of [1, 2, 3]) show(x, a.write(x)); show('end', a.close()); note(a.desiredSize); await turns(60); show('closed', a.closed); await turns();
    const b = new WritableStream({ write(x) { note('write', x); if (x === 2) return Promise.reject(new RangeError('two')); }, close() { note('never'); } }, { highWaterMark: 5 }).getWriter();
    for (const x of [1, 2, 3]) show('b' + x, b.write(x)); show('b end', b.close()); show('b closed', b.closed); show('b ready', b.ready); await turns(60);
    let c; const s = new WritableStream({ start(x) { c = x; }, write() { return turns(6); }, close() { note('never'); } }); const w = s.getWriter(); show('w1', w.write(1)); show('w end', w.close()); await turns(2); c.error(new SyntaxError('mid')); await turns(40); show('w closed', w.closed); await turns();`,
  'what ready promises, and when it changes': `
    const s = new WritableStream({ write() { return turns(4); } }, { highWaterMark: 2, size: (x) => x });
    const w = s.getWriter(); await turns(); const first = w.ready; note(w.desiredSize);
    w.write(1); note(w.desiredSize, w.ready === first); w.write(1); note(w.desiredSize, w.ready === first); const second = w.ready; show('second', second);
    w.write(0); note(w.ready === second, w.desiredSize); await turns(40); note(w.desiredSize, w.ready === second); w.write(5); note(w.desiredSize, w.ready === second); show('third', w.ready); await turns(40);
    const none = new WritableStream({ write(x) { note('written', x); } }, { highWaterMark: 0 }).getWriter(); show('never', none.ready); show('n', none.write(1)); await turns(); note(none.desiredSize);`,
  'sinks and strategies that are none, and methods that come from their prototypes': `
    for (const bad of [null, 5, 'x', { write: 1 }, { start: 'x' }, { close: {} }, { abort: true }, { type: 'bytes' }, { type: '' }]) fails('sink', () => new WritableStream(bad));
    for (const bad of [5, { highWaterMark: NaN }, { highWaterMark: -1 }, { size: {} }]) fails('strategy', () => new WritableStream({}, bad));
    fails('fine', () => new WritableStream(undefined, undefined)); fails('undefined write', () => new WritableStream({ write: undefined }));
    class Sink { constructor() { this.seen = []; } start() { this.seen.push('start'); } write(x) { this.seen.push(x); } close() { this.seen.push('close'); } }
    const sink = new Sink(); const w = new WritableStream(sink).getWriter(); await w.write('a'); await w.close(); note(...sink.seen);
    class Source { constructor() { this.n = 0; } pull(c) { c.enqueue(++this.n); if (this.n === 2) c.close(); } } for await (const x of new ReadableStream(new Source())) note(x);`,
  'readers and writers that are made by hand, or of what is no stream': `
    const r = new ReadableStream({ start(c) { c.enqueue('a'); c.close(); } }); const Reader = r.getReader().constructor; fails('locked', () => new Reader(r)); fails('none', () => new Reader({})); fails('no', () => new Reader());
    const own = new Reader(new ReadableStream({ start(c) { c.enqueue('b'); } })); note(await own.read()); fails('call', () => Reader(r));
    const w = new WritableStream(); const Writer = w.getWriter().constructor; fails('locked', () => new Writer(w)); fails('none', () => new Writer(r)); note(typeof new Writer(new WritableStream()).write);
    show('reader', Reader.prototype.read.call({})); show('closed', (async () => Reader.prototype.closed)()); show('writer', Writer.prototype.write.call({})); show('stream', ReadableStream.prototype.cancel.call({})); show('sink', WritableStream.prototype.abort.call({})); await turns();
    fails('locked of none', () => Object.getOwnPropertyDescriptor(ReadableStream.prototype, 'locked').get.call({})); fails('release', () => Reader.prototype.releaseLock.call({})); fails('getReader', () => ReadableStream.prototype.getReader.call({}));`,
  'a source that closes or fails while reads and a pull are under way': `
    let c; const a = new ReadableStream({ start(x) { c = x; }, pull() { note('pull'); return turns(5); } }, { highWaterMark: 0 }); const r = a.getReader(); show('1', r.read()); show('2', r.read()); show('closed', r.closed); await turns(2); c.close(); await turns(30); show('3', r.read()); await turns();
    let d; const b = new ReadableStream({ start(x) { d = x; }, pull() { return turns(5).then(() => { throw new RangeError('late'); }); } }, { highWaterMark: 0 }).getReader(); show('b1', b.read()); await turns(2); d.enqueue('in time'); show('b2', b.read()); await turns(30); show('b3', b.read()); show('b closed', b.closed); await turns();
    let e; const f = new ReadableStream({ start(x) { e = x; x.enqueue(1); x.enqueue(2); x.close(); } }); const fr = f.getReader(); fails('enqueue', () => e.enqueue(3)); note(e.desiredSize); show('f1', fr.read()); await turns(); note(e.desiredSize); show('f2', fr.read()); await turns(); note(e.desiredSize); show('f3', fr.read()); show('f closed', fr.closed); e.error('too late'); await turns();
    let g; const h = new ReadableStream({ start(x) { g = x; x.enqueue(1); x.enqueue(2); } }); g.error(new SyntaxError('dropped')); const hr = h.getReader(); show('h', hr.read()); await turns();`,
  'cancelling with chunks that wait, with a pull under way, and what is done afterwards': `
    let c; let pulls = 0; const s = new ReadableStream({ start(x) { c = x; x.enqueue(1); x.enqueue(2); }, pull() { pulls++; return turns(4); }, cancel(why) { note('cancel', why, c.desiredSize); } }, { highWaterMark: 5 }); await turns(2);
    const r = s.getReader(); show('cancel', r.cancel('enough')); fails('enqueue', () => c.enqueue(3)); fails('close', () => c.close()); fails('error', () => c.error('x')); show('read', r.read()); show('closed', r.closed); await turns(20); note(pulls, c.desiredSize);
    const order = new ReadableStream({ cancel() { note('first'); return turns(3).then(() => note('then')); } }); show('order', order.cancel()); note('after'); await turns();
    const none = new ReadableStream({}); show('none', none.cancel()); await turns(); show('closed one', none.cancel('again')); show('iteration', none.values().next()); await turns();`,
  'chunks whose size cannot be told': `
    const s = new WritableStream({ write(x) { note('write', x); } }, { size(x) { if (x === 2) throw new RangeError('size'); return x === 3 ? -1 : 1; }, highWaterMark: 5 }).getWriter();
    show('1', s.write(1)); show('2', s.write(2)); show('closed', s.closed); await turns(); const t = new WritableStream({}, { size: () => -1 }).getWriter(); show('t', t.write(3)); show('t closed', t.closed); await turns();`,
};

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

for (const [title, body] of Object.entries(SCENARIOS)) {
  test(`as in Node's own streams: ${title}`, async () => {
    const bench = await createScriptBench(
      `import { ${IMPORTS.join(', ')} } from 'k6/experimental/streams';
       export default async () => { ${TOOLS} ${body}\nreturn out; };`,
    );
    const run = runInThisContext(`(async (${IMPORTS.join(', ')}) => { ${TOOLS} ${body}\nreturn out; })`) as (
      ...classes: unknown[]
    ) => Promise<unknown>;
    const wanted = plain(await run(ReadableStream, WritableStream, CountQueuingStrategy, ByteLengthQueuingStrategy));
    assert.ok((wanted as unknown[]).length > 3);
    assert.deepEqual(await bench.run(), wanted);
    assert.deepEqual(
      bench.logs.filter((line) => !line.startsWith('unhandled')),
      [],
    );
  });
}

test('sources, sinks and sizes may block; the virtual user waits meanwhile', async () => {
  const bench = await createScriptBench(`
    import { sleep } from 'k6';
    import { ReadableStream, WritableStream } from 'k6/experimental/streams';
    export default async () => {
      const out = [];
      const block = (what) => { out.push(what); sleep(0.002); out.push('then ' + what); };
      let n = 0;
      const readable = new ReadableStream({ start() { block('start'); }, pull(c) { block('pull'); c.enqueue(++n); if (n === 2) c.close(); }, cancel() { block('cancel'); } }, { size() { block('size'); return 1; }, highWaterMark: 0 });
      out.push('made');
      const writable = new WritableStream({ write(x) { block('write ' + x); }, close() { block('close'); } });
      const writer = writable.getWriter();
      for await (const chunk of readable) await writer.write(chunk);
      await writer.close();
      await new ReadableStream({ cancel() { block('cancel'); } }).cancel();
      return out;
    };`);
  const out = (await bench.run()) as string[];
  const steps = ['start', 'made', 'pull', 'write 1', 'pull', 'write 2', 'close', 'cancel'];
  assert.deepEqual(
    out.filter((line) => !line.startsWith('then ')),
    steps,
  );
  for (const [index, line] of out.entries())
    if (line !== 'made' && !line.startsWith('then ')) assert.equal(out[index + 1], `then ${line}`);
});

test('tee is refused as in k6, streams of bytes too; each virtual user has classes of its own', async () => {
  const script = `
    import streams, { ReadableStream } from 'k6/experimental/streams';
    const name = (fn) => { try { return fn(); } catch (e) { return e.name; } };
    export default () => [name(() => new ReadableStream().tee()), name(() => new ReadableStream({ type: 'bytes' })), Object.keys(streams), streams.ReadableStream === ReadableStream];`;
  const bench = await createScriptBench(script);
  assert.deepEqual(await bench.run(), [
    'NotSupportedError',
    'RangeError',
    [
      'ReadableStream',
      'ReadableStreamDefaultReader',
      'WritableStream',
      'WritableStreamDefaultWriter',
      'CountQueuingStrategy',
      'ByteLengthQueuingStrategy',
    ],
    true,
  ]);
});

test('an exception of a source tells the place in the script', async () => {
  const bench = await createScriptBench(`
    import { ReadableStream } from 'k6/experimental/streams';
    export default async () => {
      await new ReadableStream({ pull() { throw new Error('broken source'); } }).getReader().read();
    };`);
  await assert.rejects(bench.run(), /broken source[\s\S]*at pull \(.*:4:\d+\)/);
});

test('a method that is null is no method (WebIDL section 3.2.19), also where Node takes it for none', async () => {
  const bench = await createScriptBench(`
    import { ReadableStream, WritableStream } from 'k6/experimental/streams';
    const name = (fn) => { try { fn(); return 'fine'; } catch (e) { return e.name; } };
    export default () => [...['start', 'pull', 'cancel'].map((method) => name(() => new ReadableStream({ [method]: null }))),
      ...['start', 'write', 'close', 'abort'].map((method) => name(() => new WritableStream({ [method]: null }))), name(() => new ReadableStream({}, { size: null }))];`);
  assert.deepEqual(await bench.run(), Array(8).fill('TypeError'));
});
