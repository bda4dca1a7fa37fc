import { useEffect, useId, useState } from 'react';
import { INTERVALS, KEPT_MINUTES, LANGUAGE_CHOICES, type Settings, THEME_CHOICES } from '#api/settings.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { usePage, usePageState } from '../page/page.ts';
import { Copy } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Engines } from './settings-engines.tsx';
import './settings.css';

/** Each language is written in itself, so that people find theirs even when they cannot read the others. */
const LANGUAGE_NAMES = { system: null, en: 'English', 'zh-CN': '简体中文' } as const;
const THEME_NAMES = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;

/** A choice between a few values that are all visible. */
function Choice<T extends string | number>(props: {
  readonly label: string;
  /** Shows its label, because its section has more than one choice. */
  readonly told?: boolean;
  readonly choices: readonly T[];
  readonly chosen: T;
  readonly nameOf: (choice: T) => string;
  readonly langOf?: (choice: T) => string | undefined;
  readonly onChoose: (choice: T) => void;
}) {
  return (
    <div className="choice">
      {props.told && <span aria-hidden="true">{props.label}</span>}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere */}
      <span className="group segments" role="group" aria-label={props.label}>
        {props.choices.map((choice) => (
          <button
            key={choice}
            type="button"
            lang={props.langOf?.(choice)}
            aria-pressed={props.chosen === choice}
            onClick={() => props.onChoose(choice)}
          >
            {props.nameOf(choice)}
          </button>
        ))}
      </span>
    </div>
  );
}

function Appearance({ settings }: { readonly settings: Settings }) {
  const { actions } = usePage();
  return (
    <section aria-label={t('Appearance')}>
      <h3>{t('Appearance')}</h3>
      <Choice
        told
        label={t('Theme')}
        choices={THEME_CHOICES}
        chosen={settings.theme}
        nameOf={(theme) => t(THEME_NAMES[theme])}
        onChoose={(theme) => void actions.changeSettings({ theme })}
      />
      <Choice
        told
        label={t('Language')}
        choices={LANGUAGE_CHOICES}
        chosen={settings.language}
        nameOf={(language) => LANGUAGE_NAMES[language] ?? t('As the system')}
        langOf={(language) => (language === 'system' ? undefined : language)}
        onChoose={(language) => void actions.changeSettings({ language })}
      />
    </section>
  );
}

function Looking({ settings }: { readonly settings: Settings }) {
  const { actions } = usePage();
  const field = useId();
  return (
    <section aria-label={t('Scans')}>
      <h3>{t('Scans')}</h3>
      <label htmlFor={field}>
        {t('Scan a quiet machine every')}{' '}
        <select
          id={field}
          value={settings.interval}
          onChange={({ target }) => {
            const interval = INTERVALS.find((each) => String(each) === target.value);
            if (interval !== undefined) void actions.changeSettings({ interval });
          }}
        >
          {INTERVALS.map((interval) => (
            <option key={interval} value={interval}>
              {interval} s
            </option>
          ))}
        </select>
      </label>
      <p className="muted">
        {t(
          'Events of the engine are shown at once, whatever is chosen here. A longer interval costs less but may miss short-lived processes.',
        )}
      </p>
    </section>
  );
}

function Keeping({ settings }: { readonly settings: Settings }) {
  const { actions } = usePage();
  return (
    <section aria-label={t('The past')}>
      <h3>{t('The past')}</h3>
      <Choice
        label={t('The past')}
        choices={KEPT_MINUTES}
        chosen={settings.keep}
        nameOf={(minutes) => (minutes === 0 ? t('Keep nothing') : t('{minutes} min', { minutes }))}
        onChoose={(keep) => void actions.changeSettings({ keep })}
      />
      <p className="muted">
        {t(
          'What was seen can be looked at again on the timeline. It is in memory, at most 64 MiB, and gone when Bulkhead ends.',
        )}
      </p>
    </section>
  );
}

