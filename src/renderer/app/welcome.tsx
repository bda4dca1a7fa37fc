import { type ReactNode, useEffect, useRef } from 'react';
import { READING } from '#api/helper.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { runCommand } from '../commands/run.ts';
import { usePage, usePageFields, usePageState } from '../page/page.ts';
import type { State } from '../state/state.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Fold } from '../ui/fold.tsx';
import { rich } from '../ui/rich.tsx';

/** True for an engine in which a helper would run that the user has not been told of, or has forbidden. */
function wantsHelper({ status }: State): boolean {
  return status?.notices.some(({ action }) => action === 'helper') === true;
}

/** True where the user has to be told something before anything else: at the first start, and before the first helper. */
function isDue(state: State): boolean {
  if (state.settings === null || state.endpoint === null || state.status === null || state.file !== null) return false;
  const unasked = state.status.notices.some(({ code }) => code === 'helper-unasked');
  return !state.settings.welcomed || unasked;
}

/** Opens the first page by itself, once each time the app starts. */
export function useWelcome(): void {
  const { store } = usePage();
  const due = usePageState(isDue);
  const opened = useRef(false);
  useEffect(() => {
    if (!due || opened.current || store.get().dialog !== null) return;
    opened.current = true;
    store.dispatch({ type: 'dialog', dialog: 'welcome' });
  }, [due, store]);
}

/** What the app will show. */
function About() {
  return (
    <p>
      {t(
        'Bulkhead shows which of your containers share Linux namespaces, why, and which processes stand behind them. Each container is a card inside the machine that it runs on, and a line between two cards is something that they share by choice. It only looks: nothing is changed unless you ask for it.',
      )}
    </p>
  );
}

const code = (inner: ReactNode) => <code>{inner}</code>;

/** What the helper is and may do. */
function Helper() {
  return (
    <>
      <h3>{t('The helper')}</h3>
      <p>
        {t(
          'Processes and namespaces can be read only inside the machine that runs the containers. For that Bulkhead starts a small container of its own there, made from one program that it brings along. It sees all processes of the machine, changes nothing, has no network and no disk to write to, and is removed when Bulkhead ends.',
        )}
      </p>
      <Fold title={t('Details')}>
        <ul className="plain-list">
          <li>
            {rich(
              'A container with the label <code>{label}</code>, of an image that Bulkhead imports: nothing is pulled.',
              {
                label: 'dev.bulkhead.helper',
                code,
              },
            )}
          </li>
          <li>
            {rich('<code>{options}</code>, no new privileges.', {
              options: '--pid=host --cgroupns=host --network=none --read-only --cap-drop=ALL',
              code,
            })}
          </li>
          {READING.map(({ name, reason }) => (
            <li key={name}>
              <code>--cap-add={name}</code> {t(reason)}
            </li>
          ))}
          <li>{t('Where AppArmor is on, its profile for containers is left out: it would forbid reading.')}</li>
          <li>
            {t(
              'Where an engine refuses this, Bulkhead asks before it tries full privileges, each time that it is started.',
            )}
          </li>
          <li>
            {t(
              'The contents of a namespace (interfaces, sockets, mounts) are read by a second helper, which may also enter namespaces (SYS_ADMIN among others), and only while you look at them.',
            )}
          </li>
        </ul>
      </Fold>
    </>
  );
}

/** Why no engine could be used, each with what to do. */
function NoEngine() {
  const endpoints = usePageState((state) => state.endpoints);
  const reasons = endpoints?.filter(({ type, reason }) => type === 'engine' && reason !== null) ?? [];
  return (
    <>
      <h3>{t('No engine can be used yet')}</h3>
      {reasons.length === 0 ? (
        <p>{t('None was found. Start Docker or Podman, and look again.')}</p>
      ) : (
        <dl className="reasons">
          {reasons.map(({ id, name, reason }) => (
            <div key={id}>
              <dt>{visibleText(name)}</dt>
              <dd>{visibleText(reason ?? '')}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

const FIELDS = ['status', 'endpoint', 'endpoints', 'settings', 'looking'] as const;

/** The first page: what the app shows, which engine was found or why none can be used, and what the helper is. */
export function Welcome({ onClose }: { readonly onClose: () => void }) {
  const page = usePage();
  const { actions, store } = page;
  const state = usePageFields(FIELDS);
  const chosen = state.endpoints?.find(({ id }) => id === state.endpoint);
  const engine = chosen === undefined ? state.endpoint !== null : chosen.type === 'engine';
  const asks = engine && wantsHelper(state);
  const close = (): void => {
    if (store.get().settings?.welcomed === false) void actions.changeSettings({ welcomed: true });
    onClose();
  };
  const decide = (allow: boolean): void => {
    actions.allowHelper(allow);
    close();
  };
  return (
    <Dialog title={state.settings?.welcomed === false ? t('Welcome to Bulkhead') : t('The helper')} onClose={close}>
      {state.settings?.welcomed === false && <About />}
      {engine && chosen?.engine != null && (
        <p>
          {rich('Found: <strong>{name}</strong>, {engine} on {system}.', {
            name: visibleText(chosen.name),
            engine: visibleText(`${chosen.engine.kind} ${chosen.engine.version}`),
            system: visibleText(chosen.engine.operatingSystem),
            strong: (name) => <strong>{name}</strong>,
          })}
        </p>
      )}
      {asks && <Helper />}
      {!engine && <NoEngine />}
      <div className="dialog-foot">
        <button
          type="button"
          onClick={() => {
            close();
            actions.choose('demo');
          }}
        >
          {t('Show the recording')}
        </button>
        <button
          type="button"
          title={t('Seven short steps with two containers, with commands to copy')}
          onClick={() => {
            close();
            runCommand('guide', page);
          }}
        >
          {t('Guided experiment')}
        </button>
        <span className="grow" />
        {!engine && (
          <button type="button" disabled={state.looking} onClick={actions.refreshEndpoints}>
            {state.looking ? t('Looking…') : t('Look again')}
          </button>
        )}
        {asks && (
          <button
            type="button"
            title={t('The engine’s own facts are shown, nothing below it')}
            onClick={() => decide(false)}
          >
            {t('Never here')}
          </button>
        )}
        {asks ? (
          <button type="button" className="primary" data-first onClick={() => decide(true)}>
            {t('Start the helper')}
          </button>
        ) : (
          <button type="button" className="primary" data-first onClick={close}>
            {chosen?.type === 'local' ? t('Show this machine') : t('Continue')}
          </button>
        )}
      </div>
    </Dialog>
  );
}
