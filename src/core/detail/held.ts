import { pinTexts } from '../snapshot/pin-text.ts';
import type { Namespace, Snapshot } from '../snapshot/snapshot.ts';
import { firstOf, t } from '../words/words.ts';
import type { Section } from './section.ts';

/** Processes that are named before they are only counted. */
const MOST = 20;

/**
 * Namespaces that hold this one, though nobody is in it: a user or pid namespace lives as long as those within it, and a
 * user namespace as long as those that it owns. Source: namespaces(7), "Namespace lifetime".
 */
function relatives(snapshot: Snapshot, { id, kind, initial }: Namespace): string[] {
  if (initial || (kind !== 'user' && kind !== 'pid')) return [];
  const within = snapshot.namespaces.filter(({ parent }) => parent === id);
  const owned = kind === 'user' ? snapshot.namespaces.filter(({ owner, parent }) => owner === id && parent !== id) : [];
  const named = (list: readonly Namespace[]): string =>
    firstOf(
      list.map((each) => each.id),
      MOST,
    );
  return [
    ...(within.length === 0 ? [] : [t('{namespaces}, made within it', { namespaces: named(within) })]),
    ...(owned.length === 0 ? [] : [t('{namespaces}, which it owns', { namespaces: named(owned) })]),
  ];
}

/** What keeps a namespace alive: the processes in it, and what else holds it. */
export function heldSection(snapshot: Snapshot, namespace: Namespace): Section {
  const { pids, pins } = namespace;
  const processes = new Map(snapshot.processes.map((process) => [process.pid, process]));
  const members = pids.slice(0, MOST).map((pid) => [t('in it'), `${processes.get(pid)?.comm ?? t('process')} ${pid}`]);
  if (pids.length > MOST) members.push([t('in it'), t('and {count, number} more', { count: pids.length - MOST })]);
  return {
    title: t('Held by {count, plural, one {# process} other {# processes}} in it', { count: pids.length }),
    part: 'holders',
    head: [],
    rows: [
      ...members,
      ...[...pinTexts(pins, snapshot, processes), ...relatives(snapshot, namespace)].map((text) => [
        pids.length === 0 ? t('only') : t('besides'),
        text,
      ]),
    ],
    empty: t('Nothing visible holds it.'),
  };
}
