/** Longer ones are not shared: each is kept by the one before it, for as long as the thread lives. */
const LONGEST = 256;
const MOST = 4096;

let made = 0;

/**
 * How a dynamic table came to be what it is: the blocks that changed it, in order, from its beginning. Tables of different connections
 * with the same history are equal, and the history is then the same object. Thus what one connection has worked out holds for all: many
 * connections that say the same to the same server are what a load test is.
 */
export class TableHistory {
  readonly #length: number;
  #lastBlock: object | null = null;
  #last: TableHistory | null = null;
  #others: Map<object, TableHistory> | null = null;

  private constructor(length: number) {
    this.#length = length;
  }

  /** Of a table of a size in which nothing has happened yet. */
  static ofSize(maxSize: number): TableHistory {
    let history = beginnings.get(maxSize);
    if (history === undefined) {
      history = new TableHistory(0);
      // A peer may announce what it likes; nearly all announce the same.
      if (beginnings.size < 16) beginnings.set(maxSize, history);
    }
    return history;
  }

  /**
   * @param block that changed the table, the same object whenever it is the same block
   * @returns null: so much has happened that it is this connection's own
   */
  after(block: object): TableHistory | null {
    if (this.#lastBlock === block) return this.#last;
    let next = this.#others?.get(block);
    if (next === undefined) {
      if (this.#length >= LONGEST || made >= MOST) return null;
      made++;
      next = new TableHistory(this.#length + 1);
      if (this.#lastBlock !== null) (this.#others ??= new Map()).set(block, next);
    }
    if (this.#lastBlock === null) {
      this.#lastBlock = block;
      this.#last = next;
    }
    return next;
  }
}

const beginnings = new Map<number, TableHistory>();
