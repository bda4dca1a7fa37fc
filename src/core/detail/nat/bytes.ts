/** Messages of the kernel: netlink attributes, numbers and names. */

export function bytesOf(hex: string): Uint8Array {
  const out = new Uint8Array(hex.length >> 1);
  for (let at = 0; at < out.length; at++) out[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16) || 0;
  return out;
}

/** Numbers in netlink messages are the network's; what iptables hands over is the machine's: little endian. */
export function number(bytes: Uint8Array | undefined, at: number, length: 1 | 2 | 4, little: boolean): number | null {
  if (bytes === undefined || at + length > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (length === 1) return view.getUint8(at);
  return length === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
}

/** More than the kernel allows for the name of a table, chain or expression. */
const LONGEST_NAME = 256;

export function text(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return '';
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end)).subarray(0, LONGEST_NAME));
}

/** A run of netlink attributes, in their order; it ends where a length does not fit. */
export function attributes(bytes: Uint8Array | undefined): { type: number; data: Uint8Array }[] {
  const out: { type: number; data: Uint8Array }[] = [];
  if (bytes === undefined) return out;
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = number(bytes, at, 2, true) ?? 0;
    if (length < 4 || at + length > bytes.length) break;
    out.push({ type: (number(bytes, at + 2, 2, true) ?? 0) & 0x3fff, data: bytes.subarray(at + 4, at + length) });
    at += (length + 3) & ~3;
  }
  return out;
}

export function byType(bytes: Uint8Array | undefined): Map<number, Uint8Array> {
  return new Map(attributes(bytes).map(({ type, data }) => [type, data]));
}

/** Big endian, of any length. */
export function bigOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}
