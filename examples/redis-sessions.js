// Redis under load, and as a store of the test's own: sessions are written, read and let expire. Needs a server:
//   redis-server &  sixfold run examples/redis-sessions.js
// needs: redis-server
import { check } from 'k6';
import exec from 'k6/execution';
import redis from 'k6/x/redis';

export const options = {
  vus: 5,
  iterations: 200,
  thresholds: { redis_req_failed: ['rate==0'], 'redis_req_duration{name:GET}': ['p(95)<500'], checks: ['rate==1'] },
};

const client = new redis.Client(__ENV.REDIS_URL || 'redis://localhost:6379');

export async function setup() {
  await client.del('sessions');
}

export default async function () {
  const id = `session:${exec.scenario.iterationInTest}`;
  await client.set(id, JSON.stringify({ user: __VU }), 60);
  await client.sadd('sessions', id);
  const session = JSON.parse(await client.get(id));
  check(session, { 'the session is mine': ({ user }) => user === __VU });
  check(await client.ttl(id), { 'it expires': (seconds) => seconds > 0 && seconds <= 60 });
  // A key that is not there rejects, as in k6.
  const missing = await client.get('session:none').catch((error) => error.message);
  check(missing, { 'nothing is said so': (message) => message === 'redis: nil' });
}

export async function teardown() {
  const sessions = await client.smembers('sessions');
  check(sessions, { 'all are there': ({ length }) => length === 200 });
  await client.del('sessions', ...sessions);
}
