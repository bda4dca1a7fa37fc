import { Component, type ReactNode } from 'react';
import { t } from '#core/words/words.ts';
import { CopyButton } from '../ui/copy.tsx';

interface Props {
  readonly children: ReactNode;
}

/** Shows a sentence and what to do instead of an empty window when drawing the page fails. */
export class ErrorBoundary extends Component<Props, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(thrown: unknown): { error: Error } {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <main className="empty" role="alert">
        <h1>{t('Bulkhead cannot draw this page')}</h1>
        <p>
          {t(
            'This is a fault of Bulkhead, and nothing of yours was changed. Reload the page; if it happens again, copy the details into a report.',
          )}
        </p>
        <p className="row">
          <button type="button" className="primary" onClick={() => location.reload()}>
            {t('Reload')}
          </button>
          <span className="row">
            {t('Copy details')} <CopyButton text={`${error.message}\n${error.stack ?? ''}`} label={t('details')} />
          </span>
        </p>
      </main>
    );
  }
}
