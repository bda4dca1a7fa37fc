import { expect, test } from 'vitest';
import { renderPng } from './png.ts';

const svg = (width: number, height: number, text = '') =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="#ffffff"/><text x="5" y="30" font-family="DejaVu Sans" font-size="20">${text}</text></svg>`;

/** Width and height from the header. Source: PNG specification, IHDR. */
function sizeOf(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

test('draws at the scale asked for, the same bytes every time', async () => {
  const first = await renderPng(svg(100, 40, 'web1'), 2);
  const second = await renderPng(svg(100, 40, 'web1'), 2);
  expect(sizeOf(first.png)).toEqual([200, 80]);
  expect(first.missing).toBe(0);
  expect(Buffer.from(second.png).equals(Buffer.from(first.png))).toBe(true);
});

test('text is drawn, by the font that Bulkhead carries', async () => {
  const [blank, named] = [await renderPng(svg(100, 40), 1), await renderPng(svg(100, 40, 'web1'), 1)];
  expect(Buffer.from(named.png).equals(Buffer.from(blank.png))).toBe(false);
});

test('counts the characters that the font has no shape for', async () => {
  expect((await renderPng(svg(100, 40, 'a日本'), 1)).missing).toBe(2);
});

test('refuses a picture that viewers could not open, and says what to do', async () => {
  await expect(renderPng(svg(9000, 10), 2)).rejects.toMatchObject({
    code: 'export-too-large',
    message: expect.stringContaining('choose a smaller scale'),
  });
});
