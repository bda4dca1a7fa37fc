import { spawnSync } from 'node:child_process';
import { type Content, type ExportFormatId, type ExportView, exportFormat } from '../../src/core/export/formats.ts';
import { pageScene } from '../../src/core/export/page-scene.ts';
import { DEFAULT_VIEW } from '../../src/core/layout/graph.ts';
import type { Scene } from '../../src/core/layout/scene.ts';
import { snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import { link } from '../../src/core/snapshot/details.testing.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import type { WiredNet } from '../../src/core/wiring/groups.ts';
import { madeFleet } from './made-fleet.ts';
import { madeUsage } from './usage.ts';

const HOSTILE = [
  '</text></svg><script>alert(1)</script>',
  '"quoted" \'single\' & &amp; ]]> <!--',
  'line\nbreak \u202e\u0000\ud800',
  '%label% $x$ {{y}}',
  '日本語',
  'مرحبا',
];

/** What exports are tried on: as people have it, very much, and made to do harm. */
export const SNAPSHOTS: readonly (readonly [string, Snapshot])[] = [
  ['small', madeFleet(40)],
  [
    'large',
    snapshotOf({
      containers: Array.from({ length: 2_000 }, (_, index) => ({
        name: `c${index}`,
        namespaces: index % 10 === 0 ? {} : { net: `c${index - (index % 10)}` },
      })),
    }),
  ],
  [
    'hostile',
    snapshotOf({
      containers: HOSTILE.flatMap((name, index) => [
        { name: `${name} ${index}`, container: { image: name, labels: { 'com.docker.compose.project': name } } },
        { name: `${index} ${name}`, namespaces: { net: `${name} ${index}` } },
      ]),
    }),
  ],
];

const scenes = new Map<Snapshot, Scene>();

/** The picture of a snapshot; laid out once for all tests. */
export function sceneOf(snapshot: Snapshot): Scene {
  const scene = scenes.get(snapshot) ?? pageScene(snapshot);
  scenes.set(snapshot, scene);
  return scene;
}

/** A link in each network namespace, with a name that would end an element. */
function netsOf({ namespaces }: Snapshot): WiredNet[] {
  return namespaces
    .filter(({ kind }) => kind === 'net')
    .map(({ id }) => ({ id, links: [link('eth0</text><script>')] }));
}

export function contentOf(snapshot: Snapshot, format: ExportFormatId, view: ExportView): Content {
  const usage = view === 'resources' ? madeUsage(snapshot) : null;
  const nets = view === 'wiring' ? netsOf(snapshot) : [];
  const picture = { snapshot, view, usage, nets, scene: sceneOf(snapshot), options: DEFAULT_VIEW };
  return exportFormat(format).render({ ...picture, theme: 'light' });
}

export function textOf(snapshot: Snapshot, format: ExportFormatId, view: ExportView): string {
  const content = contentOf(snapshot, format, view);
  if (content.type !== 'text') throw new Error(`${format} is no text`);
  return content.text;
}

/** What a program prints; it must have nothing to complain about. */
export function output(program: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0 || stderr !== '') throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout;
}
