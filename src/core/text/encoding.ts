export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** How the bytes of JSON are text: by its byte order mark, or by the first character, which is a brace. */
export function encodingOf(bytes: Uint8Array): Encoding {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0x7b && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x7b)) return 'utf-16be';
  return 'utf-8';
}
