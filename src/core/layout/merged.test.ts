import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { beforeAll, expect, it } from 'vitest';
import { madeFleet } from '../../../test/support/made-fleet.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import { cardMarks } from './card-marks.ts';
import { element } from './element.ts';
import { buildSceneGraph, DEFAULT_VIEW } from './graph.ts';
import { farGroupMarks } from './group-marks.ts';
import { layoutScene } from './layout.ts';
import { hubMarks, linkMarks } from './line-marks.ts';
import type { Mark, View } from './marks.ts';
import { mergePieces, piecesOf } from './merged.ts';
import { THEMES } from './palette.ts';

const WIDTH = 900;

beforeAll(async () => {
  await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
});

function pixelsOf(marks: readonly Mark[], box: { x: number; y: number; width: number; height: number }): Uint8Array {
  const viewBox = `${box.x} ${box.y} ${box.width} ${box.height}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}">${marks.map(element).join('')}</svg>`;
  return new Resvg(svg, { fitTo: { mode: 'width', value: WIDTH }, background: '#fff' }).render().pixels;
}

it('what is drawn together looks like what is drawn one by one', () => {
  const snapshot = madeFleet(300);
  const graph = buildSceneGraph(snapshot, analyseSharing(snapshot), DEFAULT_VIEW);
  const { scene } = layoutScene(graph, null, { pins: new Map(), tick: 0 });
  const view: View = { theme: THEMES.light, unit: scene.bounds.width / WIDTH };
  // So that all kinds of marks are there at any size: without their words.
  const layers = [
    scene.groups.map((group) => farGroupMarks(group, view)),
    scene.nodes.filter(({ type }) => type !== 'host').map((node) => cardMarks(node, view)),
    scene.links.map((link) => linkMarks(link, view)),
    scene.hubs.map((hub) => hubMarks(hub, view)),
  ].map((things) => things.map((marks) => marks.filter(({ tag }) => tag !== 'text')));
  expect(new Set(layers.flat(2).map(({ tag }) => tag))).toEqual(new Set(['rect', 'path', 'circle', 'line']));

  const merged = layers.map((things) =>
    mergePieces(
      things.map((marks) => piecesOf(marks) ?? []),
      32,
    ),
  );
  expect(merged.flat().length).toBeLessThan(layers.flat(2).length / 5);
  merged.forEach((marks, index) => {
    const apart = pixelsOf(layers[index]?.flat() ?? [], scene.bounds);
    const together = pixelsOf(marks, scene.bounds);
    // Up to how the edge of a rectangle and of the same path are rounded.
    const different = apart.filter((value, at) => Math.abs(value - (together[at] ?? 0)) > 24).length;
    expect(different / apart.length).toBeLessThan(0.0005);
    expect(apart.some((value) => value !== 255)).toBe(true);
  });
});

it('text is drawn alone', () => {
  expect(piecesOf([{ tag: 'text', attrs: { x: 0, y: 0 }, text: 'web' }])).toBeNull();
});
