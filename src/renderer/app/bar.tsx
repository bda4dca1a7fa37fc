import { useSyncExternalStore } from 'react';
import { COMMANDS, type CommandEntry, labelOf, type PageCommandId } from '#api/commands.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import { firstKey } from '../commands/keys.ts';
import { MenuItems } from '../commands/menu-items.tsx';
import { EXPORTS, runCommand } from '../commands/run.ts';
import { usePage, usePageState } from '../page/page.ts';
import { isFiltered, SHOWN, type Shown } from '../state/state.ts';
import { Icon } from '../ui/icon.tsx';
import { Popover } from '../ui/menu.tsx';
import { FilterMenu } from './filter-menu.tsx';
import { endpointName } from './names.ts';
import { SearchBox } from './search-box.tsx';

const VIEW_NAMES: Readonly<Record<Shown, PlainMessage>> = {
  graph: 'Graph',
  both: 'Both',
  table: 'Table',
  processes: 'Processes',
  levels: 'Levels',
  wiring: 'Wiring',
  resources: 'Resources',
};

/** Where the bar has no room for every button menus hold them: first the tools, then the views too. */
const NARROW = { tools: matchMedia('(max-width: 1380px)'), views: matchMedia('(max-width: 1100px)') };

function useNarrow(part: keyof typeof NARROW): boolean {
  const narrow = NARROW[part];
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener('change', listener);
      return () => narrow.removeEventListener('change', listener);
    },
    () => narrow.matches,
  );
}

const MORE: readonly PageCommandId[] = [
  'fit',
  'tidy',
  'open',
  'compare',
  'compare-now',
  'settings',
  'palette',
  'shortcuts',
];

/** A button that runs a command, with its key in the tooltip. */
function CommandButton({ id, label }: { readonly id: PageCommandId; readonly label: string }) {
  const page = usePage();
  const entry: CommandEntry | undefined = COMMANDS.find((each) => each.id === id);
  const words = entry === undefined ? label : labelOf(entry);
  const key = firstKey(id);
  return (
    <button type="button" title={key === '' ? words : `${words} (${key})`} onClick={() => runCommand(id, page)}>
      {label}
    </button>
  );
}

function Views() {
  const { store } = usePage();
  const chosen = usePageState(({ shown }) => shown);
  const show = (shown: Shown): void => store.dispatch({ type: 'show', shown });
  if (useNarrow('views')) {
    return (
      <Popover
        menu
        name={t('View: {name}', { name: t(VIEW_NAMES[chosen]) })}
        label={
          <>
            {t(VIEW_NAMES[chosen])}
            <Icon name="down" />
          </>
        }
      >
        {(close) =>
          SHOWN.map((shown) => (
            <button
              key={shown}
              type="button"
              role="menuitemradio"
              aria-checked={shown === chosen}
              tabIndex={-1}
              onClick={() => {
                close();
                show(shown);
              }}
            >
              {t(VIEW_NAMES[shown])}
              {shown === chosen && <Icon name="check" />}
            </button>
          ))
        }
      </Popover>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere
    <span className="group segments" role="group" aria-label={t('View')}>
      {SHOWN.map((shown) => (
        <button key={shown} type="button" aria-pressed={chosen === shown} onClick={() => show(shown)}>
          {t(VIEW_NAMES[shown])}
        </button>
      ))}
    </span>
  );
}

function Exports() {
  const page = usePage();
  const exporting = usePageState((state) => state.exporting);
  const canExport = usePageState((state) => state.drawn);
  return (
    <Popover
      menu
      name={t('Export')}
      disabled={!canExport || exporting !== null}
      label={
        <>
          {exporting === null ? t('Export') : t('Exporting…')}
          <Icon name="down" />
        </>
      }
    >
      {(close) => (
        <>
          <MenuItems ids={['export']} close={close} />
          {EXPORTS.map(({ id, label, extension, command }) => (
            <button
              key={id}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                close();
                runCommand(command, page);
              }}
            >
              {t(label)} <span className="muted">.{extension}</span>
            </button>
          ))}
          <MenuItems ids={['save-snapshot', 'save-details']} close={close} />
        </>
      )}
    </Popover>
  );
}

/** Endpoint, search, filter, views and files. */
export function Bar() {
  const page = usePage();
  const name = usePageState(endpointName);
  const panel = usePageState((state) => state.panel);
  const picture = usePageState(({ shown }) => shown === 'graph' || shown === 'both');
  const filtered = usePageState(({ shown }) => isFiltered(shown));
  const close = useNarrow('tools');
  return (
    <header className="bar" data-region="bar">
      <button
        type="button"
        className="endpoint-button"
        aria-label={t('Engine: {name}. Choose another', { name })}
        title={t('Choose the engine ({key})', { key: firstKey('choose-endpoint') })}
        aria-haspopup="dialog"
        onClick={() => runCommand('choose-endpoint', page)}
      >
        <span className="ellipsis">{name}</span>
        <Icon name="down" />
      </button>
      <SearchBox />
      {filtered && <FilterMenu />}
      <Views />
      {close ? (
        <>
          <Exports />
          <Popover menu name={t('More')} label={<Icon name="more" />}>
            {(shut) => <MenuItems ids={MORE} close={shut} />}
          </Popover>
        </>
      ) : (
        <>
          {picture && (
            <span className="group">
              <CommandButton id="fit" label={t('Fit')} />
              <CommandButton id="tidy" label={t('Tidy')} />
            </span>
          )}
          <span className="group">
            <CommandButton id="open" label={t('Open…')} />
            <CommandButton id="compare" label={t('Compare…')} />
            <Exports />
          </span>
        </>
      )}
      <button
        type="button"
        aria-label={t('Details')}
        aria-pressed={panel}
        title={t('Details ({key})', { key: firstKey('toggle-panel') })}
        onClick={() => runCommand('toggle-panel', page)}
      >
        <Icon name="panel" />
      </button>
      {!close && (
        <button
          type="button"
          aria-label={t('Settings')}
          title={t('Settings ({key})', { key: firstKey('settings') })}
          onClick={() => runCommand('settings', page)}
        >
          <Icon name="settings" />
        </button>
      )}
      {!close && (
        <button
          type="button"
          aria-label={t('Keyboard shortcuts')}
          title={t('Keys ({keys}); all commands ({palette})', {
            keys: firstKey('shortcuts'),
            palette: firstKey('palette'),
          })}
          onClick={() => runCommand('shortcuts', page)}
        >
          <Icon name="help" />
        </button>
      )}
    </header>
  );
}
