import type { Detail, Subject } from '../detail/detail.ts';
import type { NetFacts, Reading } from '../wiring/reading.ts';
import { stored } from '../words/stored.ts';
import { t } from '../words/words.ts';
import type { CollectedDetails, DetailRecord } from './details-schema.ts';
import type { Snapshot } from './snapshot.ts';

/** What `scan --details` asks about: all namespaces that something holds, and the init and the cgroup of each container. */
export function subjectsOf({ namespaces, containers, processes }: Snapshot): Subject[] {
  const started = new Map(processes.map(({ pid, startTime }) => [pid, startTime]));
  return [
    ...namespaces.flatMap(({ id, pids, pins }): Subject[] =>
      pids.length === 0 && pins.length === 0 ? [] : [{ type: 'namespace', id }],
    ),
    ...containers.flatMap(({ pid, helper }): Subject[] => {
      const startTime = pid === null ? undefined : started.get(pid);
      if (pid === null || startTime === undefined || helper) return [];
      return [
        { type: 'process', pid, startTime },
        { type: 'limits', pid, startTime },
      ];
    }),
  ];
}

function keyOf(subject: Subject): string {
  return subject.type === 'namespace' ? subject.id : `${subject.type} ${subject.pid} ${subject.startTime}`;
}

const indexes = new WeakMap<CollectedDetails, ReadonlyMap<string, DetailRecord>>();

function indexOf(details: CollectedDetails): ReadonlyMap<string, DetailRecord> {
  const known = indexes.get(details);
  if (known !== undefined) return known;
  const made = new Map(details.records.map((record) => [keyOf(record.subject), record]));
  indexes.set(details, made);
  return made;
}

/** What a snapshot with details holds of a subject; with nothing, `problem` says why. Constant in time. */
export function collectedDetail({ details }: Snapshot, subject: Subject): Omit<DetailRecord, 'subject'> {
  if (details === undefined) {
    return { detail: null, problem: t('This snapshot was saved without details: `bulkhead scan --details --json`.') };
  }
  const record = indexOf(details).get(keyOf(subject));
  if (record !== undefined) {
    return { detail: record.detail, problem: record.problem === null ? null : stored(record.problem) };
  }
  return {
    detail: null,
    problem:
      subject.type === 'namespace'
        ? t('The details in this snapshot have nothing about this namespace.')
        : t('The details in this snapshot have nothing about this process.'),
  };
}

/** The details of a snapshot of one kind, by what they are of: a namespace's id. */
export function collectedOfKind<K extends Detail['kind']>(
  { details }: Snapshot,
  kind: K,
): ReadonlyMap<string, Extract<Detail, { kind: K }>> {
  const found = new Map<string, Extract<Detail, { kind: K }>>();
  for (const { subject, detail } of details?.records ?? []) {
    if (subject.type === 'namespace' && detail?.kind === kind) {
      found.set(subject.id, detail as Extract<Detail, { kind: K }>);
    }
  }
  return found;
}

/** The links of all network namespaces of a snapshot with details, as a look at them that is over. */
export function collectedWiring({ details }: Snapshot): Reading {
  const nets = new Map<string, NetFacts>();
  for (const { subject, detail } of details?.records ?? []) {
    if (subject.type !== 'namespace' || !subject.id.startsWith('net:')) continue;
    nets.set(subject.id, { id: subject.id, links: detail?.kind === 'net' ? detail.links : null });
  }
  return {
    nets,
    told: new Set(nets.keys()),
    total: nets.size,
    running: false,
    problem: null,
    ...(details?.networks == null ? {} : { networks: details.networks }),
  };
}
