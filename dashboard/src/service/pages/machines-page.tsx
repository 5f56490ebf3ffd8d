// Where load is made: servers and agents, and how much waits for them.
import { bytes, text } from '../../text/format.ts';
import { ask, type Queue } from '../api.ts';
import { Frame, Head, Title } from '../frame.tsx';
import { when, words } from '../language.ts';
import { useLoaded } from '../use-loaded.ts';

const REFRESH_MS = 3000;

export function MachinesPage() {
  const said = words.value;
  const { value, problem } = useLoaded('queue', () => ask<Queue>('GET', '/queue'), REFRESH_MS);
  return (
    <Frame part="machines">
      <Head
        text={said.machines}
        note={value === null ? (problem ?? said.loading) : said.queue(value.queued, value.active)}
      />
      {value === null ? null : (
        <>
          <section aria-labelledby="servers">
            <Title id="servers" text={said.servers} />
            <ul class="rows">
              {value.servers.map((server) => (
                <li key={server.id} class={server.isAlive ? '' : 'idle'}>
                  <span class="name">
                    <b>{server.name}</b>
                    <small>{said.cores(server.cores)}</small>
                  </span>
                  <span class={`outcome ${server.isAlive ? 'passed' : 'failed'}`}>
                    {server.isAlive ? said.alive : said.gone}
                  </span>
                  <span>
                    {said.runs}: {server.running}
                  </span>
                  <span class="quiet">
                    {said.seen}: {when(server.seenAtMs)}
                  </span>
                </li>
              ))}
            </ul>
          </section>
          <section aria-labelledby="agents">
            <Title id="agents" text={said.agents} />
            {value.agents === null || value.agents.length === 0 ? (
              <p class="empty">{said.noAgents}</p>
            ) : (
              <ul class="rows">
                {value.agents.map((agent) => (
                  <li key={agent.id}>
                    <span class="name">
                      <b>{agent.name}</b>
                      <small>
                        {said.cores(agent.cores)}, {text(bytes(agent.memory))} · {agent.version}
                      </small>
                    </span>
                    <span>{agent.busy === null ? said.free : said.busy}</span>
                    <span class="quiet">
                      {[agent.group, ...Object.entries(agent.labels).map(([key, label]) => `${key}=${label}`)]
                        .filter((one) => one !== '')
                        .join(' · ')}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </section>
        </>
      )}
    </Frame>
  );
}
