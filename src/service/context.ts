// What all parts of the service work with.
import type { NatsSettings } from '../cluster/nats-link.ts';
import type { OwnPlace } from '../wire/net/place-rules.ts';
import type { OpenIdProvider } from './people/open-id.ts';
import type { Sealer } from './people/seal.ts';
import type { EventBus } from './runs/event-bus.ts';
import type { Database } from './storage/database.ts';

export interface ServiceContext {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly bus: EventBus;
  /** Of `--data`: what outlives this process. */
  readonly dataFolder: string;
  /** Of this process, in it: where files lie that go with a run. */
  readonly folder: string;
  /** This process among the servers of the database. */
  readonly serverId: string;
  /** Threads that make load at the same time. */
  readonly cores: number;
  /** Where agents are; null: load is made here. */
  readonly nats: NatsSettings | null;
  /** What people reach the server by: `https://load.example`. */
  readonly publicUrl: () => string;
  /** Where this server and what it works with listen: no run may reach them. */
  readonly ownPlaces: () => readonly OwnPlace[];
  /** Where people sign in; null: with passwords alone. */
  readonly provider: OpenIdProvider | null;
  /** Whether passwords let in. */
  readonly takesPasswords: boolean;
  readonly log: (level: 'info' | 'warning' | 'error', message: string) => void;
  /** There is something new to do: a run is queued, an order given, a message to be sent. */
  readonly wake: () => void;
}
