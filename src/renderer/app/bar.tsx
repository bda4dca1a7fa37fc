import type { HostCommand } from '#api/contract.ts';
import type { State } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import type { Actions } from '../transport/start.ts';

interface Props {
  readonly state: State;
  readonly store: Store;
  readonly actions: Actions;
  readonly onCommand: (command: HostCommand['command']) => void;
}

const COMMANDS: readonly (readonly [HostCommand['command'], string])[] = [
  ['open', 'Open snapshot…'],
  ['export-svg', 'Export SVG'],
  ['export-png', 'Export PNG'],
  ['export-json', 'Export JSON'],
  ['toggle-table', 'Table'],
  ['fit', 'Fit'],
  ['tidy', 'Tidy up'],
];

/** Endpoint, filter and commands. */
export function Bar({ state, store, actions, onCommand }: Props) {
  return (
    <header className="bar">
      <strong className="brand">Bulkhead</strong>
      <select
        aria-label="Endpoint"
        value={state.endpoint ?? ''}
        onChange={(event) => actions.choose(event.target.value)}
      >
        {state.endpoint === null && <option value="">Choose…</option>}
        {state.endpoints.map((endpoint) => (
          <option key={endpoint.id} value={endpoint.id} disabled={!endpoint.usable} title={endpoint.reason ?? ''}>
            {endpoint.name}
            {endpoint.usable ? '' : ' (not usable)'}
          </option>
        ))}
      </select>
      <input
        id="search"
        type="search"
        placeholder="Filter: name, image, kind:net, state:running…"
        aria-label="Filter"
        value={state.view.filter}
        onChange={(event) => store.dispatch({ type: 'view', view: { filter: event.target.value } })}
      />
      {COMMANDS.map(([command, label]) => (
        <button key={command} type="button" onClick={() => onCommand(command)}>
          {label}
        </button>
      ))}
    </header>
  );
}
