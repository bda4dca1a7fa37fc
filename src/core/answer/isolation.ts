import { treeOfVm } from '../enter/vm-target.ts';
import { createMemberNames } from '../sharing/describe.ts';
import { containerProcesses } from '../sharing/members.ts';
import type { Finding, Sharing } from '../sharing/sharing.ts';
import { collectedDetail } from '../snapshot/details.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { commas, sentences, t } from '../words/words.ts';
import {
  ISOLATION_RANKS,
  type IsolationCard,
  type IsolationLine,
  type IsolationRank,
  type Known,
} from './isolation-card.ts';
import { guards } from './isolation-guards.ts';
import { neighbours } from './isolation-neighbours.ts';
import { realPlaces } from './isolation-places.ts';

/** The details that the snapshot itself has. */
const saved =
  (snapshot: Snapshot): Known =>
  (subject) =>
    collectedDetail(snapshot, subject).detail;

const rankOf = ({ rank }: { readonly rank: IsolationRank }): number => ISOLATION_RANKS.indexOf(rank);

const lineOf = ({ code, severity, title, text, evidence, cure, source }: Finding): IsolationLine => {
  return { code, rank: severity, title, text, evidence, cure, source };
};

function elsewhere(sharing: Sharing, container: Container): IsolationLine[] {
  const standings = sharing.containers.get(container.id);
  if (standings === undefined) return [];
  const all = Object.entries(standings).filter(([, { elsewhere: pids }]) => pids.length > 0);
  if (all.length === 0) return [];
  return [
    {
      code: 'left-its-namespaces',
      rank: 'notice',
      title: t('Processes in namespaces of their own'),
      text: t('A process in it made or joined other namespaces than those of its main process.'),
      evidence: t('The links in /proc/PID/ns differ from those of its main process: {differences}.', {
        differences: commas(
          all.map(([kind, { elsewhere: pids }]) => t('{kind} (pid {pids})', { kind, pids: commas(pids.map(String)) })),
        ),
      }),
      cure: null,
      source: 'namespaces(7)',
    },
  ];
}

function card(
  snapshot: Snapshot,
  sharing: Sharing,
  tree: string | null,
  known: Known,
  container: Container,
  init: Process,
  found: readonly IsolationLine[],
): IsolationCard {
  const places = realPlaces(snapshot, tree, known, init);
  const said = new Set(found.map(({ code }) => code));
  // What the cgroup says counts, and not what the engine set.
  const measured = known({ type: 'limits', pid: init.pid, startTime: init.startTime }) !== null;
  const lines = [
    ...found.filter(({ code }) => !measured || code !== 'no-limits'),
    ...places.filter(({ code }) => !said.has(code)),
    ...elsewhere(sharing, container),
    ...guards(snapshot, known, container, init),
  ].sort((a, b) => rankOf(a) - rankOf(b));
  return { id: container.id, container: container.name, rank: lines[0]?.rank ?? 'unknown', lines };
}

/**
 * What every running container can do to the machine and to others, the least kept apart first. With details the
 * kernel's own answer stands where without them only the engine's does, or none.
 */
export function isolation(snapshot: Snapshot, sharing: Sharing, known: Known = saved(snapshot)): IsolationCard[] {
  const names = createMemberNames(snapshot);
  const running = containerProcesses(snapshot);
  const own = snapshot.containers.filter(({ helper }) => !helper);
  const tree = treeOfVm(snapshot)?.namespaces.mnt ?? snapshot.host.namespaces.mnt;
  const cards = own.flatMap((container): IsolationCard[] => {
    const init = running.get(container.id)?.init;
    const found = sharing.findings.filter((each) => each.container === container.id).map(lineOf);
    if (init !== undefined) return [card(snapshot, sharing, tree, known, container, init, found)];
    // It runs, as the engine says, and no process of it was seen: nothing is known to hold.
    return container.pid === null ? [] : [unseen(container, found)];
  });
  const beside = neighbours(snapshot, sharing, cards, names);
  return cards
    .map((each) => {
      const lines = [...each.lines, ...(beside.get(each.id) ?? [])].sort((a, b) => rankOf(a) - rankOf(b));
      return { ...each, lines, rank: lines[0]?.rank ?? each.rank };
    })
    .sort((a, b) => rankOf(a) - rankOf(b) || weight(b) - weight(a) || (a.container < b.container ? -1 : 1));
}

/** Of two with the same worst line, the one with more of that rank stands first. */
const weight = ({ rank, lines }: IsolationCard): number => lines.filter((line) => line.rank === rank).length;

function unseen({ id, name, pid }: Container, found: readonly IsolationLine[]): IsolationCard {
  const line: IsolationLine = {
    code: 'not-seen',
    rank: 'unknown',
    title: t('Not looked into'),
    text: t('No process of it was seen, so neither its namespaces nor its rights are known.'),
    evidence: sentences(
      t('The engine says that it runs as pid {pid}.', { pid: pid ?? '' }),
      t('The probe reported no such process.'),
    ),
    cure: null,
    source: 'proc(5)',
  };
  const lines = [...found, line].sort((a, b) => rankOf(a) - rankOf(b));
  return { id, container: name, rank: lines[0]?.rank ?? 'unknown', lines };
}
