// Events and their targets, as https://dom.spec.whatwg.org, sections 2.2 to 2.9, has them; from compiled scripts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createScriptBench, runBody } from '../../../test/script-bench.ts';

/** What scripts here begin with: a target, what its listeners have noted, and the name of what a function throws. */
const HEAD = `
  const seen = [];
  const target = new EventTarget();
  const note = (name) => () => { seen.push(name); };
  const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.name; } };`;

const run = (body: string): Promise<unknown> => runBody(body, HEAD);

describe('addEventListener()', () => {
  test('adds a function once for each phase, and keeps the order in which they came', async () => {
    assert.deepEqual(
      await run(`
        const twice = note('twice');
        target.addEventListener('x', note('first'));
        target.addEventListener('x', twice);
        target.addEventListener('x', twice);
        target.addEventListener('x', twice, { capture: false });
        target.addEventListener('x', twice, true);
        target.addEventListener('x', twice, { capture: 1 });
        target.addEventListener('x', note('last'));
        target.dispatchEvent(new Event('x'));
        return seen;`),
      ['first', 'twice', 'twice', 'last'],
    );
  });

  test('takes null for a listener, which hears nothing', async () => {
    assert.deepEqual(
      await run(`
        target.addEventListener('x', null);
        target.removeEventListener('x', null);
        return [target.dispatchEvent(new Event('x')), seen];`),
      [true, []],
    );
  });

  test('refuses what is no listener, and a call without one', async () => {
    assert.deepEqual(
      await run(`return [
        thrown(() => target.addEventListener('x', 5)), thrown(() => target.addEventListener('x', 'fn')),
        thrown(() => target.addEventListener('x')), thrown(() => target.addEventListener()),
        thrown(() => target.removeEventListener('x')), thrown(() => target.addEventListener('x', () => {}, { signal: null })),
        thrown(() => target.addEventListener('x', () => {}, { signal: new EventTarget() })),
      ];`),
      Array(7).fill('TypeError'),
    );
  });

  test('does not let a function hear of an event that is under way already', async () => {
    assert.deepEqual(
      await run(`
        target.addEventListener('x', () => { seen.push('old'); target.addEventListener('x', note('new')); }, { once: true });
        target.dispatchEvent(new Event('x'));
        const first = seen.splice(0);
        target.dispatchEvent(new Event('x'));
        return [first, seen];`),
      [['old'], ['new']],
    );
  });

  test('with `once` forgets the listener before it is called, so that it may send the event again', async () => {
    assert.deepEqual(
      await run(`
        target.addEventListener('x', () => { seen.push('once'); target.dispatchEvent(new Event('x')); }, { once: true });
        target.dispatchEvent(new Event('x'));
        target.dispatchEvent(new Event('x'));
        return seen;`),
      ['once'],
    );
  });

  test('with `passive` lets the listener prevent nothing, and only that one', async () => {
    assert.deepEqual(
      await run(`
        const send = () => { const e = new Event('x', { cancelable: true }); return [target.dispatchEvent(e), e.defaultPrevented]; };
        const prevent = (e) => { e.preventDefault(); seen.push(e.defaultPrevented); e.returnValue = false; };
        target.addEventListener('x', prevent, { passive: true });
        const passive = send();
        target.addEventListener('x', (e) => e.preventDefault());
        return [passive, seen[0], send()];`),
      [[true, false], false, [false, true]],
    );
  });

  test('with the signal of what has been aborted already adds nothing', async () => {
    assert.deepEqual(
      await run(`
        target.addEventListener('x', note('never'), { signal: AbortSignal.abort() });
        target.dispatchEvent(new Event('x'));
        return seen;`),
      [],
    );
  });

  test('with a signal takes the listener away in the midst of an event, too', async () => {
    assert.deepEqual(
      await run(`
        const stop = new AbortController();
        target.addEventListener('x', () => { seen.push('first'); stop.abort(); });
        target.addEventListener('x', note('second'), { signal: stop.signal });
        target.addEventListener('x', note('third'));
        target.dispatchEvent(new Event('x'));
        return seen;`),
      ['first', 'third'],
    );
  });
});

describe('removeEventListener()', () => {
  test('takes away what was added with the same phase, whatever the other options are', async () => {
    assert.deepEqual(
      await run(`
        const [a, b, c] = [note('a'), note('b'), note('c')];
        target.addEventListener('x', a, { once: true, passive: true });
        target.addEventListener('x', b, true);
        target.addEventListener('x', c, { capture: true });
        target.removeEventListener('x', a);
        target.removeEventListener('x', b);
        target.removeEventListener('x', c, true);
        target.removeEventListener('y', b, true);
        target.removeEventListener('x', () => {});
        target.dispatchEvent(new Event('x'));
        return seen;`),
      ['b'],
    );
  });

  test('keeps a listener that comes later from hearing of the event that is under way', async () => {
    assert.deepEqual(
      await run(`
        const second = note('second');
        target.addEventListener('x', () => { seen.push('first'); target.removeEventListener('x', second); });
        target.addEventListener('x', second);
        target.addEventListener('x', note('third'));
        target.dispatchEvent(new Event('x'));
        return seen;`),
      ['first', 'third'],
    );
  });
});

