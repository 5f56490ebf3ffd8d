// Whom the word of a provider lets in, where they come more than once at the same time. All else of it: rest/open-id.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onBothDatabases } from '../storage/filled-database.fixture.ts';
import { findIdentified } from './identified-person.ts';

const SETTINGS = {
  issuer: 'https://id.example',
  clientId: 'c',
  clientSecret: null,
  name: 'Example',
  domains: [],
  addsPeople: true,
  project: { slug: 'shop', role: 'viewer' },
} as const;

onBothDatabases((name, open) => {
  test(`${name}: somebody who comes from several browsers for the first time is added once, and let in by all`, async () => {
    const filled = await open();
    const { database } = filled;
    try {
      for (const subject of ['one', 'two', 'three']) {
        const identity = { issuer: SETTINGS.issuer, subject, email: `${subject}@example.com`, name: subject };
        const come = () => findIdentified(database, identity, SETTINGS, '127.0.0.1', () => {});
        const found = await Promise.all([come(), come(), come(), come()]);
        assert.equal(new Set(found.map(({ id }) => id)).size, 1);
        const people = await database.query.selectFrom('person').select('id').where('subject', '=', subject).execute();
        assert.deepEqual(
          people.map(({ id }) => id),
          [found[0]!.id],
        );
      }
      assert.equal((await database.query.selectFrom('member').selectAll().execute()).length, 3);
    } finally {
      await filled.close();
    }
  });
});
