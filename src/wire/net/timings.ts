/** Milliseconds, with fractions, as k6 defines them: `blocked` is all the time until there was a connection. */
export interface Timings {
  blocked: number;
  lookingUp: number;
  connecting: number;
  tlsHandshaking: number;
  sending: number;
  waiting: number;
  receiving: number;
}
