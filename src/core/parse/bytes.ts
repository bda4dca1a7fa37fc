/**
 * The probe writes a byte that is not part of valid UTF-8 as `\xHH`, and a backslash before an `x` as `\x5c`.
 * This takes such text back to the bytes it stood for.
 */
export function unescapeBytes(text: string): Uint8Array {
  const encoder = new Encoder();
  let last = 0;
  for (const match of text.matchAll(/\\x([0-9a-f]{2})/g)) {
    encoder.text(text.slice(last, match.index));
    encoder.byte(Number.parseInt(match[1] ?? '0', 16));
    last = match.index + match[0].length;
  }
  encoder.text(text.slice(last));
  return Uint8Array.from(encoder.bytes);
}

/** UTF-8 by hand: this room has no TextEncoder, being free of every host. */
class Encoder {
  readonly bytes: number[] = [];

  byte(value: number): void {
    this.bytes.push(value);
  }

  text(text: string): void {
    for (const character of text) {
      const code = character.codePointAt(0) ?? 0;
      if (code < 0x80) this.bytes.push(code);
      else if (code < 0x800) this.bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
      else if (code < 0x10000) {
        this.bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
      } else {
        this.bytes.push(
          0xf0 | (code >> 18),
          0x80 | ((code >> 12) & 0x3f),
          0x80 | ((code >> 6) & 0x3f),
          0x80 | (code & 0x3f),
        );
      }
    }
  }
}
