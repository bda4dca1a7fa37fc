import { changedLabel, changeWord } from '../layout/change-marks.ts';
import type { Scene } from '../layout/scene.ts';
import { quoteMermaid } from '../text/escape.ts';
import { sentences, t } from '../words/words.ts';

/** Mermaid refuses more than these, and a file cannot raise them. */
export const MERMAID_MAX_EDGES = 500;
export const MERMAID_MAX_CHARACTERS = 50_000;

/** A picture that the format cannot hold; `message` says what to do instead. */
export class ExportLimitError extends Error {
  readonly code = 'export-limit';
}

/** A Mermaid flowchart: one edge for each line or spoke. Throws ExportLimitError where Mermaid would refuse it. */
export function renderMermaid(scene: Scene): string {
  const advice = t('Filter the picture to fewer containers, or export SVG or DOT instead.');
  if (scene.links.length > MERMAID_MAX_EDGES) {
    throw new ExportLimitError(
      sentences(
        t('Mermaid draws {most} lines at most, this picture has {count, number}.', {
          most: MERMAID_MAX_EDGES,
          count: scene.links.length,
        }),
        advice,
      ),
    );
  }
  const ids = new Map<string, string>();
  scene.nodes.forEach((node, index) => {
    ids.set(node.key, `c${index}`);
  });
  scene.hubs.forEach((hub, index) => {
    ids.set(hub.key, `h${index}`);
  });
  const out = ['flowchart LR'];
  const grouped = new Set(scene.groups.flatMap((group) => group.members));
  const labels = new Map(scene.nodes.map((node) => [node.key, changedLabel(node)]));
  const declare = (key: string) => `${ids.get(key)}[${quoteMermaid(labels.get(key) ?? key)}]`;
  scene.groups.forEach((group, index) => {
    out.push(`  subgraph g${index}[${quoteMermaid(group.label)}]`);
    for (const member of group.members) if (ids.has(member)) out.push(`    ${declare(member)}`);
    out.push('  end');
  });
  for (const node of scene.nodes) if (!grouped.has(node.key)) out.push(`  ${declare(node.key)}`);
  for (const hub of scene.hubs) {
    out.push(`  ${ids.get(hub.key)}{{${quoteMermaid(hub.strands.map((strand) => strand.kind).join(' '))}}}`);
  }
  for (const link of scene.links) {
    const became = changeWord(link);
    const kinds = [...link.strands.map((strand) => strand.kind), became].filter((word) => word !== '').join(' ');
    if (link.broken)
      out.push(`  ${ids.get(link.from)} -. ${quoteMermaid(t('{kinds} broken', { kinds }))} .- ${ids.get(link.to)}`);
    else if (link.to === link.set && became === '') out.push(`  ${ids.get(link.from)} --- ${ids.get(link.to)}`);
    else out.push(`  ${ids.get(link.from)} -- ${quoteMermaid(kinds)} --- ${ids.get(link.to)}`);
  }
  const text = `${out.join('\n')}\n`;
  if (text.length > MERMAID_MAX_CHARACTERS) {
    throw new ExportLimitError(
      sentences(
        t('Mermaid reads {most} characters at most, this picture needs {count, number}.', {
          most: MERMAID_MAX_CHARACTERS,
          count: text.length,
        }),
        advice,
      ),
    );
  }
  return text;
}
