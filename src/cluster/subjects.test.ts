import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentSubjects, objectsOf, runOfStream, runSubjects, streamOf } from './subjects.ts';

test('a stream names its run, and others name none', () => {
  assert.equal(runOfStream(streamOf('3f9a1c72be')), '3f9a1c72be');
  for (const other of ['OBJ_sixfold', 'SIXFOLD_RUN_', 'SIXFOLD_RUN_a b', 'X_SIXFOLD_RUN_a'])
    assert.equal(runOfStream(other), null);
});

test('subjects and objects of two runs, and of two agents, have nothing in common', () => {
  const all = (run: string, agent: string): string[] => {
    const { commands, told, questions, lead, events, reports, beat } = runSubjects(run);
    const { archive, plan, setup } = objectsOf(run);
    return [commands, told, questions, lead, events(agent), reports(agent), beat(agent), archive, plan, setup(3)];
  };
  const [one, two] = [all('a', 'x'), all('b', 'x')];
  assert.equal(new Set([...one, ...two]).size, one.length + two.length);
  assert.equal(new Set([...Object.values(agentSubjects('x')), ...Object.values(agentSubjects('y'))]).size, 6);
});
