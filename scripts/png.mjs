// PNG files in pieces, and a screenshot as a smaller file. Source: PNG specification, third edition.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The most colours that a palette has. */
const COLOURS = 256;

export function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function chunksOf(png) {
  const found = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    found.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return found;
}

/** 9.4: the predictor of the fourth kind of filter. */
function paeth(left, above, corner) {
  const guess = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(guess - value));
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

/** The bytes of the pixels, without what each line was filtered by. */
function unfiltered(data, lines, stride, step) {
  const out = Buffer.alloc(lines * stride);
  for (let y = 0; y < lines; y += 1) {
    const kind = data[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x < step ? 0 : out[at - step];
      const above = y === 0 ? 0 : out[at - stride];
      const corner = x < step || y === 0 ? 0 : out[at - stride - step];
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][kind];
      out[at] = data[y * (stride + 1) + 1 + x] + guess;
    }
  }
  return out;
}

const apart = (a, b) => Math.max(...[16, 8, 0].map((shift) => Math.abs(((a >> shift) & 255) - ((b >> shift) & 255))));

/** As few colours as a palette has: the most frequent, and for every other one that is as near as can be. */
function paletteOf(counts) {
  const frequent = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour);
  for (let most = 0; ; most += 2) {
    const chosen = [];
    const index = new Map();
    for (const colour of frequent) {
      const near = chosen.findIndex((each) => apart(each, colour) <= most);
      index.set(colour, near < 0 ? chosen.length : near);
      if (near < 0) chosen.push(colour);
      if (chosen.length > COLOURS) break;
    }
    if (chosen.length <= COLOURS) return { chosen, index };
  }
}

/** The colours of a screenshot (8 bits, RGB or RGBA without transparency), line after line. */
function coloursOf(png) {
  const chunks = chunksOf(png);
  const { data: header } = chunks[0];
  const [width, height, step] = [header.readUInt32BE(0), header.readUInt32BE(4), header[9] === 6 ? 4 : 3];
  const data = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((each) => each.data)));
  const pixels = unfiltered(data, height, width * step, step);
  const colours = new Uint32Array(width * height);
  for (let at = 0; at < colours.length; at += 1) {
    colours[at] = (pixels[at * step] << 16) | (pixels[at * step + 1] << 8) | pixels[at * step + 2];
  }
  return { header, width, height, colours };
}

/**
 * Screenshots of one size in the colours of one palette: what such a file begins with, and the image data of each, which
 * take a third of the room.
 */
export function inPalette(pngs) {
  const pictures = pngs.map(coloursOf);
  const counts = new Map();
  for (const { colours } of pictures) {
    for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const { chosen, index } = paletteOf(counts);
  const header = Buffer.from(pictures[0].header);
  // Indices of 8 bits.
  header[8] = 8;
  header[9] = 3;
  const palette = Buffer.from(chosen.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const images = pictures.map(({ width, height, colours }) => {
    const lines = Buffer.alloc(height * (width + 1));
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) lines[y * (width + 1) + 1 + x] = index.get(colours[y * width + x]);
    }
    return deflateSync(lines, { level: 9, memLevel: 9 });
  });
  return { header, palette, images };
}

/** The file of the pieces. */
export function fileOf(chunks) {
  return Buffer.concat([SIGNATURE, ...chunks, chunk('IEND', Buffer.alloc(0))]);
}

/** The same picture of a screenshot in a palette's colours. */
export function smaller(png) {
  const { header, palette, images } = inPalette([png]);
  return fileOf([chunk('IHDR', header), chunk('PLTE', palette), ...images.map((data) => chunk('IDAT', data))]);
}
