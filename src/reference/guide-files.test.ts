import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guideNames, guideSummaries, readGuide } from './guide-files.ts';
import { LANGUAGE_TAGS } from './language-tags.ts';

test('every guide is there in every language, with a title, a lead that is one paragraph, and what it is about', () => {
  assert.ok(guideNames().length >= 8);
  for (const tag of LANGUAGE_TAGS)
    for (const name of guideNames()) {
      const { title, lead, body, minutes, script } = readGuide(tag, name);
      assert.ok(title.length > 3 && !title.startsWith('#') && !title.includes('\n'), `${tag} ${name}: ${title}`);
      assert.ok(lead.length > 20 && !/^#|\n/.test(lead), `${tag} ${name}: ${lead}`);
      assert.ok(!body.includes(lead) && /^## /m.test(body), `${tag} ${name} has parts`);
      assert.ok(Number.isInteger(minutes) && minutes >= 1 && minutes < 30, `${tag} ${name}: ${minutes} minutes`);
      assert.match(script, /export default/, name);
    }
});

test('languages have the same guides in the same order, each in its own words, with as many parts and pieces of code', () => {
  const [first, ...others] = LANGUAGE_TAGS.map((tag) => guideSummaries(tag));
  const shapeOf = (tag: string, name: (typeof first)[number]['name']): unknown => {
    const { body } = readGuide(tag, name);
    return [
      body.match(/^#+ /gm)?.length ?? 0,
      (body.match(/^```/gm)?.length ?? 0) % 2,
      body.match(/^```\w+/gm)?.length ?? 0,
    ];
  };
  for (const [index, summaries] of others.entries()) {
    const tag = LANGUAGE_TAGS[index + 1]!;
    assert.deepEqual(
      summaries.map(({ name }) => name),
      first!.map(({ name }) => name),
    );
    for (const [place, { name, title, lead }] of summaries.entries()) {
      assert.notEqual(title, first![place]!.title);
      assert.notEqual(lead, first![place]!.lead);
      assert.deepEqual(shapeOf(tag, name), shapeOf(LANGUAGE_TAGS[0], name), `${tag} ${name}`);
    }
  }
});

test('a guide that there is not is an error of the system, in each language', () => {
  for (const tag of [...LANGUAGE_TAGS, 'xx']) assert.throws(() => readGuide(tag, 'none' as never), { code: 'ENOENT' });
});
