import { changedLabel, changeWord } from '../layout/change-marks.ts';
import { fitMiddle, round2 } from '../layout/marks.ts';
import { KIND_STYLES } from '../layout/palette.ts';
import type { Scene } from '../layout/scene.ts';
import { quoteDot } from '../text/escape.ts';
import { commas, counted, t } from '../words/words.ts';

const STYLE = {
  mnt: 'dashed',
  pid: 'dashed',
  net: 'solid',
  ipc: 'dotted',
  uts: 'dashed',
  user: 'dashed',
  cgroup: 'bold',
  time: 'dotted',
};

/** Graphviz counts sizes in inches of 72 points, and places in points. */
const inches = (units: number) => round2(units / 72);

/** Graphviz: `neato -n2 -Tpdf file.dot` reproduces the picture, since positions are in it (points, y upwards). */
export function renderDot(scene: Scene): string {
  const at = (x: number, y: number) => `pos="${x},${0 - y}!"`;
  const out = [
    'graph bulkhead {',
    '  // neato -n2 keeps these positions; for a layout of its own above 1,000 containers use sfdp.',
    '  graph [layout=neato, overlap=true, splines=line, notranslate=true];',
    `  node [shape=box, style=rounded, fixedsize=true, fontname="DejaVu Sans", fontsize=11];`,
  ];
  scene.groups.forEach((group, index) => {
    out.push(`  subgraph cluster_${index} {`, `    label=${quoteDot(group.label)};`);
    for (const member of group.members) out.push(`    ${quoteDot(member)};`);
    out.push('  }');
  });
  for (const node of scene.nodes) {
    out.push(
      `  ${quoteDot(node.key)} [label=${quoteDot(fitMiddle(changedLabel(node), 11, Math.max(60, node.width - 16), false, 0.7))}, tooltip=${quoteDot(`${changedLabel(node)}, ${node.detail}`)}, width=${inches(node.width)}, height=${inches(node.height)}, ${at(node.x, node.y)}];`,
    );
  }
  for (const hub of scene.hubs) {
    const kinds = hub.strands.map((strand) => strand.kind).join(' ');
    out.push(
      `  ${quoteDot(hub.key)} [shape=diamond, style=solid, width=${inches(2 * hub.radius)}, height=${inches(2 * hub.radius)}, kinds="${kinds}", label="${counted(hub.members.length)}", ${at(hub.x, hub.y)}];`,
    );
  }
  for (const link of scene.links) {
    for (const { kind } of link.strands) {
      const label = [link.broken ? t('broken') : '', changeWord(link)].filter((word) => word !== '');
      const style = `${link.broken ? 'dashed' : STYLE[kind]}${label.length === 0 ? '' : `, label=${quoteDot(commas(label))}`}`;
      out.push(
        `  ${quoteDot(link.from)} -- ${quoteDot(link.to)} [kind="${kind}", color="${KIND_STYLES[kind].light}", style=${style}];`,
      );
    }
  }
  out.push('}', '');
  return out.join('\n');
}
