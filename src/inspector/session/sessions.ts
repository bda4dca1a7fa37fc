import type { SessionEvent, SessionStatus } from '#api/contract.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { inEnglish } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
import { readDemo } from '../demo.ts';
import { failure } from '../failure.ts';
import type { Log } from '../log/log.ts';
import { errorText, type Said } from '../told.ts';
import { realClock } from './clock.ts';
import type { HelperLeave } from './notices.ts';
import { Session, type Target } from './session.ts';
import { targetOf } from './target.ts';

/** The second is the status' message, where it is one. */
type Listener = (event: SessionEvent, message?: Said) => void;

interface Shared {
  readonly session: Session;
  readonly listeners: Set<Listener>;
}

export interface Sessions {
  /** Follows an endpoint until the returned function is called. */
  subscribe(params: { endpoint: string }, emit: Listener): () => void;
  /**
   * The first whole picture of an endpoint.
   * @throws an Error for people where there is none
   */
  take(endpoint: string): Promise<Snapshot>;
  /** What is known now of an endpoint that somebody follows; null for both where nobody does. */
  shown(endpoint: string | null): { readonly status: SessionStatus | null; readonly snapshot: Snapshot | null };
  allowPrivileged(endpoint: string): void;
  /** Whether helpers may run, and how often is looked, are asked anew for each session. */
  settingsChanged(): Promise<void>;
  /** Says every status again: the language has changed. */
  sayAgain(): void;
  close(): Promise<void>;
}

/** One session for each endpoint that somebody follows, however many they are. */
export function createSessions(options: {
  readonly log: Log | null;
  readonly helperLeave: (endpoint: string) => Promise<HelperLeave>;
  /** In milliseconds. */
  readonly interval: () => Promise<number>;
  readonly privileged: (endpoint: string) => boolean;
}): Sessions {
  const sessions = new Map<string, Shared>();
  const closing = new Set<Promise<void>>();

  function open(id: string, target: Target, helper: HelperLeave, interval: number): Shared {
    const existing = sessions.get(id);
    if (existing !== undefined) return existing;
    const listeners = new Set<Listener>();
    let said = '';
    const session = new Session({
      target,
      clock: realClock,
      random: Math.random,
      privileged: options.privileged(id),
      helper,
      interval,
      emit: (event, message) => {
        if (event.type === 'status') {
          const { phase, notices } = event.status;
          const why = inEnglish(message ?? (() => ''));
          const text = [`${id}: ${why}`, ...notices.map(({ code }) => code)].join(' ');
          // The same failure at each try is one line.
          if (text !== said) options.log?.write(`session.${phase}`, text);
          said = text;
        }
        for (const listener of [...listeners]) listener(event, message);
      },
    });
    const shared = { session, listeners };
    sessions.set(id, shared);
    return shared;
  }

  function leave(id: string, shared: Shared, listener: Listener): void {
    shared.listeners.delete(listener);
    if (shared.listeners.size > 0 || sessions.get(id) !== shared) return;
    sessions.delete(id);
    const end = shared.session.close().finally(() => closing.delete(end));
    closing.add(end);
  }

  function subscribe({ endpoint: id }: { endpoint: string }, emit: Listener): () => void {
    let ended = false;
    let end = (): void => {};
    const tell = (phase: 'live' | 'stale', message: Said): void =>
      emit(
        {
          type: 'status',
          status: { phase, message: message(), since: new Date().toISOString(), retryAt: null, notices: [] },
        },
        message,
      );
    void (async () => {
      try {
        if (id === 'demo') {
          const snapshot = await readDemo();
          if (ended) return;
          tell('live', () => t('A recording, not this computer.'));
          emit({ type: 'snapshot', snapshot });
          return;
        }
        const [target, helper, interval] = await Promise.all([
          targetOf(id),
          options.helperLeave(id),
          options.interval(),
        ]);
        if (ended) return;
        const shared = open(id, target, helper, interval);
        shared.listeners.add(emit);
        shared.session.greet(emit);
        end = () => leave(id, shared, emit);
      } catch (error) {
        if (!ended) tell('stale', () => errorText(error));
      }
    })();
    return () => {
      if (ended) return;
      ended = true;
      end();
    };
  }

  return {
    subscribe,
    take: (endpoint) =>
      new Promise((resolve, reject) => {
        let finished = false;
        let end = (): void => {};
        const finish = (run: () => void): void => {
          if (finished) return;
          finished = true;
          // After the subscription call has returned.
          queueMicrotask(() => end());
          run();
        };
        end = subscribe({ endpoint }, (event, message) => {
          if (event.type === 'snapshot') finish(() => resolve(event.snapshot));
          else if (event.type === 'status' && (event.status.phase === 'stale' || event.status.retryAt !== null)) {
            finish(() => reject(failure('endpoint', message ?? event.status.message)));
          }
        });
      }),
    shown(endpoint) {
      let status: SessionStatus | null = null;
      let snapshot: Snapshot | null = null;
      sessions.get(endpoint ?? '')?.session.greet((event) => {
        if (event.type === 'status') status = event.status;
        if (event.type === 'snapshot') snapshot = event.snapshot;
      });
      return { status, snapshot };
    },
    allowPrivileged(endpoint) {
      sessions.get(endpoint)?.session.allowPrivileged();
    },
    async settingsChanged() {
      const interval = await options.interval();
      for (const [id, { session }] of sessions) {
        session.setHelper(await options.helperLeave(id));
        session.setInterval(interval);
      }
    },
    sayAgain() {
      for (const { session } of sessions.values()) session.sayAgain();
    },
    async close() {
      for (const { session } of sessions.values()) closing.add(session.close());
      sessions.clear();
      await Promise.all(closing);
    },
  };
}
