import { useEffect, useState } from 'react';
import type { About } from '#api/about.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { runCommand } from '../commands/run.ts';
import { usePage } from '../page/page.ts';
import { Copy } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Fold } from '../ui/fold.tsx';
import './settings.css';

function Licences() {
  const { actions } = usePage();
  const [texts, setTexts] = useState<readonly { title: string; text: string }[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    actions.backend.request('app.licences', {}).then(setTexts, (thrown: Error) => setFailure(thrown.message));
  }, [actions]);
  if (failure !== null) return <p role="alert">{visibleText(failure)}</p>;
  if (texts === null) return <p className="muted">{t('Reading…')}</p>;
  return (
    <div>
      {texts.map(({ title, text }) => (
        <Fold key={title} title={title}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a keyboard must be able to */}
          <pre className="licence" tabIndex={0}>
            {text}
          </pre>
        </Fold>
      ))}
    </div>
  );
}

/** The version, the programs that run in the engine by their hashes, where files are, and the licences. */
export function AboutDialog({ onClose }: { readonly onClose: () => void }) {
  const page = usePage();
  const { actions } = page;
  const [about, setAbout] = useState<About | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    actions.backend.request('app.about', {}).then(setAbout, (thrown: Error) => setFailure(thrown.message));
  }, [actions]);
  return (
    <Dialog title={t('About Bulkhead')} onClose={onClose}>
      {failure !== null && <p role="alert">{visibleText(failure)}</p>}
      {about !== null && (
        <>
          <dl className="about">
            <dt>{t('Version')}</dt>
            <dd>
              {about.version} <span className="muted">({about.runtime.join(', ')})</span>
            </dd>
            {about.probes.map(({ arch, sha256 }) => (
              <div key={arch}>
                <dt>{t('Probe for linux/{arch}', { arch })}</dt>
                <dd>
                  <Copy text={sha256} label={t('SHA-256 of the probe for {arch}', { arch })} />
                </dd>
              </div>
            ))}
            <dt>{t('Settings')}</dt>
            <dd>
              <Copy text={about.settingsFile} label={t('the place of the settings')} />
            </dd>
            {about.logFile !== null && (
              <>
                <dt>{t('Log')}</dt>
                <dd>
                  <Copy text={about.logFile} label={t('the place of the log')} />
                </dd>
              </>
            )}
          </dl>
          <p className="muted">
            {t(
              'The probe is the program that runs in the engine; its SHA-256 tells which build it is. The log names engines and containers, and stays on this computer. Bulkhead sends nothing to anybody, and looks for an update only when you ask.',
            )}
          </p>
        </>
      )}
      <h3>{t('Licences')}</h3>
      <Licences />
      <div className="dialog-foot">
        <button type="button" onClick={() => runCommand('copy-diagnostics', page)}>
          {t('Copy diagnostics')}
        </button>
        <span className="grow" />
        <button type="button" className="primary" data-first onClick={onClose}>
          {t('Close')}
        </button>
      </div>
    </Dialog>
  );
}
