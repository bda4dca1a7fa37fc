import type { Snapshot } from '#core/snapshot/snapshot.ts';
import type { State } from '../state/state.ts';

interface Props {
  readonly state: State;
  readonly snapshot: Snapshot | null;
  readonly shown: number;
}

/** What is connected, what is shown, and what looking costs. */
export function StatusLine({ state, snapshot, shown }: Props) {
  const parts = [
    state.status?.message ?? 'Connecting.',
    snapshot === null ? '' : `Linux ${snapshot.host.kernel}`,
    snapshot === null ? '' : `showing ${shown} of ${snapshot.containers.length} containers`,
    snapshot === null ? '' : `${snapshot.processes.length} processes`,
    state.checkedAt === null ? '' : `checked ${state.checkedAt.slice(11, 19)} UTC`,
    state.cost === null ? '' : `scan ${state.cost.durationMs.toFixed(1)} ms`,
  ];
  return (
    <footer className={state.status?.phase === 'live' ? 'status' : 'status stale'}>
      {parts
        .filter((part) => part !== '')
        .map((part) => (
          <span key={part}>{part}</span>
        ))}
    </footer>
  );
}
