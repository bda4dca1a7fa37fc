import { compareText } from '../snapshot/order.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { clauses, type PlainMessage, t } from '../words/words.ts';
import {
  type Facts,
  labelFacts,
  limitFacts,
  machineFacts,
  mountFacts,
  networkFacts,
  portFacts,
  settingFacts,
} from './difference-facts.ts';
import {
  namespaceFacts,
  ownNamespaceFacts,
  processFacts,
  type Stated,
  sharesOf,
  standingFacts,
} from './difference-standing.ts';
import { type Pairs, pairContainers } from './same-container.ts';

export const CHANGES = ['added', 'removed', 'changed'] as const;

/** What is compared. */
export const COMPARED = [
  ...(['machine', 'container', 'setting', 'limit', 'port', 'mount', 'network'] as const),
  ...(['namespace', 'share', 'process'] as const),
] as const;

/** One thing that is not the same in two snapshots. */
export interface Difference {
  readonly change: (typeof CHANGES)[number];
  readonly what: (typeof COMPARED)[number];
  /** The container's name, the later one where it was renamed; null for what is the machine's. */
  readonly container: string | null;
  /** Its id: in the later snapshot, or in the earlier one where it is gone. */
  readonly id: string | null;
  /** What it is, in words. */
  readonly text: string;
  /** Null where it was not there. */
  readonly before: string | null;
  /** Null where it is not there. */
  readonly after: string | null;
}

export interface Differences {
  /** Namespace ids and pids mean the same in both: it is one boot of one machine. */
  readonly sameBoot: boolean;
  /** What the comparison rests on, where that is not obvious. */
  readonly notes: readonly string[];
  readonly list: readonly Difference[];
}

type About = Pick<Difference, 'what' | 'container' | 'id'>;

function changeOf(before: string | null, after: string | null): Difference['change'] {
  return before === null ? 'added' : after === null ? 'removed' : 'changed';
}

/** What is only in one, and what differs in both. */
function compare<K extends string>(
  about: About,
  before: Facts<K>,
  after: Facts<K>,
  text: (key: K) => string,
): Difference[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  return keys.flatMap((key): Difference[] => {
    const [old, now] = [before.get(key) ?? null, after.get(key) ?? null];
    return old === now ? [] : [{ change: changeOf(old, now), ...about, text: text(key), before: old, after: now }];
  });
}

/** As `compare`, of what is always there: where one side lacks it, it is not known, and that is no difference. */
function compareKnown<K extends string>(
  about: About,
  before: Facts<K>,
  after: Facts<K>,
  text: (key: K) => string,
): Difference[] {
  return compare(about, before, after, text).filter(({ change }) => change === 'changed');
}

const NOTHING: Facts = new Map();
const NO_LIMITS: Facts<PlainMessage> = new Map();
const aboutOf = ({ name, id }: Container, what: Difference['what']): About => ({ what, container: name, id });

/** What a container brings or takes along, and what changed of it. `before` or `after` null: it was not, or is not there. */
function resources(before: Container | null, after: Container | null): Difference[] {
  const one = after ?? before;
  if (one === null) return [];
  const both = (what: Difference['what'], facts: (container: Container) => Facts, text: (key: string) => string) =>
    compare(
      aboutOf(one, what),
      before === null ? NOTHING : facts(before),
      after === null ? NOTHING : facts(after),
      text,
    );
  const limits = [before, after].map((each) => (each === null ? NO_LIMITS : limitFacts(each)));
  const [had, has] = limits;
  return [
    ...(had == null || has == null ? [] : compare(aboutOf(one, 'limit'), had, has, (limit) => t(limit))),
    ...both('port', portFacts, (port) => t('port {port}', { port })),
    ...both('mount', mountFacts, (point) => t('mount at {point}', { point })),
    ...both('network', networkFacts, (name) => t('network {name}', { name })),
  ];
}

const isOption = <K extends string>(key: K): key is Extract<K, `--${string}`> => key.startsWith('--');

function ofBoth(before: Container, after: Container, sameBoot: boolean): Difference[] {
  const about = aboutOf(after, 'container');
  const anew = sameBoot && before.id !== after.id;
  const again =
    sameBoot && before.startedAt !== null && after.startedAt !== null && before.startedAt !== after.startedAt;
  const told: Difference[] = anew
    ? [{ change: 'changed', ...about, text: t('it was made again'), before: before.id, after: after.id }]
    : again
      ? [
          {
            change: 'changed',
            ...about,
            text: t('it was started again'),
            before: before.startedAt,
            after: after.startedAt,
          },
        ]
      : [];
  return [
    ...told,
    ...compareKnown(aboutOf(after, 'setting'), settingFacts(before), settingFacts(after), (key) =>
      isOption(key) ? key : t(key),
    ),
    ...compare(aboutOf(after, 'setting'), labelFacts(before), labelFacts(after), (name) => t('label {name}', { name })),
    ...resources(before, after),
  ];
}

