import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Attempt } from '#core/answer/attempt.ts';
import { type ReachAnswer, reach } from '#core/answer/reach.ts';
import { ReachError } from '#core/answer/reach-hop.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import { type Source, useSource } from '../detail/use-source.ts';
import { usePageState } from '../page/page.ts';
import type { ReachQuestion } from '../state/state.ts';

export type Trial =
  | { readonly type: 'running' }
  | { readonly type: 'done'; readonly attempt: Attempt }
  | { readonly type: 'failed'; readonly message: string };

export interface Answered {
  readonly question: ReachQuestion;
  /** Null while the answer is being worked out, and if there is none. */
  readonly answer: ReachAnswer | null;
  /** When the facts behind it were read (ISO 8601). */
  readonly takenAt: string | null;
  /** Why there is no answer. */
  readonly problem: string | null;
  /** True while the facts are being read. */
  readonly reading: boolean;
  /** Null where nothing was tried. */
  readonly trial: Trial | null;
  /** Makes one real connection; null where none can be made, and `whyNot` says why. */
  readonly tryIt: (() => void) | null;
  readonly whyNot: string;
  /** Reads the facts again; null for a file, which cannot be read again. */
  readonly again: (() => void) | null;
}

interface Facts {
  readonly snapshot: Snapshot | null;
  readonly problem: string | null;
}

const words = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

function answerOf(
  snapshot: Snapshot,
  { from, to }: ReachQuestion,
): { answer: ReachAnswer | null; problem: string | null } {
  try {
    return { answer: reach(snapshot, from, to), problem: null };
  } catch (thrown) {
    // What the question named may be gone by now.
    if (thrown instanceof ReachError) return { answer: null, problem: thrown.message };
    throw thrown;
  }
}

/** The facts of one look at everything, as `scan --details` takes it; for a file, the facts saved in it. */
function useFacts(source: Source | null, wanted: boolean) {
  const [read, setRead] = useState<Facts | null>(null);
  const [round, setRound] = useState(0);
  const endpoint = source?.live?.endpoint ?? null;
  const backend = source?.live?.backend;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round is a look of its own
  useEffect(() => {
    setRead(null);
    if (!wanted || endpoint === null || backend === undefined) return;
    let stopped = false;
    backend.request('snapshot.take', { endpoint, details: true }).then(
      (snapshot) => stopped || setRead({ snapshot, problem: null }),
      (thrown: unknown) => stopped || setRead({ snapshot: null, problem: words(thrown) }),
    );
    return () => {
      stopped = true;
    };
  }, [wanted, endpoint, backend, round]);
  const again = useCallback(() => setRound((count) => count + 1), []);
  const saved = source !== null && source.live === null ? source.snapshot : null;
  return {
    snapshot: saved ?? read?.snapshot ?? null,
    problem: read?.problem ?? null,
    again: saved === null ? again : null,
  };
}

const NO_FACTS: PlainMessage =
  'The answer needs links, routes, rules and sockets, and there are none to read here: they come with a live machine, or with a snapshot that “Save with Details” wrote.';

/** The answer to what was asked; null where nothing was. */
export function useReach(): Answered | null {
  const question = usePageState((state) => state.reach);
  const source = useSource();
  const { snapshot, problem, again } = useFacts(source, question !== null);
  const [trial, setTrial] = useState<Trial | null>(null);
  const found = useMemo(
    () => (snapshot === null || question === null ? null : answerOf(snapshot, question)),
    [snapshot, question],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: an attempt belongs to the answer that it was made for
  useEffect(() => setTrial(null), [found]);
  if (question === null) return null;
  const goal = found?.answer?.attempt ?? null;
  const live = source?.live ?? null;
  const tryIt = async (): Promise<void> => {
    if (goal === null || live === null) return;
    const { net, address, port, protocol } = goal;
    setTrial({ type: 'running' });
    try {
      const destination = { address, port, protocol };
      const attempt = await live.backend.request('reach.try', { endpoint: live.endpoint, net, destination });
      setTrial({ type: 'done', attempt });
    } catch (thrown) {
      setTrial({ type: 'failed', message: words(thrown) });
    }
  };
  const whyNot =
    live === null
      ? t('A connection can be tried only while the picture is live.')
      : question.from === 'outside'
        ? t('It begins outside of this machine: try it from there.')
        : goal === null
          ? t('There is no address to connect to from there.')
          : '';
  return {
    question,
    answer: found?.answer ?? null,
    takenAt: snapshot?.details?.takenAt ?? snapshot?.takenAt ?? null,
    problem: found?.problem ?? (source === null ? t(NO_FACTS) : problem),
    reading: source?.live != null && snapshot === null && problem === null,
    trial,
    tryIt: whyNot === '' ? () => void tryIt() : null,
    whyNot,
    again,
  };
}
