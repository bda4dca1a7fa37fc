import type { Detail, DetailOf, Mount, Subject } from '#core/detail/detail.ts';
import { propagationGroups, propagationPeers } from '#core/detail/mount-tables.ts';
import { parseMounts } from '#core/detail/texts.ts';
import { subjectsOf } from '#core/snapshot/details.ts';
import { type CollectedDetails, type DetailRecord, type Lookup, MOST_RECORDS } from '#core/snapshot/details-schema.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import type { NetworkFacts } from '#core/wiring/network-facts.ts';
import { inEnglish } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
import { errorText } from '../told.ts';
import { DetailError, plain, type Service } from './service.ts';
import { wayTo } from './way.ts';

/** Questions that are open at once: the helper answers one after the other. */
const AT_ONCE = 8;
/** Characters of a file that tells names; what is beyond does not count. */
const LONGEST_LOOKUP = 64 * 1024;
/** Characters of all records together: what goes to a page must fit into one message with the snapshot. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

async function forEachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) await work(items[at] as T);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const isMounts = (subject: Subject): subject is Extract<Subject, { type: 'namespace' }> =>
  subject.type === 'namespace' && subject.id.startsWith('mnt:');

/** What tells each container's init the addresses of names. */
async function lookupsOf(ask: Service['ask'], { containers, processes }: Snapshot): Promise<Lookup[]> {
  const pids = new Set(containers.flatMap(({ pid, helper }) => (pid === null || helper ? [] : [pid])));
  const lookups: Lookup[] = [];
  await forEachAtOnce(
    processes.filter(({ pid }) => pids.has(pid)),
    async ({ pid, startTime }) => {
      const names = ['root/etc/resolv.conf', 'root/etc/hosts'] as const;
      const reply = await ask(['files', pid, startTime, ...names]).catch(() => null);
      const texts = plain(reply?.texts);
      const [resolv, hosts] = names.map((name) => texts[name]?.slice(0, LONGEST_LOOKUP) ?? null);
      lookups.push({ pid, startTime, resolv: resolv ?? null, hosts: hosts ?? null });
    },
  );
  return lookups.sort((a, b) => a.pid - b.pid);
}

/** All mount tables, each read once; a namespace that has none to read has the reason instead. */
async function mountTables(ask: Service['ask'], snapshot: Snapshot, subjects: readonly Subject[]) {
  const tables = new Map<string, Mount[]>();
  const reasons = new Map<string, string>();
  await forEachAtOnce(subjects.filter(isMounts), async ({ id }) => {
    try {
      const { process } = wayTo(snapshot, id);
      const reply = process === null ? null : await ask(['files', process.pid, process.startTime, 'mountinfo']);
      const text = plain(reply?.texts).mountinfo;
      if (typeof text !== 'string') {
        throw new DetailError(() => t('No process is in it, so its mount table cannot be read.'));
      }
      tables.set(id, parseMounts(text));
    } catch (error) {
      reasons.set(id, sentence(error));
    }
  });
  return { tables, reasons };
}

/** A snapshot is read by others, and elsewhere: what it says is in English. */
function sentence(error: unknown): string {
  return inEnglish(() => errorText(error));
}

/**
 * What `scan --details` puts into a snapshot: every namespace, and each container's init and cgroup, looked at once.
 * What cannot be read is a record that says why.
 * @param read answers for one subject, other than a mount namespace
 * @param networks asks the engine for its networks
 */
export async function collectDetails(
  ask: Service['ask'],
  snapshot: Snapshot,
  read: (subject: Subject) => Promise<Detail>,
  networks: () => Promise<readonly NetworkFacts[] | null>,
): Promise<CollectedDetails> {
  const all = subjectsOf(snapshot);
  const subjects = all.slice(0, MOST_RECORDS);
  const { tables, reasons } = await mountTables(ask, snapshot, subjects);
  const groups = propagationPeers(
    new Set([...tables.values()].flatMap((table) => [...propagationGroups(table)])),
    tables,
  );
  const mounts = (id: string): DetailOf<'mnt'> => {
    const table = tables.get(id);
    if (table === undefined) throw new DetailError(reasons.get(id) ?? 'Its mount table could not be read.');
    const peers = Object.fromEntries(
      [...propagationGroups(table)].flatMap((group) => {
        const others = (groups[group] ?? []).filter((other) => other !== id);
        return others.length === 0 ? [] : [[group, others]];
      }),
    );
    return { kind: 'mnt', mounts: table, peers, unread: reasons.size };
  };

  const found = new Map<Subject, DetailRecord>();
  let characters = 0;
  let beyond = all.length - subjects.length;
  await forEachAtOnce(subjects, async (subject) => {
    let record: DetailRecord;
    try {
      const detail = isMounts(subject) ? mounts(subject.id) : await read(subject);
      record = { subject, detail, problem: null };
    } catch (error) {
      record = { subject, detail: null, problem: sentence(error) };
    }
    const length = JSON.stringify(record).length;
    if (characters + length > MOST_CHARACTERS) {
      beyond += 1;
      return;
    }
    characters += length;
    found.set(subject, record);
  });
  const lookups = await lookupsOf(ask, snapshot);
  const told = await networks().catch(() => null);
  const records = subjects.flatMap((subject) => found.get(subject) ?? []);
  const unread = records.filter(({ detail }) => detail === null).length;
  const problems: CollectedDetails['problems'] = [];
  if (unread > 0) {
    const message = inEnglish(() =>
      t('{count} of {all} namespaces, processes and cgroups could not be looked into.', {
        count: unread,
        all: all.length,
      }),
    );
    problems.push({ code: 'details-unread', message, count: unread });
  }
  if (beyond > 0) {
    const message = inEnglish(() =>
      t('The details of {count} of {all} were left out: they are more than a snapshot takes.', {
        count: beyond,
        all: all.length,
      }),
    );
    problems.push({ code: 'details-beyond', message, count: beyond });
  }
  return { takenAt: new Date().toISOString(), records, networks: told === null ? null : [...told], lookups, problems };
}
