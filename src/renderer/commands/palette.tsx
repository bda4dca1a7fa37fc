import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { needsDetails } from '#core/answer/find.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import { usePage, usePageState } from '../page/page.ts';
import { useReadDetails } from '../page/use-read-details.ts';
import { shownSnapshot } from '../state/state.ts';
import { Dialog } from '../ui/dialog.tsx';
import { type PaletteItem, paletteItems } from './palette-items.ts';
import { runCommand } from './run.ts';
import './palette.css';

const KIND_WORDS: Readonly<Record<PaletteItem['kind'], PlainMessage>> = {
  command: 'command',
  container: 'container',
  process: 'process',
  namespace: 'namespace',
  port: 'port',
  address: 'address',
  link: 'link',
  mount: 'mount',
  volume: 'volume',
  network: 'network',
  cgroup: 'cgroup',
  image: 'image',
};

/** A field that finds commands and everything that a handle may mean; Enter does or shows the chosen one. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const page = usePage();
  const snapshot = usePageState(shownSnapshot);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState(false);
  const { details, problem, reading } = useReadDetails(wanted);
  const known = useMemo(
    () => (snapshot === null || details === null ? snapshot : { ...snapshot, details }),
    [snapshot, details],
  );
  const items = useMemo(() => paletteItems(typed, page.store.get(), known), [typed, page, known]);
  const chosen = Math.min(at, items.length - 1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen one may have gone out of sight
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, items]);

  function take(item: PaletteItem | undefined): void {
    if (item === undefined) return;
    onClose();
    if ('command' in item.does) runCommand(item.does.command, page);
    else page.show(item.does.selection);
  }

  function key(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown') setAt((chosen + 1) % Math.max(1, items.length));
    else if (event.key === 'ArrowUp') setAt((chosen - 1 + items.length) % Math.max(1, items.length));
    else if (event.key === 'Enter') take(items[chosen]);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog title={t('Commands')} onClose={onClose}>
      <div className="palette">
        <input
          type="text"
          role="combobox"
          data-first
          aria-label={t('Command, name, pid, port, address, path or id')}
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={items.length === 0 ? undefined : `${id}-${chosen}`}
          placeholder={t('Command, name, pid, port, address, path or id')}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
            if (needsDetails(event.target.value)) setWanted(true);
          }}
          onKeyDown={key}
        />
        <div className="palette-list" role="listbox" id={id} aria-label={t('Found')} ref={list} tabIndex={-1}>
          {items.map((item, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and hears the keys
            <div
              key={`${item.kind} ${item.key}`}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className="palette-item"
              onClick={() => take(item)}
            >
              <span className="palette-kind">{t(KIND_WORDS[item.kind])}</span>
              <span className="palette-label">{item.label}</span>
              <span className="palette-detail">{item.detail}</span>
            </div>
          ))}
        </div>
        <p className="muted" role="status">
          {reading
            ? t('Reading links, sockets and mounts…')
            : (problem ?? (items.length === 0 ? t('Nothing found') : ''))}
        </p>
      </div>
    </Dialog>
  );
}
