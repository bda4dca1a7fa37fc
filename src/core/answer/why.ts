import type * as z from 'zod';
import { createMemberNames } from '../sharing/describe.ts';
import { type Cause, HOST, type Sharing } from '../sharing/sharing.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '../snapshot/namespace.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import type { whySchema } from './schemas.ts';

/** Of whom it is asked. */
export type WhySubject =
  | { readonly type: 'container'; readonly container: Container }
  | { readonly type: 'process'; readonly process: Process }
  | { readonly type: 'host' };

/** One row of `bulkhead why --json`. */
export type WhyRow = z.infer<typeof whySchema>[number];

/** Members that are explained before the rest is only counted. */
const MOST_EXPLAINED = 5;

/** Why a member is in a namespace that others are in too, as a sentence. */
export function causeSentence(name: string, { code, text }: Cause): string {
  switch (code) {
    case 'owner':
      return `It was made for ${name}${text.startsWith('made for') ? '' : `, ${text}`}.`;
    case 'container-mode':
    case 'compose':
    case 'path-mode':
    case 'user-mode':
      return `${name} joined it: ${text}.`;
    case 'host-mode':
      return `${name} is in it, since it was started with ${text}.`;
    case 'engine-default':
      return `${name} is in it, since nothing else was asked for: ${text}.`;
    case 'pod':
      return `${name} belongs to ${text}, whose containers share it.`;
    case 'joined-at-run-time':
      return `${name} joined it at run time (setns); no setting of it explains that.`;
    case 'host-itself':
      return text.startsWith('the host') ? 'It is the machine’s own.' : `It is ${text}.`;
    case 'unknown':
      return `Why ${name} is in it is not known: the engine does not tell its settings.`;
    case 'privileged':
      return `${name}: ${text}.`;
  }
}

interface Told {
  readonly namespace: string | null;
  readonly sentence: string;
}

function ofContainer(sharing: Sharing, container: Container, kind: NamespaceKind): Told {
  const own = sharing.containers.get(container.id)?.[kind];
  const broken = sharing.broken.find((share) => share.container === container.id && share.kind === kind);
  const amiss = broken === undefined ? '' : ` It declares ${broken.declared}, which is not in force: ${broken.text}`;
  if (own === undefined || own.namespace === null) {
    const reason = container.pid === null ? `${container.name} does not run, so it has none.` : 'It could not be read.';
    return { namespace: null, sentence: reason + amiss };
  }
  const { namespace, cause, standing } = own;
  const made =
    standing === 'private' ? `The engine made it for ${container.name} alone.` : 'Why it is in it is not known.';
  return { namespace, sentence: (cause === null ? made : causeSentence(container.name, cause)) + amiss };
}

export function subjectName(subject: WhySubject, { containers }: Snapshot): string {
  if (subject.type === 'host') return HOST;
  if (subject.type === 'container') return subject.container.name;
  const { pid, comm, container } = subject.process;
  const name = containers.find(({ id }) => id === container)?.name;
  return `pid ${pid} (${comm})${name === undefined ? '' : ` of ${name}`}`;
}

function ofProcess(snapshot: Snapshot, sharing: Sharing, process: Process, kind: NamespaceKind): Told {
  const namespace = process.namespaces[kind];
  const name = subjectName({ type: 'process', process }, snapshot);
  if (namespace === null) return { namespace, sentence: 'The kernel did not let it be read.' };
  const container = snapshot.containers.find(({ id }) => id === process.container);
  if (container !== undefined) {
    const own = ofContainer(sharing, container, kind);
    if (own.namespace === namespace)
      return { namespace, sentence: `${name} has what ${container.name} has. ${own.sentence}` };
    const entered = `${name} is not in ${container.name}’s ${kind} namespace: it made this one or entered it (unshare, setns). Which is not recorded.`;
    return { namespace, sentence: entered };
  }
  if (namespace === snapshot.host.namespaces[kind] || namespace === snapshot.host.initial[kind]) {
    return { namespace, sentence: `${name} is in the machine’s own: nothing put it elsewhere.` };
  }
  const record = snapshot.namespaces.find(({ id }) => id === namespace);
  const alone = record?.pids.every((pid) => pid === process.pid) === true;
  const how = alone
    ? 'It is alone in it, so it was made for it (unshare or clone).'
    : 'It made it, was born in it or entered it (unshare, fork, setns). Which is not recorded.';
  return { namespace, sentence: `${name} is in none of the machine’s own. ${how}` };
}

