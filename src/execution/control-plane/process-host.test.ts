import { testLoadHosts } from '../load-host-suite.fixture.ts';
import { onProcesses } from './process-host.fixture.ts';

testLoadHosts('processes', onProcesses);
