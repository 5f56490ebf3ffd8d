/** Bytes on sockets, TLS records included; k6's data_sent and data_received are the growth of these during an iteration. */
export interface ByteMeter {
  sent: number;
  received: number;
}
