// The real client of HTTP, from a call's arguments to its response, on a scripted wire.
import { SampleWriter } from '../../src/metrics/sample-writer.ts';
import { HttpCall } from '../../src/modules/k6-http/http-call.ts';
import { HttpClient } from '../../src/modules/k6-http/http-client.ts';
import type { ResponseState } from '../../src/modules/k6-http/response-state.ts';
import { Network } from '../../src/vu/network.ts';
import type { Dialer } from '../../src/wire/net/dialer.ts';
import { createScriptBench } from '../script-bench.ts';
import type { ScriptedDialer } from './scripted-wire.ts';

export interface FuzzClient {
  /** Calls; the result comes when there is one. */
  get(url: string, digest: boolean, onDone: (state: ResponseState) => void): void;
}

/** The bench would keep every sample, and memory is what is watched here; one for all, since the sets of tags know who writes them. */
const samples = new SampleWriter(() => {});

/** Bodies may take this many octets. */
export const BODY_LIMIT = 4_000_000;

export async function createFuzzClient(dialer: ScriptedDialer): Promise<FuzzClient> {
  const { vu } = await createScriptBench('export default function () {}', {
    maxResponseBytes: BODY_LIMIT,
    insecureSkipTLSVerify: true,
  });
  const network = Object.assign(new Network(vu.environment.options), { dialer: dialer as unknown as Dialer });
  const environment = { ...vu.environment, network, samples };
  const client = new HttpClient(environment);
  return {
    get(url, digest, onDone) {
      // Far more than any of them takes, also where others keep the machine busy.
      const settings = { ...client.defaults, digest, timeoutMs: 120_000 };
      new HttpCall(
        client,
        vu,
        { method: 'GET', plan: client.plan('GET', url), name: 'fuzz', body: null, settings },
        { onDone },
      ).start();
    },
  };
}
