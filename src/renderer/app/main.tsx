import { createRoot } from 'react-dom/client';
import { loadStage } from '../state/saved.ts';
import { createStore } from '../state/store.ts';
import { start } from '../transport/start.ts';
import { App } from './app.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import './tokens.css';
import './app.css';

const root = document.getElementById('root');
if (root !== null) {
  const store = createStore(loadStage() ?? {});
  const actions = start(store);
  createRoot(root).render(
    <ErrorBoundary>
      <App store={store} actions={actions} />
    </ErrorBoundary>,
  );
}
