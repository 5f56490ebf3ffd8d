// Outputs to servers over several agents: each agent sends its samples by itself, and what is measured here – virtual users, verdicts – is
// sent from here.
import type { OutputPlan } from '../../cluster/messages.ts';
import { OutputError } from '../../outputs/output-error.ts';
import type { OutputObserver } from '../../outputs/output-observer.ts';
import type { TracesOutput } from '../../outputs/traces-output.ts';
import type { RunObserver } from '../../run/run-observer.ts';

/** Whoever leads the agents. */
interface Leader {
  sendTo(outputs: readonly OutputPlan[]): void;
  drainOutputs(): Promise<string[]>;
}

/** An output of the run. */
type Sender = Pick<OutputObserver | TracesOutput, 'spec' | 'description'>;

export class AgentOutputs implements RunObserver {
  readonly name = 'what agents send';
  readonly #leader: Leader;
  readonly #outputs: readonly Sender[];

  /** @param outputs are ready before this is: they come before it among the observers of the run */
  constructor(leader: Leader, outputs: readonly Sender[]) {
    this.#leader = leader;
    this.#outputs = outputs;
  }

  onReady(): void {
    this.#leader.sendTo(
      this.#outputs.flatMap(({ spec, description }) => (spec === undefined ? [] : [{ spec, description }])),
    );
  }

  /** @throws OutputError where something was lost */
  async onDrain(): Promise<void> {
    const losses = await this.#leader.drainOutputs();
    if (losses.length > 0) throw new OutputError(losses.join('; '));
  }
}
