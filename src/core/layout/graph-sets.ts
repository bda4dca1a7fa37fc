import { HOST, type MemberId, type Sharing } from '../sharing/sharing.ts';
import type { Made } from '../snapshot/kept.ts';
import { compareText } from '../snapshot/order.ts';
import { t } from '../words/words.ts';
import type { ProcessPart } from './processes.ts';
import { storyOf, wordings } from './reasons.ts';
import type { GraphSet, ViewOptions } from './scene.ts';

/**
 * The member sets to draw, ascending by key.
 * @param shown whoever is drawn; of those `visible` are containers
 * @param made sets of containers alone are made again only where something of them is another
 */
export function graphSets(
  sharing: Sharing,
  besides: ProcessPart,
  { kinds }: Pick<ViewOptions, 'kinds'>,
  { shown, visible }: { readonly shown: ReadonlySet<MemberId>; readonly visible: ReadonlySet<MemberId> },
  made: Made<string, GraphSet>,
): GraphSet[] {
  const sets: GraphSet[] = [];
  const drawnOf = (members: readonly MemberId[]) => members.filter((member) => shown.has(member)).sort(compareText);
  const taken = new Set(besides.sets.flatMap((set) => set.strands.map(({ namespace }) => namespace)));
  for (const set of sharing.sets) {
    const { key, members: all, shared } = set;
    if (all.includes(HOST)) continue;
    const drawn = shared.filter(({ kind, namespace }) => kinds.includes(kind) && !taken.has(namespace));
    const members = drawnOf(all);
    if (drawn.length === 0 || members.length < 2) continue;
    sets.push(
      made.get(key, [set, ...drawn, ...members], () => {
        const strands = drawn.map(({ kind, namespace }) => ({ kind, namespace }));
        return { key, members, strands, ...storyOf(drawn, all) };
      }),
    );
  }
  for (const set of besides.sets) {
    const strands = set.strands.filter(({ kind }) => kinds.includes(kind));
    const members = drawnOf(set.members);
    if (strands.length === 0 || members.length < 2) continue;
    const containersIn = set.members.filter((member) => visible.has(member));
    const known = strands.flatMap(({ namespace }) => sharing.byNamespace.get(namespace) ?? []);
    const story = storyOf(known, containersIn);
    const owner = story.owner ?? (containersIn.length === 1 ? (containersIn[0] ?? null) : null);
    const joined = containersIn.length > 0 ? [t('joined at run time')] : [];
    const texts =
      known.length > 0
        ? story.texts
        : wordings(
            strands.map(({ kind }) => kind),
            joined,
          );
    sets.push({ ...set, members, strands, owner, texts });
  }
  return sets.sort((a, b) => compareText(a.key, b.key));
}
