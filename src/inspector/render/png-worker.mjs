// The thread in which png.ts draws. Plain JavaScript, since Node starts it from the source as well as from the builds.
import { parentPort, workerData } from 'node:worker_threads';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const { wasm, fonts, svg, scale, maxSide, maxArea } = workerData;
await initWasm(wasm);
const resvg = new Resvg(svg, {
  fitTo: { mode: 'zoom', value: scale },
  font: { fontBuffers: fonts, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
});
const [width, height] = [Math.ceil(resvg.width * scale), Math.ceil(resvg.height * scale)];
if (Math.max(width, height) > maxSide || width * height > maxArea) {
  parentPort.postMessage({ width, height, png: null });
} else {
  // A copy of the module's memory, so it may be handed over.
  const png = resvg.render().asPng();
  parentPort.postMessage({ width, height, png }, [png.buffer]);
}
