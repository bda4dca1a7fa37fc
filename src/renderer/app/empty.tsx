import { t } from '#core/words/words.ts';
import { runCommand } from '../commands/run.ts';
import { usePage, usePageFields, usePageState } from '../page/page.ts';
import { Copy } from '../ui/copy.tsx';
import { Retry, troubleText } from './banners.tsx';

const FIELDS = ['connection', 'status', 'endpoint', 'reconnectAt'] as const;

/** Shown before the first picture: what the page is waiting for, or why there is none and what to do. */
export function Waiting() {
  const page = usePage();
  const state = usePageFields(FIELDS);
  const failed =
    state.connection === 'lost' ||
    state.connection === 'refused' ||
    state.status?.phase === 'stale' ||
    state.status?.retryAt != null;
  if (failed) {
    return (
      <div className="empty">
        <h2>{t('No picture yet')}</h2>
        <p role="status">{troubleText(state)}</p>
        <p className="row">
          <Retry state={state} onRetry={page.actions.retry} />
          {state.connection === 'open' && (
            <button type="button" onClick={() => runCommand('choose-endpoint', page)}>
              {t('Choose another engine')}
            </button>
          )}
          <button type="button" onClick={() => page.pickFile('open')}>
            {t('Open a snapshot')}
          </button>
        </p>
      </div>
    );
  }
  return (
    <div className="empty">
      <div className="spinner" aria-hidden="true" />
      <p role="status">
        {state.connection === 'connecting'
          ? t('Starting…')
          : state.endpoint === null
            ? t('Looking for engines…')
            : t('Connecting, and taking a first look…')}
      </p>
    </div>
  );
}

/** There are containers, and the filter lets none through. */
export function NothingFits({ total, onClear }: { readonly total: number; readonly onClear: () => void }) {
  return (
    <div className="empty">
      <h2>{t('No container matches the filter')}</h2>
      <p>{t('{n, plural, one {There is # container.} other {There are # containers.}}', { n: total })}</p>
      <button type="button" onClick={onClear}>
        {t('Clear the filter')}
      </button>
    </div>
  );
}

/** There are no containers: how to start the first one, where it would be seen. */
export function FirstContainer() {
  const live = usePageState((state) => state.file === null);
  if (!live) {
    return (
      <div className="first">
        <p>{t('There were no containers.')}</p>
      </div>
    );
  }
  return (
    <div className="first">
      <p>{t('No containers yet. Start one, and it appears here:')}</p>
      <Copy text="docker run -d --name web1 nginx" label={t('first command')} />
    </div>
  );
}
