import { createRoot } from 'react-dom/client';
import { createStore } from '../state/store.ts';
import { start } from '../transport/start.ts';
import { App } from './app.tsx';
import './tokens.css';
import './app.css';

const root = document.getElementById('root');
if (root !== null) {
  const store = createStore();
  const actions = start(store);
  createRoot(root).render(<App store={store} actions={actions} />);
}
