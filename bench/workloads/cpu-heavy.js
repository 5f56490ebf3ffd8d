// A script that computes much for each request: what a second load worker is for.
import http from 'k6/http';

export const options = { vus: 8, iterations: Number(__ENV.ITERATIONS) };

/** Some tens of milliseconds of computing, whose result cannot be guessed. */
function compute(seed) {
  let state = seed >>> 0;
  for (let i = 0; i < 20_000_000; i++) state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state;
}

export default function () {
  const answer = compute(__VU * 1000 + __ITER);
  http.get(`${__ENV.SERVER}/${answer}`);
}
