// A machine that makes load for a run that is led from elsewhere, as it is shown. Types alone, for browsers too.

export type AgentHealth =
  | 'ok'
  /** Its event loops had hardly any time to spare: what it measured is partly its own waiting. */
  | 'busy'
  /** It cannot hand over what it has measured, and keeps it. */
  | 'waiting'
  | 'lost';

export interface AgentRecord {
  readonly name: string;
  readonly health: AgentHealth;
  readonly vus: number;
  readonly iterations: number;
  readonly failed: number;
  /** Of its requests, in ms; null: it has made none. */
  readonly p95Ms: number | null;
  /** What its clock shows less than the leader's, in ms. */
  readonly clockShiftMs: number;
  /** How busy its busiest thread is, 0 to 1. */
  readonly busyShare: number;
}
