import { findPid, pidText } from '../services/whose.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { t } from '../words/words.ts';
import { typedText } from './container-names.ts';
import type { WhySubject } from './why.ts';

/** What a word of the command line names: one thing, or what is wrong with it. */
export type WhyTarget =
  | { readonly ok: true; readonly subject: WhySubject }
  /** `candidates` are what it could have been, each as it would be written, and what it is. */
  | { readonly ok: false; readonly message: string; readonly candidates: readonly string[] };

const MOST_CANDIDATES = 20;

const containerText = ({ id, name }: Container): string => t('{id} container {name}', { id: id.slice(0, 12), name });

/** A container by its name, id or the start of its id, a process by its pid outside, or `host`. */
export function whyTarget(snapshot: Snapshot, text: string): WhyTarget {
  const containers = snapshot.containers.filter(({ helper }) => !helper);
  const named = containers.filter(({ id, name }) => name === text || id === text);
  const begun =
    named.length > 0 || !/^[0-9a-f]{3,}$/.test(text) ? [] : containers.filter(({ id }) => id.startsWith(text));
  const pids = /^\d+$/.test(text) ? findPid(snapshot, Number(text)) : { outside: null, inside: [] };
  const found: { readonly subject: WhySubject; readonly text: string }[] = [
    ...[...named, ...begun].map((container) => ({
      subject: { type: 'container', container } as const,
      text: containerText(container),
    })),
    ...(pids.outside === null
      ? []
      : [
          {
            subject: { type: 'process', process: pids.outside } as const,
            text: t('{pid} process {comm}', { pid: text, comm: pids.outside.comm }),
          },
        ]),
    ...(text === 'host' ? [{ subject: { type: 'host' } as const, text: t('host the machine') }] : []),
  ];
  const [first] = found;
  if (first !== undefined && found.length === 1) return { ok: true, subject: first.subject };
  const list = (candidates: readonly string[]): readonly string[] => candidates.slice(0, MOST_CANDIDATES);
  if (found.length > 1) {
    return {
      ok: false,
      message: t('{text} may be {count, number} things. Name one by its id.', { text, count: found.length }),
      candidates: list(found.map((each) => each.text)),
    };
  }
  if (pids.inside.length > 0) {
    return {
      ok: false,
      message: t('No process has the pid {pid} outside; it is a pid inside. Take the number before the first arrow.', {
        pid: text,
      }),
      candidates: list(pids.inside.map((process) => pidText(snapshot, process))),
    };
  }
  const like = containers.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
  return {
    ok: false,
    message: t('There is no container or process {text}. Give a container’s name or id, a pid outside, or `host`.', {
      text: typedText(text),
    }),
    candidates: list(like.map(containerText)),
  };
}
