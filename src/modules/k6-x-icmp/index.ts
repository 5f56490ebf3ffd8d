// `k6/x/icmp`: echo requests of ICMP (https://grafana.com/docs/k6/latest/javascript-api/k6-x-icmp/).
import { isIP } from 'node:net';
import { Suspension } from '../../script/runtime/suspension.ts';
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';
import { toScriptError } from '../../vu/network-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { type PingOptions, readMinimumInterval, readPingOptions, readTarget } from './ping-options.ts';
import { PingSamples } from './ping-samples.ts';
import { type EchoReport, PingSeries } from './ping-series.ts';

const UINT16 = 65_536;

export const icmpModule: HostModule = {
  specifier: 'k6/x/icmp',
  create(environment) {
    const named = createFunctions(environment);
    return () => ({ named });
  },
};

function createFunctions(environment: VuEnvironment): Record<string, unknown> {
  const { realm } = environment;
  const samples = new PingSamples(environment);
  const minimumMs = readMinimumInterval(process.env);

  return {
    ping: realm.blockingFunction('ping', 2, (given: unknown, options: unknown) => {
      const vu = realm.vu as VirtualUser;
      vu.forbidInit('sending pings');
      const series = new PingSeries(
        vu,
        samples,
        readTarget('ping', given),
        readPingOptions(realm, 'ping', options, minimumMs),
        () => {},
      );
      return new Suspension(series.run());
    }),
    pingAsync: realm.asyncFunction('pingAsync', 3, async (given: unknown, first: unknown, second: unknown) => {
      const vu = realm.vu as VirtualUser;
      vu.forbidInit('sending pings');
      const target = readTarget('pingAsync', given);
      const [optionsGiven, callback] = typeof first === 'function' ? [undefined, first] : [first, second];
      if (callback !== undefined && callback !== null && typeof callback !== 'function')
        throw new TypeError(`pingAsync() takes a function as its callback, not ${typeof callback}`);
      const options = readPingOptions(realm, 'pingAsync', optionsGiven, minimumMs);
      if (typeof callback !== 'function') return new PingSeries(vu, samples, target, options, () => {}).run();
      const calls: Promise<void>[] = [];
      const onReport = (report: EchoReport): void => {
        const error = report.error === null ? null : toScriptError(realm, report.error);
        const detail = realm.fromHost(describe(target, options, report));
        const call = new Promise<void>((resolve, reject) => {
          vu.loop.post(callback, undefined, [error, detail], reject, resolve);
        });
        // Whoever waits for the result hears of what it threw.
        call.catch(() => {});
        calls.push(call);
      };
      const result = await new PingSeries(vu, samples, target, options, onReport).run();
      await Promise.all(calls);
      return result;
    }),
  };
}

/** Grafana's page "k6/x/icmp > PingDetail". */
function describe(target: string, options: PingOptions, report: EchoReport): Record<string, unknown> {
  const { place, reply, askedMs, index } = report;
  return {
    alive: reply !== null,
    target,
    ...(place !== null && { target_ip: place.ip, target_ip_version: `ip${isIP(place.ip)}` }),
    sent_at: sentAt(reply, askedMs),
    seq: (options.seq + index) % UINT16,
    ...(reply !== null && {
      received_at: reply.receivedMs,
      ttl: reply.ttl,
      size: reply.bytes,
      ...(reply.id !== null && { id: reply.id }),
    }),
    options: describeOptions(options),
  };
}

/** By the reply itself, where it tells; else about when ping had come as far as to send. */
function sentAt(reply: EchoReport['reply'], askedMs: number): number {
  if (reply === null) return askedMs;
  return reply.rttMs === null ? Math.min(askedMs + reply.setupMs, reply.receivedMs) : reply.receivedMs - reply.rttMs;
}

/** As a script would write them, with what it left out. */
function describeOptions({ preferred, timeoutMs, deadlineMs, intervalMs, tags, ...same }: PingOptions) {
  const { id, seq, ttl, count, threshold, size, source } = same;
  return {
    ...{ seq, count, threshold, size, timeout: timeoutMs, interval: intervalMs },
    ...(deadlineMs !== Number.POSITIVE_INFINITY && { deadline: deadlineMs }),
    ...(id !== null && { id }),
    ...(ttl !== null && { ttl }),
    ...(source !== null && { source }),
    ...(preferred !== null && { preferred_ip_version: `ip${preferred}` }),
    ...(tags.length > 0 && { tags: Object.fromEntries(tags) }),
  };
}