function told(snapshot: Snapshot, sharing: Sharing, subject: WhySubject, kind: NamespaceKind): Told {
  switch (subject.type) {
    case 'container':
      return ofContainer(sharing, subject.container, kind);
    case 'process':
      return ofProcess(snapshot, sharing, subject.process, kind);
    case 'host':
      return { namespace: snapshot.host.namespaces[kind], sentence: 'It is the machine’s own.' };
  }
}

/**
 * In which namespaces one is, or two are, and why: a row a kind, and two where the two are in different ones.
 * What no record tells is said to be unknown.
 */
export function why(snapshot: Snapshot, sharing: Sharing, subjects: readonly WhySubject[]): WhyRow[] {
  const nameOf = createMemberNames(snapshot);
  const names = subjects.map((subject) => subjectName(subject, snapshot));
  const asked = new Set(
    subjects.flatMap((subject) =>
      subject.type === 'process' ? [] : [subject.type === 'host' ? HOST : subject.container.id],
    ),
  );
  const row = (
    kind: NamespaceKind,
    namespace: string | null,
    own: readonly number[],
    sentences: readonly string[],
  ): WhyRow => {
    const shared = namespace === null ? undefined : sharing.byNamespace.get(namespace);
    const ids = shared?.members ?? [];
    const others = ids.filter((id) => !asked.has(id));
    // The machine and those that use its by default are no news.
    const telling = others.filter((id) => id !== HOST && shared?.causes.get(id)?.code !== 'engine-default');
    const more = telling.slice(0, MOST_EXPLAINED).flatMap((id) => {
      const cause = shared?.causes.get(id);
      return cause === undefined ? [] : [causeSentence(nameOf(id), cause)];
    });
    const rest = telling.length - MOST_EXPLAINED;
    const members = [...new Set([...ids.map(nameOf), ...own.map((at) => names[at] ?? '')])];
    const cause = [...new Set([...sentences, ...more])].join(' ') + (rest > 0 ? ` And ${rest} more.` : '');
    return { kind, namespace, members, cause };
  };
  return NAMESPACE_KINDS.flatMap((kind) => {
    const all = subjects.map((subject) => told(snapshot, sharing, subject, kind));
    const [a, b] = all;
    if (a === undefined) return [];
    if (b === undefined) return [row(kind, a.namespace, [0], [a.sentence])];
    if (a.namespace !== null && a.namespace === b.namespace) {
      return [row(kind, a.namespace, [0, 1], [`Both are in it.`, a.sentence, b.sentence])];
    }
    const apart =
      a.namespace === null || b.namespace === null
        ? 'Whether they share one is not known.'
        : 'They are in different ones.';
    return [row(kind, a.namespace, [0], [apart, a.sentence]), row(kind, b.namespace, [1], [b.sentence])];
  });
}

/** Commands that show the same: the kernel's links, and what the engine was asked for. */
export function whyCommands(snapshot: Snapshot, subjects: readonly WhySubject[]): string[] {
  return subjects.flatMap((subject) => {
    const pid =
      subject.type === 'process' ? subject.process.pid : subject.type === 'container' ? subject.container.pid : 1;
    const id =
      subject.type === 'container'
        ? subject.container.id
        : subject.type === 'process'
          ? (snapshot.containers.find((each) => each.id === subject.process.container)?.id ?? null)
          : null;
    return [
      ...(pid === null ? [] : [`ls -l /proc/${pid}/ns`]),
      ...(id === null ? [] : [`docker inspect -f '{{json .HostConfig}}' ${id.slice(0, 12)}`]),
    ];
  });
}
