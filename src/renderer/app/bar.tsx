import { EXPORT_FORMATS } from '#core/export/formats.ts';
import type { ViewOptions } from '#core/layout/scene.ts';
import type { Sharing } from '#core/sharing/sharing.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import type { Found } from '../state/search.ts';
import type { Selection, Shown, State } from '../state/state.ts';
import { Icon } from '../ui/icon.tsx';
import { Popover } from '../ui/menu.tsx';
import { type Command, exportCommand, MOD } from './commands.ts';
import { FilterMenu } from './filter-menu.tsx';
import { SearchBox } from './search-box.tsx';

interface Props {
  readonly state: State;
  readonly snapshot: Snapshot | null;
  readonly sharing: Sharing | null;
  readonly found: Found | null;
  /** The format that is being written; null when none is. */
  readonly exporting: string | null;
  readonly canExport: boolean;
  readonly onCommand: (command: Command) => void;
  readonly onSearch: (search: string) => void;
  readonly onSelect: (selection: Selection) => void;
  readonly onView: (view: Partial<ViewOptions>) => void;
  readonly onShow: (shown: Shown) => void;
}

const VIEWS: readonly (readonly [Shown, string])[] = [
  ['graph', 'Graph'],
  ['both', 'Both'],
  ['table', 'Table'],
  ['wiring', 'Wiring'],
];

/** The name of what is watched, for the endpoint's button. */
export function endpointName(state: State): string {
  if (state.endpoint === null) return 'Choose an engine';
  const known = state.endpoints?.find(({ id }) => id === state.endpoint);
  return visibleText(known?.name ?? state.endpoint);
}

/** Endpoint, search, filter, views and files. */
export function Bar(props: Props) {
  const { state, snapshot, sharing, exporting, onCommand } = props;
  return (
    <header className="bar">
      <button
        type="button"
        className="endpoint-button"
        aria-label={`Engine: ${endpointName(state)}. Choose another`}
        title={`Choose the engine (${MOD}K)`}
        aria-haspopup="dialog"
        onClick={() => onCommand('choose-endpoint')}
      >
        <span className="ellipsis">{endpointName(state)}</span>
        <Icon name="down" />
      </button>
      <SearchBox search={state.search} found={props.found} onSearch={props.onSearch} onSelect={props.onSelect} />
      {snapshot !== null && sharing !== null && (
        <FilterMenu view={state.view} snapshot={snapshot} sharing={sharing} onView={props.onView} />
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere */}
      <span className="group segments" role="group" aria-label="View">
        {VIEWS.map(([shown, label]) => (
          <button key={shown} type="button" aria-pressed={state.shown === shown} onClick={() => props.onShow(shown)}>
            {label}
          </button>
        ))}
      </span>
      <span className="group">
        <button type="button" title="Fit everything (f)" onClick={() => onCommand('fit')}>
          Fit
        </button>
        <button type="button" title="Lay everything out afresh" onClick={() => onCommand('tidy')}>
          Tidy
        </button>
      </span>
      <span className="group">
        <button type="button" title={`Open a saved snapshot (${MOD}O)`} onClick={() => onCommand('open')}>
          Open…
        </button>
        <Popover
          menu
          name="Export"
          disabled={!props.canExport || exporting !== null}
          label={
            <>
              {exporting === null ? 'Export' : 'Exporting…'}
              <Icon name="down" />
            </>
          }
        >
          {(close) =>
            EXPORT_FORMATS.map(({ id, label, extension }) => (
              <button
                key={id}
                type="button"
                role="menuitem"
                tabIndex={-1}
                onClick={() => {
                  close();
                  onCommand(exportCommand(id));
                }}
              >
                {label} <span className="muted">.{extension}</span>
              </button>
            ))
          }
        </Popover>
      </span>
      <button
        type="button"
        aria-label="Details"
        aria-pressed={state.panel}
        title="Details (i)"
        onClick={() => onCommand('toggle-panel')}
      >
        <Icon name="panel" />
      </button>
      <button type="button" aria-label="Keyboard shortcuts" title="Keys (?)" onClick={() => onCommand('shortcuts')}>
        <Icon name="help" />
      </button>
    </header>
  );
}
