import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Succession } from './succession.ts';

const agents = [1, 2, 1, 4, 4].map((cores, index) => ({ id: `a${index}`, name: `eu-${index}`, cores }));
const segmentOf = (succession: Succession, agent: number): string => succession.partOf(agent).executionSegment;

test('those that share make the whole, and spare ones no part of it', () => {
  const succession = new Succession(agents, 2, ({ cores }) => cores);
  assert.equal(succession.sharing, 3);
  assert.deepEqual(
    [0, 1, 2].map((agent) => segmentOf(succession, agent)),
    ['0:1/4', '1/4:3/4', '3/4:1'],
  );
  assert.deepEqual(
    [0, 1, 2].map((agent) => succession.partOf(agent).fraction),
    [0.25, 0.5, 0.25],
  );
});

test('how much of the load an agent makes is said in lowest terms', () => {
  const succession = new Succession(agents, 2, ({ cores }) => cores);
  assert.deepEqual(
    [0, 1, 2].map((agent) => succession.partOf(agent).text),
    ['1/4', '1/2', '1/4'],
  );
  succession.note(1, { by: 3, broken: [] });
  assert.equal(succession.partOf(3).text, '1/2');
});

test('a part goes to a spare agent, from that to the next one, and then to nobody', () => {
  const succession = new Succession(agents, 2, () => 1);
  const free = () => false;
  assert.equal(succession.heirOf(1), null);
  assert.deepEqual(succession.appoint(1, ['a'], free), { by: 3, broken: ['a'] });
  assert.deepEqual(succession.heirOf(1), { by: 3, broken: ['a'] });
  assert.deepEqual(succession.appoint(3, [], free), { by: 4, broken: [] });
  assert.equal(segmentOf(succession, 4), segmentOf(succession, 1));
  assert.equal(succession.appoint(0, [], free), null);
});

test('one that is gone gets nothing, and what is on record stands', () => {
  const succession = new Succession(agents, 2, () => 1);
  assert.equal(succession.appoint(0, [], (heir) => heir === 3)?.by, 4);
  const later = new Succession(agents, 2, () => 1);
  later.note(0, { by: 4, broken: ['a'] });
  assert.deepEqual(later.heirOf(0), { by: 4, broken: ['a'] });
  assert.equal(later.appoint(2, [], () => false)?.by, 3);
});
