import { after, test } from 'node:test';
import { type DatabaseServer, NO_POSTGRES, spawnPostgres } from '../../test/servers/spawn-databases.ts';
import { describeService } from './service-behaviour.fixture.ts';

let server: DatabaseServer | null = null;

if (NO_POSTGRES === false) {
  describeService('PostgreSQL', async () => {
    server = await spawnPostgres();
    return `postgres://ann:s3cret@127.0.0.1:${server.port}/postgres`;
  });
  after(() => server?.stop());
} else test('PostgreSQL', { skip: NO_POSTGRES }, () => {});
