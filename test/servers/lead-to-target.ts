import type { TargetAddresses } from '../../src/demo/target.ts';

/** Pages name the ports that `demo --serve --port 8800` has; tests take free ones. @returns the text with those */
export function leadToTarget(text: string, { http, https, ws, grpc, broken }: TargetAddresses): string {
  return broken
    .reduce((led, address, i) => led.replaceAll(`https://127.0.0.1:${8804 + i}`, address), text)
    .replaceAll('http://127.0.0.1:8800', http)
    .replaceAll('https://127.0.0.1:8800', http.replace('http:', 'https:'))
    .replaceAll('https://127.0.0.1:8801', https)
    .replaceAll('ws://127.0.0.1:8800', ws)
    .replaceAll('127.0.0.1:8802', grpc);
}
