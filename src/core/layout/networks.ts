import type { MemberId } from '../sharing/sharing.ts';
import { compareText } from '../snapshot/order.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { visibleText } from '../text/visible.ts';
import { firstOf, t } from '../words/words.ts';
import { compareNames } from './order.ts';
import type { GraphNetwork, SceneLane } from './scene.ts';

/** What Docker lists as a network and is none: the machine's own namespace, and a namespace without one. */
const NO_NETWORKS: ReadonlySet<string> = new Set(['host', 'none']);

/** The engine's networks that connect at least two of those containers, by their names. Linear in the memberships. */
export function networksAmong({ details }: Snapshot, containers: readonly Container[]): GraphNetwork[] {
  const told = new Map((details?.networks ?? []).map((network) => [network.id, network]));
  const found = new Map<string, Omit<GraphNetwork, 'members'> & { readonly members: MemberId[] }>();
  for (const { id: member, networks } of containers) {
    for (const { id, name, subnets, internal } of networks) {
      if (NO_NETWORKS.has(name)) continue;
      const key = `network:${id ?? name}`;
      const known = found.get(key);
      if (known !== undefined) {
        if (known.members.at(-1) !== member) known.members.push(member);
        continue;
      }
      // Files that were saved before containers told it may have it in their details.
      const facts = id === null ? undefined : told.get(id);
      found.set(key, {
        key,
        name,
        subnets: subnets ?? facts?.subnets.map(({ subnet }) => subnet) ?? [],
        internal: internal ?? facts?.internal ?? null,
        members: [member],
      });
    }
  }
  return [...found.values()]
    .filter(({ members }) => members.length > 1)
    .sort((a, b) => compareNames(a.name, b.name) || compareText(a.key, b.key));
}

/**
 * What is written at a network's lane, from the longest wording to the shortest.
 * @param within what the title of its group says already: a project's networks begin with the project's name
 */
export function laneTexts({ name, subnets, internal }: GraphNetwork, within = ''): string[] {
  const rest = name.startsWith(within) ? name.slice(within.length) : '';
  const said = visibleText(within !== '' && /^[-_.]./.test(rest) ? rest.slice(1) : name);
  const places = subnets.map(visibleText).join(' ');
  const closed = internal === true ? ['internal'] : [];
  const all = [[said, ...(places === '' ? [] : [places]), ...closed], [said, ...closed], [said]].map((parts) =>
    parts.join(' · '),
  );
  return [...new Set(all)];
}

/** Names that a sentence tells before it only counts. */
const NAMES = 6;

const named = (names: readonly string[]): string => firstOf(names.map(visibleText), NAMES);

/** A sentence of a lane: which network it is, and who is in it. @param labels of nodes, by key */
export function sentenceOfLane({ networks }: Pick<SceneLane, 'networks'>, labels: ReadonlyMap<string, string>): string {
  const [network] = networks;
  if (networks.length !== 1 || network === undefined) {
    return t('{count, plural, one {# network} other {# networks}}: {names}', {
      count: networks.length,
      names: named(networks.map(({ name }) => name)),
    });
  }
  const [name = ''] = laneTexts(network);
  const who = named(network.members.map((member) => labels.get(member) ?? member));
  return t('{name}: the network of {who}', { name, who });
}