describe('an object as a listener', () => {
  test('is asked for handleEvent() each time, and is `this` in it', async () => {
    assert.deepEqual(
      await run(`
        const listener = { handleEvent() { seen.push(this === listener ? 'one' : 'lost'); } };
        target.addEventListener('x', listener);
        target.dispatchEvent(new Event('x'));
        listener.handleEvent = note('other');
        target.dispatchEvent(new Event('x'));
        return seen;`),
      ['one', 'other'],
    );
  });

  test('that cannot be called fails the iteration, and the next one hears all the same', async () => {
    const bench = await createScriptBench(`${HEAD}
      export default function () {
        target.addEventListener('x', {});
        target.addEventListener('x', { get handleEvent() { throw new RangeError('of a getter'); } });
        target.addEventListener('x', note('last'));
        target.dispatchEvent(new Event('x'));
        return seen;
      }`);
    assert.deepEqual(await bench.run(), ['last']);
    assert.equal(bench.logs.length, 2);
    assert.match(bench.logs[0]!, /^unhandled: TypeError/);
    assert.match(bench.logs[1]!, /^unhandled: RangeError: of a getter/);
  });

  test('may be a function, which is called with the target as `this` and the event alone', async () => {
    assert.deepEqual(
      await run(`
        target.addEventListener('x', function (...args) { seen.push(this === target, args.length, args[0].type); });
        target.dispatchEvent(new Event('x'));
        return seen;`),
      [true, 1, 'x'],
    );
  });
});

describe('dispatchEvent()', () => {
  test('says whether nobody has prevented what is cancelable', async () => {
    assert.deepEqual(
      await run(`
        target.addEventListener('x', (e) => e.preventDefault());
        return [target.dispatchEvent(new Event('x')), target.dispatchEvent(new Event('x', { cancelable: true })), target.dispatchEvent(new Event('y', { cancelable: true }))];`),
      [true, false, true],
    );
  });

  test('shows where the event is while it is there, and only its target afterwards', async () => {
    assert.deepEqual(
      await run(`
        const e = new Event('x');
        const at = () => [e.target === target, e.srcElement === target, e.currentTarget === target, e.eventPhase, e.composedPath().length];
        seen.push(at());
        target.addEventListener('x', () => seen.push(at()));
        target.dispatchEvent(e);
        seen.push(at(), e.currentTarget);
        return seen;`),
      [[false, false, false, 0, 0], [true, true, true, 2, 1], [true, true, false, 0, 0], null],
    );
  });

  test('refuses an event that is under way with an InvalidStateError, and what is no event', async () => {
    assert.deepEqual(
      await run(`
        target.addEventListener('x', (e) => seen.push(thrown(() => target.dispatchEvent(e)), thrown(() => new EventTarget().dispatchEvent(e))));
        target.dispatchEvent(new Event('x'));
        return [...seen, thrown(() => target.dispatchEvent({ type: 'x' })), thrown(() => target.dispatchEvent('x')), thrown(() => target.dispatchEvent())];`),
      ['InvalidStateError', 'InvalidStateError', 'TypeError', 'TypeError', 'TypeError'],
    );
  });

  test('sends the same event again and again, and to other targets', async () => {
    assert.deepEqual(
      await run(`
        const other = new EventTarget();
        const e = new Event('x');
        target.addEventListener('x', note('target'));
        other.addEventListener('x', note('other'));
        for (const to of [target, other, target]) to.dispatchEvent(e);
        return [seen, e.target === target];`),
      [['target', 'other', 'target'], true],
    );
  });

  test('forgets of an event that was stopped that it was, once it is over', async () => {
    assert.deepEqual(
      await run(`
        const e = new Event('x');
        let stops = true;
        target.addEventListener('x', (e) => { seen.push('first'); if (stops) e.stopImmediatePropagation(); });
        target.addEventListener('x', note('second'));
        target.dispatchEvent(e);
        seen.push(e.cancelBubble);
        stops = false;
        target.dispatchEvent(e);
        return seen;`),
      ['first', false, 'first', 'second'],
    );
  });

  test('reaches nobody with an event that was stopped before, and that says so', async () => {
    assert.deepEqual(
      await run(`
        target.addEventListener('x', note('heard'));
        const stopped = new Event('x');
        stopped.stopPropagation();
        const byProperty = new Event('x');
        byProperty.cancelBubble = false;
        seen.push(byProperty.cancelBubble);
        byProperty.cancelBubble = true;
        byProperty.cancelBubble = false;
        seen.push(stopped.cancelBubble, byProperty.cancelBubble, target.dispatchEvent(stopped), target.dispatchEvent(byProperty));
        target.dispatchEvent(stopped);
        return seen;`),
      [false, true, true, true, true, 'heard'],
    );
  });

  test('lets stopPropagation() stop none of the listeners of the target itself', async () => {
    assert.deepEqual(
      await run(`
        target.addEventListener('x', (e) => { e.stopPropagation(); seen.push(e.cancelBubble); });
        target.addEventListener('x', note('second'));
        target.dispatchEvent(new Event('x'));
        return seen;`),
      [true, 'second'],
    );
  });

  test('of an event that the script made is none to be trusted, and neither is one that is sent on', async () => {
    assert.deepEqual(
      await run(`
        const stop = new AbortController();
        let kept;
        stop.signal.addEventListener('abort', (e) => { kept = e; seen.push(e.isTrusted); });
        stop.abort();
        target.addEventListener('abort', (e) => seen.push(e.isTrusted));
        target.dispatchEvent(kept);
        target.dispatchEvent(new Event('abort'));
        return seen;`),
      [true, false, false],
    );
  });

  test('may send other events from within a listener', async () => {
    assert.deepEqual(
      await run(`
        target.addEventListener('outer', () => { seen.push('outer'); target.dispatchEvent(new Event('inner')); seen.push('outer ends'); });
        target.addEventListener('inner', note('inner'));
        target.addEventListener('outer', note('second'));
        target.dispatchEvent(new Event('outer'));
        return seen;`),
      ['outer', 'inner', 'outer ends', 'second'],
    );
  });
});

