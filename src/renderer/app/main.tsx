import { createRoot } from 'react-dom/client';
import { prepareShown } from '../page/derived.ts';
import { loadStage } from '../state/saved.ts';
import { createStore } from '../state/store.ts';
import { start } from '../transport/start.ts';
import { beginLanguage } from '../ui/language.ts';
import { App } from './app.tsx';
import { createPage } from './create-page.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import './tokens.css';
import './app.css';

const root = document.getElementById('root');
if (root !== null) {
  beginLanguage();
  const store = createStore(loadStage() ?? { panel: innerWidth > 900 });
  const page = createPage(store, start(store, prepareShown));
  createRoot(root).render(
    <ErrorBoundary>
      <App page={page} />
    </ErrorBoundary>,
  );
}
