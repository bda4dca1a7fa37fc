import { expect, it } from 'vitest';
import { createDemultiplexer } from './output.ts';

function frame(type: number, length: number, content = ''): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(length, 4);
  return Buffer.concat([header, Buffer.from(content)]);
}

function read(...chunks: Buffer[]) {
  const heard = { stdout: '', stderr: '' };
  const demultiplex = createDemultiplexer((chunk, stream) => {
    heard[stream] += chunk.toString();
  });
  return { understood: chunks.map(demultiplex), heard };
}

it('takes output apart wherever it is cut', () => {
  const bytes = Buffer.concat([
    frame(1, 2, 'ab'),
    frame(2, 3, 'cde'),
    frame(1, 0),
    frame(0, 1, 'f'),
    frame(1, 4, 'gh'),
  ]);
  const expected = { stdout: 'abfgh', stderr: 'cde' };
  for (let size = 1; size <= bytes.length; size++) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
    expect(read(...chunks).heard).toEqual(expected);
  }
});

it('takes a million frames without content', () => {
  expect(read(...Array.from({ length: 100 }, () => Buffer.alloc(80_000))).understood).not.toContain(false);
});

it('says what is no such frame: an unknown type, more than an engine sends at once', () => {
  expect(read(frame(1, 16 * 1024 * 1024)).understood).toEqual([true]);
  expect(read(frame(1, 16 * 1024 * 1024 + 1)).understood).toEqual([false]);
  expect(read(frame(3, 1)).understood).toEqual([false]);
});
