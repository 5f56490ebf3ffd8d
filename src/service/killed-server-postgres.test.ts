import { after, test } from 'node:test';
import { type DatabaseServer, NO_POSTGRES, spawnPostgres } from '../../test/servers/spawn-databases.ts';
import { describeKill } from './killed-server.fixture.ts';

let server: DatabaseServer | null = null;

if (NO_POSTGRES === false) {
  describeKill('PostgreSQL', async () => {
    server = await spawnPostgres();
    return `postgres://ann:s3cret@127.0.0.1:${server.port}/postgres`;
  });
  after(() => server?.stop());
} else test('PostgreSQL', { skip: NO_POSTGRES }, () => {});
