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
  expect(first.missing).toBe('');
  expect(Buffer.from(second.png).equals(Buffer.from(first.png))).toBe(true);
});

test('text is drawn, by the font that Bulkhead carries', async () => {
  const [blank, named] = [await renderPng(svg(100, 40), 1), await renderPng(svg(100, 40, 'web1'), 1)];
  expect(Buffer.from(named.png).equals(Buffer.from(blank.png))).toBe(false);
});

test('names the characters that no font has a shape for', async () => {
  // Linear B: assigned, and in no font that anybody installs.
  expect((await renderPng(svg(100, 40, 'a\u{10000}b\u{10000}'), 1)).missing).toBe('\u{10000}');
});

test('refuses a picture that viewers could not open, and says what to do', async () => {
  for (const large of [svg(9000, 10), svg(7000, 7000)]) {
    await expect(renderPng(large, 2)).rejects.toMatchObject({
      code: 'export-too-large',
      message: expect.stringContaining('Choose a smaller scale'),
    });
  }
});

/** Much work for few pixels: blurs of blurs. */
const SLOW = `<svg xmlns="http://www.w3.org/2000/svg" width="6000" height="6000"><filter id="f">${'<feGaussianBlur stdDeviation="90"/>'.repeat(40)}</filter><rect width="6000" height="6000" filter="url(#f)"/></svg>`;

test('the thread that asked goes on meanwhile', async () => {
  let longest = 0;
  let last = performance.now();
  const clock = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 10);
  try {
    const drawing = renderPng(SLOW, 1, 4_000);
    await expect(drawing).rejects.toMatchObject({ code: 'export-failed' });
  } finally {
    clearInterval(clock);
  }
  expect(longest).toBeLessThan(1_000);
});

test('what takes too long is ended, says so, and holds up nobody behind it', async () => {
  const started = performance.now();
  const [slow, quick] = await Promise.allSettled([renderPng(SLOW, 1, 1_000), renderPng(svg(10, 10), 1)]);
  expect(slow).toMatchObject({ reason: { code: 'export-failed', message: expect.stringContaining('within 1 s') } });
  expect(quick.status).toBe('fulfilled');
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('what is no picture is refused in words', async () => {
  await expect(renderPng('<svg', 1)).rejects.toMatchObject({ code: 'export-failed' });
});