describe('an Event', () => {
  test('is as it was described, and otherwise bubbles nowhere and can be prevented by nobody', async () => {
    assert.deepEqual(
      await run(`
        const show = (e) => [e.type, e.bubbles, e.cancelable, e.composed, e.defaultPrevented, e.returnValue, e.isTrusted, e.target];
        return [show(new Event('x')), show(new Event('', { bubbles: 1, cancelable: 'yes', composed: {} })), show(new Event(5, null)), show(new Event(null, undefined))];`),
      [
        ['x', false, false, false, false, true, false, null],
        ['', true, true, true, false, true, false, null],
        ['5', false, false, false, false, true, false, null],
        ['null', false, false, false, false, true, false, null],
      ],
    );
  });

  test('is prevented by its method or by returnValue, and stays so', async () => {
    assert.deepEqual(
      await run(`
        const [a, b, c] = [new Event('x', { cancelable: true }), new Event('x', { cancelable: true }), new Event('x')];
        a.preventDefault();
        b.returnValue = false; b.returnValue = true;
        c.returnValue = false;
        return [a, b, c].map((e) => [e.defaultPrevented, e.returnValue]);`),
      [
        [true, false],
        [true, false],
        [false, true],
      ],
    );
  });

  test('requires a type, and `new`', async () => {
    assert.deepEqual(
      await run(
        `return [thrown(() => new Event()), thrown(() => Event('x')), thrown(() => new CustomEvent()), thrown(() => EventTarget())];`,
      ),
      Array(4).fill('TypeError'),
    );
  });

  test('tells its phases by name, on the class and on each', async () => {
    assert.deepEqual(
      await run(`
        const names = ['NONE', 'CAPTURING_PHASE', 'AT_TARGET', 'BUBBLING_PHASE'];
        const e = new Event('x');
        return [names.map((n) => Event[n]), names.map((n) => e[n]), thrown(() => { 'use strict'; Event.NONE = 5; })];`),
      [[0, 1, 2, 3], [0, 1, 2, 3], 'TypeError'],
    );
  });

  test('of a class of the script brings what that adds', async () => {
    assert.deepEqual(
      await run(`
        class Progress extends Event { constructor(done) { super('progress', { cancelable: true }); this.done = done; } get percent() { return this.done * 100; } }
        target.addEventListener('progress', (e) => seen.push(e instanceof Progress, e instanceof Event, e.percent, e.cancelable));
        target.dispatchEvent(new Progress(0.5));
        return seen;`),
      [true, true, 50, true],
    );
  });
});

describe('a CustomEvent', () => {
  test('carries any detail as it is, and null where there is none', async () => {
    assert.deepEqual(
      await run(`
        const detail = {};
        return [new CustomEvent('x', { detail }).detail === detail, new CustomEvent('x').detail, new CustomEvent('x', { detail: undefined }).detail,
          new CustomEvent('x', { detail: 0 }).detail, new CustomEvent('x', { detail: null, bubbles: true }).bubbles, 'detail' in new Event('x')];`),
      [true, null, null, 0, true, false],
    );
  });
});
