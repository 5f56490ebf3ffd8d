// A debugger that is asked for with --inspect works in the user's own files and lines.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Command, runCommand, Scratch } from './command.ts';
import { InspectorClient } from './inspector-client.ts';

const scratch = new Scratch();
const server = createServer((_, response) => response.end('pizza'));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const commands: Command[] = [];
after(() => {
  // One that stands still at a breakpoint would stay.
  for (const { child } of commands) child.kill('SIGKILL');
  server.closeAllConnections();
  server.close();
  scratch.remove();
});

async function debugging(
  words: readonly string[],
  work: (client: InspectorClient, command: Command) => Promise<void>,
): Promise<void> {
  const command = new Command(['run', '-q', '--summary-mode', 'disabled', '-e', `TARGET=${target}`, ...words], {
    cwd: scratch.folder,
  });
  commands.push(command);
  const [, url] = await command.printed(/Debugger listening on (ws:\S+)/);
  const client = await InspectorClient.attach(url!);
  try {
    await work(client, command);
  } finally {
    client.close();
    command.child.kill('SIGKILL');
    await command.ended;
  }
}

const SCRIPT = `import http from 'k6/http';
import { sleep } from 'k6';

export const options = { iterations: 2 };

export default function () {
  const greeting = 'iteration ' + __ITER;
  const response = http.get(__ENV.TARGET);
  const words = [greeting, response.body];
  sleep(0.01);
  console.log(words.join(': '));
}
`;

/** Stops, looks and steps in a file that has the lines of SCRIPT from a line on. */
async function lookAround(client: InspectorClient, url: string, first: number): Promise<void> {
  const at = (line: number) => ({ url, line: first + line - 1 });
  await client.breakAt(at(7));
  await client.resume();
  let pause = await client.paused();
  assert.deepEqual(pause.place, at(7));
  pause = await client.stepOver();
  assert.deepEqual(pause.place, at(8));
  assert.equal(await client.evaluate(pause.frames[0]!, 'greeting'), 'iteration 0');
  // Over what blocks: the virtual user waits for the answer.
  pause = await client.stepOver();
  assert.deepEqual(pause.place, at(9));
  assert.equal(await client.evaluate(pause.frames[0]!, 'response.body'), 'pizza');
  pause = await client.stepOver();
  pause = await client.stepOver();
  assert.deepEqual(pause.place, at(11));
  assert.deepEqual(await client.evaluate(pause.frames[0]!, 'words'), ['iteration 0', 'pizza']);
  // The other iteration stops there too.
  await client.resume();
  pause = await client.paused();
  assert.deepEqual(pause.place, at(7));
  pause = await client.stepOver();
  assert.equal(await client.evaluate(pause.frames[0]!, 'greeting'), 'iteration 1');
  await client.resume();
}

describe('a debugger of the script', { concurrency: 2 }, () => {
  test('stops at the first line, at breakpoints, reads variables and steps over what blocks', async () => {
    const file = scratch.write('plain.js', SCRIPT);
    await debugging(['--inspect-brk=127.0.0.1:0', file], async (client, command) => {
      const start = await client.paused();
      assert.deepEqual(start.place, { url: pathToFileURL(file).href, line: 1 });
      await lookAround(client, pathToFileURL(file).href, 1);
      const { exit, stderr } = await command.ended;
      assert.equal(exit, 0, stderr);
      assert.match(stderr, /iteration 0: pizza[\s\S]*iteration 1: pizza/);
    });
  });

  test('works in TypeScript, and in the files that a script is joined from', async () => {
    const types = ['interface Shop {', '  readonly name: string;', '}', ''].join('\n');
    const file = scratch.write('typed.ts', types + SCRIPT.replace("'iteration '", "'iteration ' as string"));
    await debugging(['--inspect-brk=0', file], async (client, command) => {
      assert.equal((await client.paused()).place?.url, pathToFileURL(file).href);
      await lookAround(client, pathToFileURL(file).href, 4);
      assert.equal((await command.ended).exit, 0);
    });
    const lib = scratch.write('lib.ts', `${types}${SCRIPT.replace('export default function', 'export function work')}`);
    const main = scratch.write(
      'main.js',
      "import { work } from './lib.ts';\nexport { options } from './lib.ts';\nexport default function () {\n  work();\n}\n",
    );
    await debugging(['--inspect-brk=0', main], async (client, command) => {
      await client.paused();
      const sources = await client.sources();
      for (const one of [lib, main]) assert.ok(sources.includes(pathToFileURL(one).href), sources.join());
      await lookAround(client, pathToFileURL(lib).href, 4);
      assert.equal((await command.ended).exit, 0);
    });
  });

  test('attaches to a test in progress; Ctrl-C ends one that stands still', async () => {
    const file = scratch.write(
      'endless.js',
      "import { sleep } from 'k6';\nexport const options = { duration: '10m' };\nexport default function () {\n  const count = 1;\n  sleep(0.05);\n}\n",
    );
    await debugging(['--inspect=0', file], async (client, command) => {
      await client.sources();
      await client.breakAt({ url: pathToFileURL(file).href, line: 4 });
      assert.equal((await client.paused()).place?.line, 4);
      command.child.kill('SIGINT');
      assert.equal((await command.ended).exit, 105);
    });
  });

  test('what makes no sense is refused before anything runs', async () => {
    const file = scratch.write('empty.js', 'export default function () {}');
    const refused = async (words: string[], message: RegExp) => {
      const { exit, stderr } = await runCommand(['run', ...words, file], { cwd: scratch.folder });
      assert.equal(exit, 255, stderr);
      assert.match(stderr, message);
    };
    await refused(['--inspect=nonsense:x'], /--inspect: "nonsense:x" is no address/);
    await refused(['--inspect', '--workers', '2'], /--inspect .*one worker/);
    await refused([`--inspect=${new URL(target).port}`], /cannot be listened on/);
  });
});
