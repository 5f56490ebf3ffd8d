import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailureNote } from '../metrics/sample-batch.ts';
import { TagSet } from '../metrics/tag-set.ts';
import { WireError } from '../wire/net/wire-error.ts';
import { tagFailure } from './network-failure.ts';
import { type FailedExchange, namedTimings, noteFailure, rawResponse, remoteOf } from './note-failure.ts';
import type { VuEnvironment } from './worker-environment.ts';

/** An environment that keeps what is noted, and so many examples of each code. */
function createLab(failureSamples = 3, systemTags: readonly string[] = ['error', 'error_code']) {
  const notes: FailureNote[] = [];
  let described = 0;
  const environment = {
    now: () => 1000.123456,
    options: { failureSamples, systemTags },
    samples: {
      wantsNote: (_: string, code: number, most: number) => notes.filter((note) => note.code === code).length < most,
      note: (note: FailureNote) => notes.push(note),
    },
  } as unknown as VuEnvironment;
  const fail = (
    exchange: Partial<FailedExchange> = {},
    reason = { code: 1212, message: 'refused', kind: 'refused' },
  ): void =>
    noteFailure(environment, 'http', reason, () => {
      described++;
      return { target: 'http://host/', ...exchange };
    });
  return { environment, notes, fail, described: () => described };
}

test('so many of each code are kept as were asked for, and the rest is not even described', () => {
  const { notes, fail, described } = createLab(2);
  for (let i = 0; i < 5; i++) fail();
  fail({}, { code: 1101, message: 'name', kind: 'name' });
  assert.deepEqual(
    notes.map(({ code }) => code),
    [1212, 1212, 1101],
  );
  assert.equal(described(), 3);
});

test('where none are asked for, only a text that says more than its kind is kept', () => {
  const { notes, fail, described } = createLab(0);
  fail();
  assert.equal(notes.length, 0);
  for (let i = 0; i < 2; i++) fail({}, { code: 1212, message: 'refused: by a rule', kind: 'refused' });
  assert.deepEqual(
    notes.map(({ text, sample }) => [text, sample]),
    [['refused: by a rule', undefined]],
  );
  assert.equal(described(), 0);
});

test('credentials are masked on both sides, also where the other side repeats them', () => {
  const { notes, fail } = createLab();
  const token = 'abcdefghijklmnop';
  fail({
    target: `http://user:hunter22@host/?token=${token}`,
    request: {
      start: 'POST http://host/ HTTP/1.1',
      headers: [['Authorization', `Bearer ${token}`]],
      body: 'hello',
    },
    response: { start: 'HTTP/1.1 401', headers: [['X-Echo', `you said ${token}`]], body: `no such token: ${token}` },
  });
  const text = JSON.stringify(notes);
  assert.ok(!text.includes(token), text);
  assert.ok(!text.includes('hunter22'), text);
  assert.equal(notes[0]!.sample!.request!.body!.text, 'hello');
});

test('what is long is cut, and what are many fields are some', () => {
  const { notes, fail } = createLab();
  fail({
    target: 'x'.repeat(100_000),
    response: {
      start: 'y'.repeat(100_000),
      headers: Array.from({ length: 1000 }, (_, i) => [`h${i}`, 'z'.repeat(5000)] as const),
      body: 'b'.repeat(10_000_000),
    },
  });
  const { target, response } = notes[0]!.sample!;
  assert.ok(target.length < 1100 && response!.start.length < 2100);
  assert.equal(response!.headers.length, 60);
  assert.ok(response!.headers.every(([, value]) => value.length < 1100));
  assert.equal(response!.body!.octets, 10_000_000);
  assert.ok(JSON.stringify(notes).length < 200_000);
});

test('bodies that are no text are told from those that are', () => {
  const { notes, fail } = createLab();
  const answered = (body: Uint8Array | string | null): void =>
    fail({ response: { start: 'HTTP/1.1 500', headers: [], body } });
  answered(Uint8Array.of(0, 255, 65));
  answered(new TextEncoder().encode('grün'));
  answered(null);
  const bodies = notes.map(({ sample }) => sample!.response!.body);
  assert.deepEqual([bodies[0]!.isBinary, bodies[0]!.octets], [true, 3]);
  assert.deepEqual(bodies[1], { text: 'grün', isBinary: false, octets: 5 });
  assert.equal(bodies[2], null);
});

test('our own fault is kept with its stack, and nobody else’s', () => {
  const { environment, notes } = createLab(1);
  const cause = new Error('a fault of ours');
  noteFailure(environment, 'http', { code: 1001, message: 'unexpected', kind: 'unexpected', cause });
  noteFailure(environment, 'http', { code: 1212, message: 'other', kind: 'refused', cause });
  assert.match(notes[0]!.stack, /a fault of ours\n\s+at /);
  assert.equal(notes[1]!.stack, '');
});

test('times are shown to the microsecond, and parts that took none are left out', () => {
  const { notes, fail } = createLab();
  const none = { blocked: 0, lookingUp: 0, connecting: 0, tlsHandshaking: 0, sending: 0, waiting: 0, receiving: 0 };
  fail({ timings: namedTimings({ ...none, connecting: 1.23456789, waiting: 5 } as never) });
  const { sample } = notes[0]!;
  assert.deepEqual(sample!.timings, [
    ['connecting', 1.235],
    ['waiting', 5],
  ]);
  assert.equal(sample!.timeMs, 1000.123);
});

test('a peer is an address with its port, IPv6 in brackets, and nothing where there was none', () => {
  assert.equal(remoteOf({ remoteIp: '10.0.0.1', remotePort: 80 }), '10.0.0.1:80');
  assert.equal(remoteOf({ remoteIp: '::1', remotePort: 443 }), '[::1]:443');
  assert.equal(remoteOf({ remoteIp: '10.0.0.1' }), '10.0.0.1');
  assert.equal(remoteOf({}), '');
});

test('a response is begun by its line, whatever of that there is', () => {
  const response = { proto: 'HTTP/2.0', status: 503, statusText: '', headers: [], body: 'busy' };
  assert.deepEqual(rawResponse(response as never), { start: 'HTTP/2.0 503', headers: [], body: 'busy' });
  assert.equal(rawResponse(response as never, null).body, null);
});

test('a failure tags its sample as far as the system tags have it', () => {
  const error = new WireError(1212, 'connection refused');
  const of = (systemTags: readonly string[]) => {
    const { environment, notes } = createLab(1, systemTags);
    const tags = tagFailure(environment, TagSet.EMPTY.with('url', 'http://u/'), 'http', error);
    assert.equal(notes[0]!.sample!.target, 'http://u/');
    return [tags.get('error_code'), tags.get('error')];
  };
  assert.deepEqual(of(['error', 'error_code']), ['1212', error.kind]);
  assert.deepEqual(of(['error']), [undefined, error.kind]);
  assert.deepEqual(of([]), [undefined, undefined]);
});