/** A container that is in one of them only. */
function ofOne(change: 'added' | 'removed', container: Container): Difference[] {
  const { id, image, state } = container;
  const text = clauses(image, t(state));
  const ids = change === 'added' ? { before: null, after: id } : { before: id, after: null };
  return [
    { change, ...aboutOf(container, 'container'), text, ...ids },
    ...(change === 'added' ? resources(null, container) : resources(container, null)),
  ];
}

/** What is compared by a container and a name: shares and processes. */
function compareStated(what: Difference['what'], before: readonly Stated[], after: readonly Stated[]): Difference[] {
  const keyOf = ({ id, key }: Stated) => JSON.stringify([id, key]);
  const [old, now] = [before, after].map((list) => new Map(list.map((each) => [keyOf(each), each])));
  const keys = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].sort(compareText);
  return keys.flatMap((key): Difference[] => {
    const [was, is] = [old?.get(key), now?.get(key)];
    const one = is ?? was;
    const [valueBefore, valueAfter] = [was?.value ?? null, is?.value ?? null];
    if (one === undefined || valueBefore === valueAfter) return [];
    const { container, id, text } = one;
    const change = changeOf(valueBefore, valueAfter);
    return [{ change, what, container, id, text, before: valueBefore, after: valueAfter }];
  });
}

function notesOf(before: Snapshot, after: Snapshot, sameBoot: boolean, { both }: Pairs): string[] {
  const notes: string[] = [];
  if (!sameBoot) {
    notes.push(
      before.host.bootId === null || after.host.bootId === null
        ? t(
            'It is not known whether these are of one boot: containers and processes are compared by name, namespace ids and pids are not.',
          )
        : t(
            'These are two boots, or two machines: containers and processes are compared by name, namespace ids and pids are not.',
          ),
    );
  }
  const without = [before, after].filter(({ probe }) => probe === null).length;
  if (without > 0) {
    notes.push(
      without === 2
        ? t('Neither of them has processes, since the probe did not run: only what the engine reports is compared.')
        : t(
            'One of them does not have processes, since the probe did not run: only what the engine reports is compared.',
          ),
    );
  }
  const unknown = both.filter(({ before: was, after: is }) => (was.limits === null) !== (is.limits === null)).length;
  if (unknown > 0) {
    notes.push(
      t(
        'Limits of {count, plural, one {# container} other {# containers}} are known in one of them only, and not compared.',
        { count: unknown },
      ),
    );
  }
  return notes;
}

/**
 * What is not the same in two snapshots, in an order that reads: the machine, then container after container by name
 * with all that is its own, then namespaces and processes of none. Containers are the same when their ids are, or else
 * their names: a new id is one made anew, and after a restart of the machine namespaces and pids mean nothing any more.
 */
export function difference(before: Snapshot, after: Snapshot): Differences {
  const sameBoot = before.host.bootId !== null && before.host.bootId === after.host.bootId;
  const pairs = pairContainers(before, after);
  const { both, removed, added } = pairs;
  const containers = [
    ...both.flatMap(({ before: was, after: is }) => ofBoth(was, is, sameBoot)),
    ...removed.flatMap((container) => ofOne('removed', container)),
    ...added.flatMap((container) => ofOne('added', container)),
  ];
  const below: Difference[] = [];
  if (before.probe !== null && after.probe !== null) {
    const names = new Map([...removed, ...added, ...both.map(({ after: is }) => is)].map(({ id, name }) => [id, name]));
    const common = { later: pairs.later, nameOf: (id: string) => names.get(id) ?? id.slice(0, 12) };
    if (sameBoot) {
      const [old, now] = [standingFacts(before), standingFacts(after)];
      for (const { before: was, after: is } of both) {
        const text = (kind: string) => t('{kind} namespace', { kind });
        const [had, has] = [namespaceFacts(old, was), namespaceFacts(now, is)];
        below.push(...compare(aboutOf(is, 'namespace'), had, has, text));
      }
      const machine = { what: 'namespace', container: null, id: null } as const;
      below.push(
        ...compare(machine, ownNamespaceFacts(before), ownNamespaceFacts(after), (id) => t('namespace {id}', { id })),
      );
    }
    below.push(
      ...compareStated('share', sharesOf(before, common), sharesOf(after, { ...common, later: (id) => id })),
      ...compareStated('process', processFacts(before, common), processFacts(after, { ...common, later: (id) => id })),
    );
  }
  const machine = compareKnown(
    { what: 'machine', container: null, id: null },
    machineFacts(before),
    machineFacts(after),
    (fact) => t(fact),
  );
  const ofContainers = [...containers, ...below].filter(({ id }) => id !== null);
  ofContainers.sort((a, b) => compareText(a.container ?? '', b.container ?? '') || compareText(a.id ?? '', b.id ?? ''));
  return {
    sameBoot,
    notes: notesOf(before, after, sameBoot, pairs),
    list: [...machine, ...ofContainers, ...below.filter(({ id }) => id === null)],
  };
}
