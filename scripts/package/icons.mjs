// The icons of all platforms, from the one SVG that the page has too.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const wasm = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');

/** Chunk names of an icns file, by size. Source: Apple's Icon Services. */
const ICNS = { 16: 'icp4', 32: 'icp5', 64: 'icp6', 128: 'ic07', 256: 'ic08', 512: 'ic09', 1024: 'ic10' };
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

/** @returns PNGs by their size in pixels */
async function pngs(svg) {
  await initWasm(readFileSync(wasm));
  return new Map(
    SIZES.map((size) => [
      size,
      Buffer.from(new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng()),
    ]),
  );
}

/** An ICO file whose images are PNGs, as Windows reads since Vista. */
function ico(images) {
  const used = [16, 24, 32, 48, 64, 128, 256].map((size) => [size, images.get(size)]);
  const head = Buffer.alloc(6 + 16 * used.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(used.length, 4);
  let offset = head.length;
  for (const [index, [size, png]] of used.entries()) {
    const at = 6 + 16 * index;
    // 256 is written as 0.
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...used.map(([, png]) => png)]);
}

/** An ICNS file whose images are PNGs, as macOS reads since 10.7. */
function icns(images) {
  const chunks = Object.entries(ICNS).map(([size, name]) => {
    const png = images.get(Number(size));
    const head = Buffer.alloc(8);
    head.write(name, 0, 'latin1');
    head.writeUInt32BE(png.length + 8, 4);
    return Buffer.concat([head, png]);
  });
  const head = Buffer.alloc(8);
  head.write('icns', 0, 'latin1');
  head.writeUInt32BE(8 + chunks.reduce((sum, { length }) => sum + length, 0), 4);
  return Buffer.concat([head, ...chunks]);
}

/** @returns {Promise<{ pngs: Map<number, Buffer>, ico: Buffer, icns: Buffer }>} PNGs by their size in pixels */
export async function icons(file) {
  const images = await pngs(readFileSync(file, 'utf8'));
  return { pngs: images, ico: ico(images), icns: icns(images) };
}
