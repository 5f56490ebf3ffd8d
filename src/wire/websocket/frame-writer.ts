// Frames from client to server (RFC 6455, section 5.2): masked, each with a key of its own.
import { randomFillSync } from 'node:crypto';

/** Random octets are drawn in stock: asking the system for four of them costs more than the rest of a small frame. */
const STOCK = Buffer.allocUnsafeSlow(8 * 1024);
let drawn = STOCK.length;

/**
 * @param flags what the first octet holds besides the opcode: 0x80 for the last frame of a message, 0x40 where it is compressed
 * @param payload is copied
 * @returns head and masked payload
 */
export function writeFrame(opcode: number, payload: Uint8Array, flags = 0x80): Buffer {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const start = 2 + extended + 4;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = flags | opcode;
  if (extended === 0) frame[1] = 0x80 | length;
  else if (extended === 2) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  if (drawn + 4 > STOCK.length) {
    randomFillSync(STOCK);
    drawn = 0;
  }
  STOCK.copy(frame, start - 4, drawn, drawn + 4);
  drawn += 4;
  frame.set(payload, start);
  applyMask(frame, start);
  return frame;
}

/** Masks what stands behind the key, which is the four octets before `start`. */
function applyMask(frame: Buffer, start: number): void {
  const { length } = frame;
  const k0 = frame[start - 4] as number;
  const k1 = frame[start - 3] as number;
  const k2 = frame[start - 2] as number;
  const k3 = frame[start - 1] as number;
  let at = start;
  for (; at + 3 < length; at += 4) {
    frame[at] = (frame[at] as number) ^ k0;
    frame[at + 1] = (frame[at + 1] as number) ^ k1;
    frame[at + 2] = (frame[at + 2] as number) ^ k2;
    frame[at + 3] = (frame[at + 3] as number) ^ k3;
  }
  if (at < length) frame[at] = (frame[at] as number) ^ k0;
  if (at + 1 < length) frame[at + 1] = (frame[at + 1] as number) ^ k1;
  if (at + 2 < length) frame[at + 2] = (frame[at + 2] as number) ^ k2;
}
