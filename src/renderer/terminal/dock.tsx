import { type KeyboardEvent, lazy, type PointerEvent, Suspense, useCallback, useRef, useState } from 'react';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { CopyButton } from '../ui/copy.tsx';
import { Icon } from '../ui/icon.tsx';
import type { Backend, Tab } from '../workbench/workbench.ts';
import type { TabState } from './screen.tsx';
import './terminal.css';

/** Loaded with the first terminal, because most people open none. */
const Screen = lazy(() => import('./screen.tsx').then((module) => ({ default: module.Screen })));

const LOWEST = 120;
const STEP = 24;

interface Props {
  readonly tabs: readonly Tab[];
  readonly active: number;
  readonly backend: Backend;
  readonly onActivate: (key: number) => void;
  readonly onClose: (key: number) => void;
  readonly vm: boolean;
  readonly onVm: (() => void) | null;
}

const OPENING: TabState = { phase: 'opening', command: '', code: null, message: '' };

function phaseText({ phase, code }: TabState): string {
  if (phase === 'opening') return t('Starting…');
  if (phase === 'open') return '';
  return code === null ? t('Ended.') : t('Ended with code {code}.', { code });
}

/** Only the VM's shell has a name that depends on the language; every other terminal keeps its own. */
const titleOf = ({ title, target }: Tab): string =>
  target.type !== 'vm' ? visibleText(title) : target.tree === 'init' ? t('VM') : t('VM: engine');

/** The terminals, below the picture: tabs, and the one that was chosen. */
export function Dock({ tabs, active, backend, onActivate, onClose, vm, onVm }: Props) {
  const [states, setStates] = useState<Readonly<Record<number, TabState>>>({});
  const [height, setHeight] = useState(280);
  const list = useRef<HTMLDivElement>(null);
  const drag = useRef<{ y: number; height: number } | null>(null);
  const onState = useCallback(
    (key: number, state: Partial<TabState>): void =>
      setStates((before) => ({ ...before, [key]: { ...(before[key] ?? OPENING), ...state } })),
    [],
  );
  const shown = tabs.find(({ key }) => key === active) ?? tabs[0];
  if (shown === undefined) return null;
  const state = states[shown.key] ?? OPENING;

  function resize(to: number): void {
    setHeight(Math.round(Math.min(window.innerHeight * 0.75, Math.max(LOWEST, to))));
  }
  function focusTab(key: number): void {
    list.current?.querySelector<HTMLElement>(`[data-tab="${key}"]`)?.focus();
  }
  function close(key: number): void {
    onClose(key);
    const left = tabs.filter((tab) => tab.key !== key);
    const next = left.at(-1);
    if (next !== undefined) focusTab(next.key);
  }
  function onKey(event: KeyboardEvent, index: number): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (event.key === 'Delete') close(tabs[index]?.key ?? -1);
    else if (step !== 0 && next !== undefined) {
      onActivate(next.key);
      focusTab(next.key);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <section
      className={shown.root ? 'dock root' : 'dock'}
      aria-label={t('Terminals')}
      data-region="terminals"
      style={{ height }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved; this one is dragged and takes arrow keys */}
      <div
        className="dock-splitter"
        role="separator"
        aria-orientation="horizontal"
        aria-label={t('Height of the terminals')}
        aria-valuenow={height}
        aria-valuemin={LOWEST}
        tabIndex={0}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowUp' ? STEP : event.key === 'ArrowDown' ? -STEP : 0;
          if (step === 0) return;
          event.preventDefault();
          event.stopPropagation();
          resize(height + step);
        }}
        onPointerDown={(event: PointerEvent) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { y: event.clientY, height };
        }}
        onPointerMove={(event) => {
          if (drag.current !== null) resize(drag.current.height + drag.current.y - event.clientY);
        }}
        onPointerUp={() => {
          drag.current = null;
        }}
      />
      <div className="dock-bar">
        <div className="tabs" role="tablist" aria-label={t('Terminals')} ref={list}>
          {tabs.map((tab, index) => (
            <span key={tab.key} className={tab.root ? 'tab root' : 'tab'} role="presentation">
              <button
                type="button"
                role="tab"
                data-tab={tab.key}
                aria-selected={tab === shown}
                tabIndex={tab === shown ? 0 : -1}
                className={(states[tab.key] ?? OPENING).phase === 'ended' ? 'ended' : ''}
                onClick={() => onActivate(tab.key)}
                onKeyDown={(event) => onKey(event, index)}
              >
                <span className="ellipsis">{titleOf(tab)}</span>
              </button>
              {/* For the pointer: a list of tabs may hold nothing else, so others close by the button beside it, or by Delete. */}
              <button
                type="button"
                className="quiet"
                tabIndex={-1}
                aria-hidden="true"
                title={t('Close: ends what runs in it')}
                onClick={() => close(tab.key)}
              >
                <Icon name="close" />
              </button>
            </span>
          ))}
        </div>
        <button
          type="button"
          className="quiet text"
          aria-label={t('Close {title}', { title: titleOf(shown) })}
          title={t('Close this one: ends what runs in it')}
          onClick={() => close(shown.key)}
        >
          {t('Close')}
        </button>
        {onVm !== null && (
          <button type="button" className="quiet text" onClick={onVm}>
            {vm ? t('+ VM shell…') : t('+ Host shell…')}
          </button>
        )}
        <span className="grow" />
        <span className="dock-state" role="status">
          {visibleText(phaseText(state))}
        </span>
        {state.command !== '' && (
          <span className="dock-command">
            <code className="ellipsis" title={visibleText(state.command)}>
              {visibleText(state.command)}
            </code>
            <CopyButton text={state.command} label={t('the same as a command')} />
          </span>
        )}
      </div>
      {state.message !== '' && (
        <p className="dock-reason" role="alert">
          {visibleText(state.message)}
        </p>
      )}
      {shown.root && (
        <p className="root-note">
          {t('Root outside of all containers: what is changed here is changed for every container.')}
        </p>
      )}
      <div className="screens">
        <Suspense fallback={<p className="muted">{t('Loading the terminal…')}</p>}>
          {tabs.map((tab) => (
            <Screen
              key={tab.key}
              tab={tab}
              backend={backend}
              active={tab === shown}
              onState={onState}
              onLeave={() => focusTab(tab.key)}
            />
          ))}
        </Suspense>
      </div>
    </section>
  );
}