function Updates({ settings }: { readonly settings: Settings }) {
  const { actions } = usePage();
  return (
    <section aria-label={t('Updates')}>
      <h3>{t('Updates')}</h3>
      <label className="check">
        <input
          type="checkbox"
          checked={settings.updates === 'start'}
          onChange={({ target }) => void actions.changeSettings({ updates: target.checked ? 'start' : 'never' })}
        />
        {t('Look for a newer release at each start')}
      </label>
      <p className="muted">{t('Nothing is downloaded or installed before you say so.')}</p>
    </section>
  );
}

function Entry({ settings }: { readonly settings: Settings }) {
  const { actions } = usePage();
  return (
    <section aria-label={t('Without a window')}>
      <h3>{t('Without a window')}</h3>
      <label className="check">
        <input
          type="checkbox"
          checked={settings.tray}
          onChange={({ target }) => void actions.changeSettings({ tray: target.checked })}
        />
        {t('Keep an entry in the menu bar or beside the clock')}
      </label>
      <p className="muted">
        {t(
          'Bulkhead then keeps running when its last window is closed, and reads nothing until a window is open again. Some desktops show no such entry: starting Bulkhead once more opens a window, too.',
        )}
      </p>
    </section>
  );
}

function Privileges({ settings }: { readonly settings: Settings }) {
  const { actions } = usePage();
  const endpoints = usePageState((state) => state.endpoints);
  const { helper } = settings;
  const nameOf = (id: string): string => endpoints?.find((each) => each.id === id)?.name ?? id;
  return (
    <section aria-label={t('Privileges')}>
      <h3>{t('Privileges')}</h3>
      <label className="check">
        <input
          type="checkbox"
          checked={helper.agreed}
          onChange={({ target }) => void actions.changeSettings({ helper: { ...helper, agreed: target.checked } })}
        />
        {t('Helper containers may run in engines')}
      </label>
      <p className="muted">
        {t(
          'Without them only what an engine itself tells is shown. Full privileges are asked for each time that Bulkhead is started, and never kept.',
        )}
      </p>
      {helper.never.length > 0 && (
        <>
          <p>{t('No helper runs in:')}</p>
          <ul>
            {helper.never.map((id) => (
              <li key={id}>
                <span>{visibleText(nameOf(id))}</span>
                <button
                  type="button"
                  aria-label={t('Allow helpers in {name} again', { name: visibleText(nameOf(id)) })}
                  onClick={() =>
                    void actions.changeSettings({
                      helper: { ...helper, never: helper.never.filter((each) => each !== id) },
                    })
                  }
                >
                  {t('Allow again')}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** What the user can choose; everything counts at once and is kept in a file for people. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const { actions } = usePage();
  const settings = usePageState((state) => state.settings);
  const isApp = usePageState((state) => state.app?.host === 'electron');
  const updatesItself = usePageState((state) => state.app?.updatesItself === true);
  const [kept, setKept] = useState<{ readonly file: string; readonly problem: string | null } | null>(null);
  useEffect(() => {
    let ended = false;
    // Asked again after each change, because the change may have repaired what was wrong with the file.
    if (settings !== null) {
      actions.backend.request('settings.get', {}).then(
        (answer) => {
          if (!ended) setKept(answer);
        },
        () => {},
      );
    }
    return () => {
      ended = true;
    };
  }, [actions, settings]);
  return (
    <Dialog title={t('Settings')} onClose={onClose}>
      {settings === null ? (
        <p className="muted">{t('Bulkhead is not connected to its backend.')}</p>
      ) : (
        <div className="settings">
          {kept !== null && kept.problem !== null && (
            <p role="alert" className="reason">
              {visibleText(kept.problem)}
            </p>
          )}
          <Appearance settings={settings} />
          <Looking settings={settings} />
          <Keeping settings={settings} />
          <Privileges settings={settings} />
          <Engines settings={settings} />
          {isApp && <Entry settings={settings} />}
          {updatesItself && <Updates settings={settings} />}
          {kept !== null && (
            <section aria-label={t('File')}>
              <p className="muted">{t('All settings are kept in one file, which you may edit:')}</p>
              <Copy text={kept.file} label={t('the place of the settings')} />
            </section>
          )}
        </div>
      )}
      <div className="dialog-foot">
        <button type="button" className="primary" onClick={onClose}>
          {t('Done')}
        </button>
      </div>
    </Dialog>
  );
}
