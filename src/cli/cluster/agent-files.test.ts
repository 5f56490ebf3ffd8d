import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { AgentFiles, readAgentFiles } from './agent-files.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'sixfold-agent-files-'));
after(() => rmSync(root, { recursive: true }));
let made = 0;
const newFolder = (): string => {
  const folder = path.join(root, String(made++));
  mkdirSync(folder);
  return folder;
};
/** In several parts, as agents hand them over. */
function parts(text: string, count = 3): Buffer[] {
  const whole = gzipSync(text);
  const size = Math.ceil(whole.length / count);
  return Array.from({ length: count }, (_, i) => whole.subarray(i * size, (i + 1) * size));
}
function hand(files: AgentFiles, agent: string, index: number, text: string): void {
  const all = parts(text);
  for (const [i, part] of all.entries()) files.take(agent, index, part, i === all.length - 1);
}

describe('files of samples over several agents', () => {
  test('are json and csv, by the names that the user gives', () => {
    assert.deepEqual(readAgentFiles(['json=a=b.json', 'csv=deep/a.csv.gz']), [
      { kind: 'json', name: 'a=b.json' },
      { kind: 'csv', name: 'deep/a.csv.gz' },
    ]);
    assert.deepEqual(readAgentFiles([]), []);
  });

  test('are no others, and never standard output', () => {
    for (const output of ['experimental-own=x', 'JSON=x', ''])
      assert.throws(() => readAgentFiles([output]), { exitCode: 255, message: /does not go with --agents/ }, output);
    for (const output of ['json', 'json=', 'json=-', 'csv', 'csv=-', 'csv=file_name=x,save_interval=1s'])
      assert.throws(
        () => readAgentFiles([output]),
        { exitCode: 255, message: /with --agents it is (?:json|csv)=FILE/ },
        output,
      );
  });

  test('are one for each agent, its name before the ending', async () => {
    const folder = newFolder();
    const files = new AgentFiles(
      ['samples.json', 'noending', '.hidden', 'a.csv.x'].map((name) => ({
        kind: 'json',
        name: path.join(folder, name),
      })),
    );
    for (let index = 0; index < 4; index++) hand(files, 'eu/1 ž', index, `text ${index}`);
    const told = await files.close(['eu/1 ž']);
    assert.deepEqual(
      told.map(({ level, text }) => [level, /are in (.*)$/.exec(text)?.[1]?.slice(folder.length + 1)]),
      ['samples.eu_1__.json', 'noending.eu_1__', '.hidden.eu_1__', 'a.eu_1__.csv.x'].map((name) => ['info', name]),
    );
    assert.equal(readFileSync(path.join(folder, 'samples.eu_1__.json'), 'utf8'), 'text 0');
  });

  test('of two agents do not mix, whatever order their parts come in', async () => {
    const folder = newFolder();
    const files = new AgentFiles([{ kind: 'json', name: path.join(folder, 's.json') }]);
    const [a, b] = [parts('of a '.repeat(1000)), parts('of b '.repeat(1000))];
    for (let i = 0; i < 3; i++) {
      files.take('a', 0, a[i]!, i === 2);
      files.take('b', 0, b[i]!, i === 2);
    }
    await files.close(['a', 'b']);
    assert.equal(readFileSync(path.join(folder, 's.a.json'), 'utf8'), 'of a '.repeat(1000));
    assert.equal(readFileSync(path.join(folder, 's.b.json'), 'utf8'), 'of b '.repeat(1000));
  });

  test('stay packed where their name says so', async () => {
    const folder = newFolder();
    const files = new AgentFiles([{ kind: 'csv', name: path.join(folder, 's.csv.gz') }]);
    hand(files, 'a', 0, 'metric,value');
    await files.close(['a']);
    assert.equal(gunzipSync(readFileSync(path.join(folder, 's.a.csv.gz'))).toString(), 'metric,value');
  });
});

describe('samples that are not all there are told of:', () => {
  const tell = async (files: AgentFiles, ...agents: string[]) =>
    (await files.close(agents)).map(({ level, text }) => `${level}: ${text}`);
  const one = () => path.join(newFolder(), 's.json');

  test('those of an agent that has handed over nothing, or not the end', async () => {
    const name = one();
    const files = new AgentFiles([{ kind: 'json', name }]);
    files.take('half', 0, parts('x'.repeat(1000))[0]!, false);
    const told = await tell(files, 'half', 'none');
    assert.match(told[0]!, /^warning: the samples of half are missing: it has not handed over .*s\.half\.json$/);
    assert.match(told[1]!, /^warning: the samples of none are missing/);
    assert.equal(existsSync(name.replace('s.json', 's.none.json')), false);
  });

  test('those that are damaged or cut short', async () => {
    const files = new AgentFiles([{ kind: 'json', name: one() }]);
    files.take('bad', 0, Buffer.from('no gzip'), true);
    files.take('cut', 0, gzipSync('x'.repeat(100_000)).subarray(0, 40), true);
    const told = await tell(files, 'bad', 'cut');
    for (const line of told) assert.match(line, /^warning: the samples of (?:bad|cut) cannot be written: /);
  });

  test('those whose file cannot be written', async () => {
    const files = new AgentFiles([{ kind: 'json', name: path.join(root, 'no/such/folder/s.json') }]);
    hand(files, 'a', 0, 'text');
    assert.match((await tell(files, 'a'))[0]!, /^warning: the samples of a cannot be written: ENOENT/);
  });

  test('and parts of files that nobody has asked for are left', async () => {
    const files = new AgentFiles([]);
    files.take('a', 0, Buffer.from('x'), true);
    files.take('a', -1, Buffer.from('x'), true);
    assert.deepEqual(await tell(files, 'a'), []);
  });
});
