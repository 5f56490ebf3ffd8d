import { describeKill } from './killed-server.fixture.ts';

describeKill('SQLite', async () => null);
