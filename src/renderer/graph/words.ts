import type { GraphNode, Scene, SceneLink, SceneNode } from '#core/layout/scene.ts';
import { visibleText } from '#core/text/visible.ts';

function list(parts: readonly string[]): string {
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

const OUTSIDE: Readonly<Record<Exclude<GraphNode['type'], 'container' | 'host'>, string>> = {
  process: ' of no container',
  service: ' of the host',
  foreign: ' of another engine',
};

/** A sentence that says of a node what the picture shows of it. */
export function sentenceOf(node: GraphNode | SceneNode): string {
  const label = visibleText(node.label);
  const detail = visibleText(node.detail);
  if (node.type === 'host') return `${label}, ${detail}${node.facts ? `, ${node.facts}` : ''}.`;
  const of = (standing: string) => node.strip.filter((slot) => slot.standing === standing);
  const shared = of('shared').map((slot) => `${slot.kind} with ${slot.partners} more`);
  const host = of('host').map((slot) => slot.kind);
  const unknown = of('unknown').map((slot) => slot.kind);
  const count = `${node.processes} ${node.processes === 1 ? 'process' : 'processes'}`;
  return [
    node.type === 'container'
      ? `${label}, ${node.state}, ${count}`
      : `${label}, ${detail}, ${count}${OUTSIDE[node.type]}`,
    `; shares ${list(shared)}; with the host: ${list(host)}`,
    unknown.length === 0 ? '' : `; unknown: ${unknown.join(', ')}`,
    node.change === undefined ? '' : `; ${node.change} since the earlier snapshot`,
    node.broken ? '; declares a share that is not in force' : '',
    'pinned' in node && node.pinned ? '; pinned' : '',
    '.',
  ].join('');
}

/** Names that a sentence tells before it only counts. */
const NAMES = 6;

/** A sentence of a line or hub: which kinds who has in common. Costs the same however many they are. */
export function sentenceOfSet(
  kinds: readonly string[],
  members: readonly string[],
  labels: ReadonlyMap<string, string>,
  broken: boolean,
): string {
  const names = members.slice(0, NAMES).map((member) => visibleText(labels.get(member) ?? member));
  const rest = members.length - names.length;
  const who = `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return broken
    ? `${kinds.join(', ')}: declared between ${who}, but not in force`
    : `${kinds.join(', ')}: shared by ${who}`;
}

const labels = new WeakMap<Scene, ReadonlyMap<string, string>>();

/** Labels by node key. */
export function labelsOf(scene: Scene): ReadonlyMap<string, string> {
  const known = labels.get(scene);
  if (known !== undefined) return known;
  const made = new Map(scene.nodes.map((node) => [node.key, node.label]));
  labels.set(scene, made);
  return made;
}

/** A sentence of a line: what it means, and why it is there. */
export function sentenceOfLink(
  link: SceneLink,
  members: readonly string[] | undefined,
  labels: ReadonlyMap<string, string>,
): string {
  const kinds = link.strands.map((strand) => strand.kind);
  const why = link.texts[0]?.split(' · ').slice(1).join(' · ') ?? '';
  const reason = why === '' ? '' : ` (${visibleText(why)})`;
  if (link.end === 'hull' || link.end === 'ground') {
    return `${kinds.join(', ')}: ${visibleText(labels.get(link.from) ?? '')} is in the machine's own${reason}`;
  }
  return `${sentenceOfSet(kinds, members ?? [link.from, link.to], labels, link.broken)}${reason}`;
}
