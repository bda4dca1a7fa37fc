import { comparedGraph } from '../layout/compared-graph.ts';
import { buildSceneGraph, DEFAULT_VIEW } from '../layout/graph.ts';
import { layoutScene } from '../layout/layout.ts';
import type { Scene, Stage, ViewOptions } from '../layout/scene.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

/** The proportions of a file, whatever screen or terminal it is made from: those of a slide. */
export const PAGE_RATIO = 16 / 9;
/** What a page of 1600 by 900 leaves for the picture between its head and its legend. */
export const PAGE: Stage = { width: 1_600, height: 754 };

/**
 * The picture of a snapshot as files have it: the same for the same input, on every machine.
 * @param before an earlier snapshot that it is compared with
 */
export function pageScene(snapshot: Snapshot, view: ViewOptions = DEFAULT_VIEW, before: Snapshot | null = null): Scene {
  const graph =
    before === null ? buildSceneGraph(snapshot, analyseSharing(snapshot), view) : comparedGraph(before, snapshot, view);
  return layoutScene(graph, null, { pins: new Map(), tick: 0, stage: PAGE }).scene;
}
