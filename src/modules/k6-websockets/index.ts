// `k6/websockets` (https://grafana.com/docs/k6/latest/javascript-api/k6-websockets/).
import type { HostModule } from '../../vu/environment.ts';
import { blobClassOf } from './blob-class.ts';
import { createWebSocketClass } from './websocket-class.ts';

export const websocketsModule: HostModule = {
  specifier: 'k6/websockets',
  create(environment) {
    const named = { WebSocket: createWebSocketClass(environment), Blob: blobClassOf(environment.realm).constructor };
    return () => ({ named });
  },
};
