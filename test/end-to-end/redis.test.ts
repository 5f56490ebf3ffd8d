// A Redis server that dies under load: the run goes on to its end and says what happened.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { NO_REDIS, spawnRedis } from '../servers/spawn-redis.ts';
import { Command, Scratch } from './command.ts';

const scratch = new Scratch();
after(() => scratch.remove());

test('a server that dies in the middle of a run is named by code, and what was measured is reported', {
  skip: NO_REDIS,
}, async () => {
  const server = await spawnRedis();
  const file = scratch.write(
    'store.js',
    `import redis from 'k6/x/redis';
     import { sleep } from 'k6';
     export const options = { vus: 4, iterations: 400 };
     const client = new redis.Client('redis://127.0.0.1:${server.port}');
     export default async function () {
       if (__ITER === 20) console.log('under load');
       sleep(0.05);
       await client.incr('count');
     }`,
  );
  const command = new Command(['run', '--quiet', '--workers', '2', file], { cwd: scratch.folder });
  await command.printed(/under load/);
  await server.stop();
  const { exit, stdout, stderr } = await command.ended;
  assert.equal(exit, 0, stderr);
  assert.match(stdout, /iterations\.*: 400 /);
  assert.match(stdout, /redis_reqs\.*: 400 /);
  assert.match(stdout, /1212 connection_refused: \d+ \(.* of Redis commands\)/);
  assert.match(stderr, /connection refused/);
});
