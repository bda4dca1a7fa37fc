import type { GroupSummary } from '#core/layout/group-summary.ts';
import type { Change, GraphNode, Scene, SceneGroup, SceneLink, SceneNode } from '#core/layout/scene.ts';
import { visibleText } from '#core/text/visible.ts';
import { commas, firstOf, type Message, type PlainMessage, semicolons, sentences, t } from '#core/words/words.ts';

const OUTSIDE = {
  process: '{label}, {detail}, {n, plural, one {# process} other {# processes}} of no container',
  service: '{label}, {detail}, {n, plural, one {# process} other {# processes}} of the host',
  foreign: '{label}, {detail}, {n, plural, one {# process} other {# processes}} of another engine',
} as const satisfies Readonly<Record<Exclude<GraphNode['type'], 'container' | 'host'>, Message>>;

const SINCE: Readonly<Record<Change, PlainMessage>> = {
  added: 'added since the earlier snapshot',
  removed: 'removed since the earlier snapshot',
  changed: 'changed since the earlier snapshot',
};

/** A sentence that says of a node what the picture shows of it. */
export function sentenceOf(node: GraphNode | SceneNode): string {
  const label = visibleText(node.label);
  const detail = visibleText(node.detail);
  const whole = (clauses: readonly string[]) => t('{clauses}.', { clauses: semicolons(clauses) });
  if (node.type === 'host') return whole([commas([label, detail, ...(node.facts ? [node.facts] : [])])]);
  const of = (standing: string) => node.strip.filter((slot) => slot.standing === standing);
  const shared = of('shared').map(({ kind, partners }) => t('{kind} with {n, number} more', { kind, n: partners }));
  const host = of('host').map(({ kind }) => kind);
  const unknown = of('unknown').map(({ kind }) => kind);
  const n = node.processes;
  const told = whole([
    node.type === 'container'
      ? t('{label}, {state}, {n, plural, one {# process} other {# processes}}', { label, state: t(node.state), n })
      : t(OUTSIDE[node.type], { label, detail, n }),
    shared.length === 0 ? t('shares nothing') : t('shares {kinds}', { kinds: commas(shared) }),
    host.length === 0 ? t('with the host: nothing') : t('with the host: {kinds}', { kinds: commas(host) }),
    ...(unknown.length === 0 ? [] : [t('unknown: {kinds}', { kinds: commas(unknown) })]),
    ...('use' in node && node.use !== undefined ? [t('uses {use}', { use: node.use.text })] : []),
    ...(node.change === undefined ? [] : [t(SINCE[node.change])]),
    ...(node.broken ? [t('declares a share that is not in force')] : []),
    ...('pinned' in node && node.pinned ? [t('pinned')] : []),
  ]);
  return 'use' in node && node.use?.unknown != null ? sentences(told, node.use.unknown) : told;
}

/** A sentence of a group: how many are in it; from afar also what is broken, found or shared inside. */
export function sentenceOfGroup({ label, members }: SceneGroup, summary?: GroupSummary): string {
  const name = visibleText(label);
  const n = members.length;
  if (summary === undefined) return t('{label}: {n, number}', { label: name, n });
  const { shared, host, stopped, broken, warned } = summary;
  return semicolons([
    t('{label}: {n, number}', { label: name, n }),
    ...(stopped === 0 ? [] : [t('{n, number} not running', { n: stopped })]),
    ...(broken === 0 ? [] : [t('{n, plural, one {# share} other {# shares}} not in force', { n: broken })]),
    ...(warned === 0 ? [] : [t('{n, number} with findings', { n: warned })]),
    ...(shared.length === 0 ? [] : [t('shares {kinds}', { kinds: commas(shared) })]),
    ...(host.length === 0 ? [] : [t('with the host: {kinds}', { kinds: commas(host) })]),
  ]);
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
  const named = members.slice(0, NAMES).map((member) => visibleText(labels.get(member) ?? member));
  const who = firstOf(named, NAMES, members.length);
  return broken
    ? t('{kinds}: declared between {who}, but not in force', { kinds: commas(kinds), who })
    : t('{kinds}: shared by {who}', { kinds: commas(kinds), who });
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
  const said =
    link.end === 'hull' || link.end === 'ground'
      ? t("{kinds}: {name} is in the machine's own", {
          kinds: commas(kinds),
          name: visibleText(labels.get(link.from) ?? ''),
        })
      : sentenceOfSet(kinds, members ?? [link.from, link.to], labels, link.broken);
  return why === '' ? said : t('{said} ({why})', { said, why: visibleText(why) });
}
