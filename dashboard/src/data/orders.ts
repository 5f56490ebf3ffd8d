// How orders to a run reach its server, where the reader may give any.
import { signal } from '@preact/signals';

export interface Order {
  readonly action: 'stop' | 'pause' | 'resume' | 'scale';
  readonly vus?: number;
}

/** Throws what the server says against it; null: the reader may give none. */
export const orders = signal<((order: Order) => Promise<void>) | null>(null);
