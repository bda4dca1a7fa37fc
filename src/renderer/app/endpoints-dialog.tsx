import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { EndpointReport } from '#api/contract.ts';
import { visibleText } from '#core/text/visible.ts';
import { commas, t } from '#core/words/words.ts';
import { usePage, usePageFields } from '../page/page.ts';
import { CopyButton } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';

const FIELDS = ['endpoints', 'endpoint', 'connection', 'file', 'looking'] as const;

/** What stands below an endpoint's name. */
function describe({ type, engine, address }: EndpointReport): string {
  if (type === 'local') return t('The processes and namespaces of this computer, without an engine');
  if (type === 'demo') return t('A recorded example, not this computer');
  if (engine === null) return visibleText(address ?? '');
  return visibleText(`${engine.kind} ${engine.version} · ${engine.operatingSystem} · ${address ?? ''}`);
}

function Entry({
  endpoint,
  chosen,
  onChoose,
}: {
  readonly endpoint: EndpointReport;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}) {
  const reason = endpoint.reason === null ? null : visibleText(endpoint.reason);
  const reasonId = useId();
  return (
    <li className={endpoint.usable ? 'endpoint' : 'endpoint unusable'}>
      <button
        type="button"
        aria-current={chosen}
        aria-describedby={reason === null ? undefined : reasonId}
        aria-disabled={!endpoint.usable}
        onClick={() => {
          if (endpoint.usable) onChoose();
        }}
      >
        <span className="endpoint-name">
          {visibleText(endpoint.name)}
          {chosen && <em className="tag">{t('shown')}</em>}
          {endpoint.current && <em className="tag">{t('docker uses this')}</em>}
          {!endpoint.usable && <em className="tag bad">{t('not usable')}</em>}
        </span>
        <span className="muted">{describe(endpoint)}</span>
        {endpoint.sources.length > 0 && (
          <span className="muted">{t('Found by: {sources}', { sources: visibleText(commas(endpoint.sources)) })}</span>
        )}
      </button>
      {reason !== null && (
        <p className="reason" id={reasonId}>
          {reason}{' '}
          <CopyButton text={reason} label={t('why {name} cannot be used', { name: visibleText(endpoint.name) })} />
        </p>
      )}
    </li>
  );
}

/** The engines that were found, this machine, the recording, and a field for any other address. */
export function EndpointsDialog({ onClose }: { readonly onClose: () => void }) {
  const { actions } = usePage();
  const state = usePageFields(FIELDS);
  const [address, setAddress] = useState('');
  const [trying, setTrying] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const field = useId();
  const error = useId();
  const { endpoints } = state;

  useEffect(() => {
    if (endpoints === null) return;
    const buttons = list.current;
    (buttons?.querySelector<HTMLElement>('[aria-current=true]') ?? buttons?.querySelector('button'))?.focus();
  }, [endpoints]);

  function key(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('.endpoint > button') ?? [])];
    const at = buttons.findIndex((button) => button.matches(':focus'));
    buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const wanted = address.trim();
    if (wanted === '') {
      setFailure(t('Write an address, for example ssh://me@server or tcp://10.0.0.5:2376, or the name of a context.'));
      return;
    }
    setTrying(true);
    setFailure(null);
    try {
      await actions.tryAddress(wanted);
      onClose();
    } catch (thrown) {
      setFailure(thrown instanceof Error ? thrown.message : String(thrown));
    }
    setTrying(false);
  }

  return (
    <Dialog title={t('Choose an engine')} onClose={onClose}>
      {endpoints === null ? (
        <p className="muted">
          {state.connection === 'open' ? t('Looking for engines…') : t('Bulkhead is not connected to its backend.')}
        </p>
      ) : (
        <ul className="endpoints" ref={list} onKeyDown={key}>
          {endpoints.map((endpoint) => (
            <Entry
              key={endpoint.id}
              endpoint={endpoint}
              chosen={endpoint.id === state.endpoint && state.file === null}
              onChoose={() => {
                actions.choose(endpoint.id);
                onClose();
              }}
            />
          ))}
        </ul>
      )}
      <form className="address" onSubmit={(event) => void submit(event)} noValidate>
        <label htmlFor={field}>{t('Another address or context')}</label>
        <div className="row">
          <input
            id={field}
            value={address}
            placeholder="ssh://me@server"
            autoComplete="off"
            spellCheck={false}
            aria-invalid={failure !== null}
            aria-describedby={failure === null ? undefined : error}
            onChange={(event) => {
              setAddress(event.target.value);
              setFailure(null);
            }}
          />
          <button type="submit" className="primary" disabled={trying}>
            {trying ? t('Trying…') : t('Connect')}
          </button>
        </div>
        {failure !== null && (
          <p className="reason" id={error} role="alert">
            {visibleText(failure)} <CopyButton text={failure} label={t('the reason')} />
          </p>
        )}
      </form>
      <div className="dialog-foot">
        <button type="button" disabled={state.looking} onClick={() => actions.refreshEndpoints()}>
          {state.looking ? t('Looking…') : t('Look again')}
        </button>
      </div>
    </Dialog>
  );
}
