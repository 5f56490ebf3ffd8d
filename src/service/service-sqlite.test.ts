import { describeService } from './service-behaviour.fixture.ts';

describeService('SQLite', async () => null);
