import type * as z from 'zod';
import { createMemberNames } from '../sharing/describe.ts';
import { type Cause, HOST, type Sharing } from '../sharing/sharing.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '../snapshot/namespace.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { sentences, t } from '../words/words.ts';
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
export function causeSentence(name: string, { code, text, pod }: Cause): string {
  switch (code) {
    case 'owner':
      return pod === undefined
        ? t('It was made for {name}.', { name })
        : t('It was made for {name}, the sandbox of Kubernetes pod {pod}.', { name, pod });
    case 'container-mode':
    case 'compose':
    case 'path-mode':
    case 'user-mode':
      return t('{name} joined it: {setting}.', { name, setting: text });
    case 'host-mode':
      return t('{name} is in it, since it was started with {option}.', { name, option: text });
    case 'engine-default':
      return t('{name} is in it by default: {reason}.', { name, reason: text });
    case 'pod':
      return t('{name} belongs to Kubernetes pod {pod}, whose containers share it.', { name, pod: pod ?? '' });
    case 'joined-at-run-time':
      return t('{name} joined it at run time (setns); no setting of it explains that.', { name });
    case 'host-itself':
      return t('It is {whose}.', { whose: text });
    case 'unknown':
      return t('{name} is in it; why is {reason}.', { name, reason: text });
  }
}

interface Told {
  readonly namespace: string | null;
  readonly sentence: string;
}

function ofContainer(sharing: Sharing, container: Container, kind: NamespaceKind): Told {
  const { name } = container;
  const own = sharing.containers.get(container.id)?.[kind];
  const broken = sharing.broken.find((share) => share.container === container.id && share.kind === kind);
  const amiss =
    broken === undefined
      ? null
      : sentences(t('It declares {declared}, which is not in force.', { declared: broken.declared }), broken.text);
  if (own === undefined || own.namespace === null) {
    const reason =
      container.pid === null ? t('{name} is not running, so it has none.', { name }) : t('It could not be read.');
    return { namespace: null, sentence: sentences(reason, amiss) };
  }
  const { namespace, cause, standing } = own;
  const made =
    standing === 'private' ? t('The engine made it for {name} alone.', { name }) : t('Why it is in it is not known.');
  return { namespace, sentence: sentences(cause === null ? made : causeSentence(name, cause), amiss) };
}

export function subjectName(subject: WhySubject, { containers }: Snapshot): string {
  if (subject.type === 'host') return HOST;
  if (subject.type === 'container') return subject.container.name;
  const { pid, comm, container: id } = subject.process;
  const container = containers.find((each) => each.id === id)?.name;
  return container === undefined
    ? t('pid {pid} ({comm})', { pid, comm })
    : t('pid {pid} ({comm}) of {container}', { pid, comm, container });
}

function ofProcess(snapshot: Snapshot, sharing: Sharing, process: Process, kind: NamespaceKind): Told {
  const namespace = process.namespaces[kind];
  const name = subjectName({ type: 'process', process }, snapshot);
  if (namespace === null) return { namespace, sentence: t('The kernel did not allow it to be read.') };
  const container = snapshot.containers.find(({ id }) => id === process.container);
  if (container !== undefined) {
    const own = ofContainer(sharing, container, kind);
    const sentence =
      own.namespace === namespace
        ? sentences(
            t('{process} is in the same one as {container}.', { process: name, container: container.name }),
            own.sentence,
          )
        : sentences(
            t(
              '{process} is not in the {kind} namespace of {container}: it made this one or entered it (unshare, setns).',
              {
                process: name,
                kind,
                container: container.name,
              },
            ),
            t('Which of them is not recorded.'),
          );
    return { namespace, sentence };
  }
  if (namespace === snapshot.host.namespaces[kind] || namespace === snapshot.host.initial[kind]) {
    return {
      namespace,
      sentence: t('{process} is in the machine’s own: nothing put it elsewhere.', { process: name }),
    };
  }
  const record = snapshot.namespaces.find(({ id }) => id === namespace);
  const alone = record?.pids.every((pid) => pid === process.pid) === true;
  const how = alone
    ? t('It is the only one in it, so the namespace was made for it (unshare or clone).')
    : sentences(
        t('It made the namespace, was started in it or entered it (unshare, fork, setns).'),
        t('Which of them is not recorded.'),
      );
  return { namespace, sentence: sentences(t('{process} is in none of the machine’s own.', { process: name }), how) };
}

function told(snapshot: Snapshot, sharing: Sharing, subject: WhySubject, kind: NamespaceKind): Told {
  switch (subject.type) {
    case 'container':
      return ofContainer(sharing, subject.container, kind);
    case 'process':
      return ofProcess(snapshot, sharing, subject.process, kind);
    case 'host':
      return { namespace: snapshot.host.namespaces[kind], sentence: t('It is the machine’s own.') };
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
    reasons: readonly string[],
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
    const cause = sentences(
      ...new Set([...reasons, ...more]),
      rest > 0 ? t('And {count, number} more.', { count: rest }) : null,
    );
    return { kind, namespace, members, cause };
  };
  return NAMESPACE_KINDS.flatMap((kind) => {
    const all = subjects.map((subject) => told(snapshot, sharing, subject, kind));
    const [a, b] = all;
    if (a === undefined) return [];
    if (b === undefined) return [row(kind, a.namespace, [0], [a.sentence])];
    if (a.namespace !== null && a.namespace === b.namespace) {
      return [row(kind, a.namespace, [0, 1], [t('Both are in it.'), a.sentence, b.sentence])];
    }
    const apart =
      a.namespace === null || b.namespace === null
        ? t('Whether they share one is not known.')
        : t('They are in different ones.');
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
