// `k6/websockets` (https://grafana.com/docs/k6/latest/javascript-api/k6-websockets/).
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';
import { blobClassOf } from './blob-class.ts';
import { createWebSocketClass } from './websocket-class.ts';

function createExports(environment: VuEnvironment): Record<string, unknown> {
  return { WebSocket: createWebSocketClass(environment), Blob: blobClassOf(environment.realm).constructor };
}

export const websocketsModule: HostModule = {
  specifier: 'k6/websockets',
  create(environment) {
    const named = createExports(environment);
    return () => ({ named });
  },
};

/** Its older name. */
export const experimentalWebsocketsModule: HostModule = {
  specifier: 'k6/experimental/websockets',
  create(environment) {
    const named = createExports(environment);
    return (vu) => {
      // Said once, where the init code is tried, not by every virtual user.
      if (vu.idInTest === 0) {
        environment.logger.log(
          'warning',
          'k6/experimental/websockets is deprecated: import from k6/websockets instead',
        );
      }
      return { named };
    };
  },
};
