// Streams of events are open for long: whoever loses their rights meanwhile loses the stream.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../../test/end-to-end/until.ts';
import type { Page, Run, Token } from '../api/documents.ts';
import { OVER, ServiceUnderTest } from '../service-under-test.fixture.ts';

type Visitor = ReturnType<ServiceUnderTest['visitor']>;

const LONG = `
import { sleep } from 'k6';
export const options = { scenarios: { all: { executor: 'externally-controlled', vus: 1, maxVUs: 1 } } };
export default function () { sleep(0.05); }`;

let service: ServiceUnderTest;
before(async () => {
  service = await ServiceUnderTest.start();
});
after(() => service.stop());

/** Follows a run. */
class Stream {
  text = '';
  isOver = false;

  static async open({ url, token, cookie }: Visitor, run: string): Promise<Stream> {
    const response = await fetch(`${url}/runs/${run}/events`, {
      headers: token === null ? { cookie: cookie! } : { authorization: `Bearer ${token}` },
    });
    assert.equal(response.status, 200);
    const stream = new Stream();
    void stream.#read(response.body!).finally(() => {
      stream.isOver = true;
    });
    await until(() => stream.text.includes(': hello'), 'the stream begins');
    return stream;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const part of body) this.text += decoder.decode(part, { stream: true });
  }
}

test('whoever loses their rights loses the stream that they have open, and nobody else does', async () => {
  const { admin } = service;
  const { database } = service.service;
  const project = await service.project('Watched');
  const made = await admin.makeTest(project.id, 'long', LONG);
  const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, {});
  await admin.waitFor(id, 'running');
  const add = (name: string) => service.addPerson(`${name}@example.com`, project.id, 'viewer');
  const [removed, disabled, gone, stays] = [
    await add('removed'),
    await add('disabled'),
    await add('gone'),
    await add('stays'),
  ];
  const [revoked, ended] = [await service.addToken(['read']), await service.addToken(['read'], project.id)];
  const { items } = await admin.get<Page<Token>>('/tokens');
  const idOf = ({ token }: Visitor): string => items.find(({ prefix }) => token!.startsWith(prefix))!.id;
  const taken: readonly (readonly [string, Visitor, () => Promise<unknown>])[] = [
    [
      'a member who is removed',
      removed.visitor,
      () => admin.expect('DELETE', `/projects/${project.id}/members/${removed.person.id}`),
    ],
    [
      'somebody who is disabled',
      disabled.visitor,
      () => admin.expect('PATCH', `/people/${disabled.person.id}`, { isDisabled: true }),
    ],
    ['somebody who signs out', gone.visitor, () => gone.visitor.expect('DELETE', '/session')],
    ['a token that is revoked', revoked, () => admin.expect('DELETE', `/tokens/${idOf(revoked)}`)],
    [
      'a token that ends',
      ended,
      () =>
        database.query
          .updateTable('credential')
          .set({ expires_ms: Date.now() })
          .where('id', '=', idOf(ended))
          .execute(),
    ],
  ];
  const steady = await Stream.open(stays.visitor, id);
  for (const [who, visitor, take] of taken) {
    const stream = await Stream.open(visitor, id);
    await until(() => /event: state/.test(stream.text), `${who} sees the run`);
    await take();
    await until(() => stream.isOver, `${who} loses the stream`);
    assert.doesNotMatch(stream.text, /event: end/, who);
    assert.ok([401, 404].includes((await visitor.call('GET', `/runs/${id}/events`)).status), who);
  }
  assert.equal(steady.isOver, false);
  await admin.expect('POST', `/runs/${id}/orders`, { action: 'stop' });
  await admin.waitFor(id, ...OVER);
  await until(() => steady.isOver, 'the run is over');
  assert.match(steady.text, /event: end/);
});
