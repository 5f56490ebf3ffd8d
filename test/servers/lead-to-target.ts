import type { TargetAddresses } from '../../src/demo/target.ts';

/** Pages name the ports that `demo --serve --port 8800` has; tests take free ones. @returns the text with those */
export function leadToTarget(text: string, addresses: TargetAddresses): string {
  const { http, https, grpc, grpcs, broken, names, protocols } = addresses;
  const places = [http, https, grpc, grpcs, ...broken, names, protocols].map((one) => one.replace(/^https?:\/\//, ''));
  const portOf = (place: string) => place.slice(place.lastIndexOf(':') + 1);
  return text
    .replaceAll(/127\.0\.0\.1:88(\d\d)\b/g, (given, port: string) => places[Number(port)] ?? given)
    .replaceAll(/(?<=\bport: )88(\d\d)\b/g, (given, port: string) => portOf(places[Number(port)] ?? given));
}
