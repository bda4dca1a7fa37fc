import type { Client, HostCommand } from '#api/contract.ts';
import { createClient } from '#api/rpc.ts';
import { loadEndpoint, loadView, saveEndpoint } from '../state/saved.ts';
import { firstChoice } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { connect } from './connect.ts';

/** What the page may ask of the inspector. */
export interface Actions {
  choose(endpoint: string): void;
  refreshEndpoints(): void;
  /** Draws an SVG as PNG bytes; fails with a sentence for people. */
  png(svg: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Listens to the host's menus; returns the function that ends it. */
  onCommand(listener: (command: HostCommand['command']) => void): () => void;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;
/** A connection that lasted this long starts the back-off afresh. */
const STEADY_MS = 5_000;

/** Connects, keeps connected with back-off, and feeds the store. */
export function start(store: Store): Actions {
  let client: Client | null = null;
  let endSession = (): void => {};
  let delay = FIRST_DELAY_MS;
  const commandListeners = new Set<(command: HostCommand['command']) => void>();

  function follow(endpoint: string): void {
    endSession();
    const current = client;
    if (current === null) return;
    endSession = current.subscribe(
      'session',
      { endpoint },
      (event) => store.dispatch({ type: 'event', event }),
      (error) => {
        // The end of the port is told by onClose; any other end is the session's own.
        if (error.code !== 'closed') store.dispatch({ type: 'notice', notice: error.message });
      },
    );
  }

  async function list(): Promise<void> {
    const current = client;
    if (current === null) return;
    try {
      const endpoints = await current.request('endpoints.list', {});
      store.dispatch({ type: 'endpoints', endpoints });
      if (store.get().endpoint !== null) return;
      const first = firstChoice(endpoints, loadEndpoint());
      if (first !== null) choose(first);
      else store.dispatch({ type: 'dialog', dialog: 'endpoints' });
    } catch (thrown) {
      if (current === client && store.get().connection === 'open')
        store.dispatch({ type: 'notice', notice: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }

  function choose(endpoint: string): void {
    saveEndpoint(endpoint);
    store.dispatch({ type: 'choose', endpoint, view: loadView(endpoint) });
    follow(endpoint);
  }

  function open(): void {
    let refused = false;
    const openedAt = performance.now();
    const port = connect(() => {
      refused = true;
    });
    const current = createClient(port);
    client = current;
    port.onClose(() => {
      if (client !== current) return;
      client = null;
      store.dispatch({ type: 'connection', connection: refused ? 'refused' : 'lost' });
      if (refused) return;
      if (performance.now() - openedAt > STEADY_MS) delay = FIRST_DELAY_MS;
      setTimeout(open, delay);
      delay = Math.min(delay * 2, LONGEST_DELAY_MS);
    });
    current.request('app.info', {}).then(
      () => {
        store.dispatch({ type: 'connection', connection: 'open' });
        const { endpoint } = store.get();
        if (endpoint !== null) follow(endpoint);
        void list();
      },
      () => {
        // The port's end is reported above.
      },
    );
    current.subscribe('host.commands', {}, ({ command }) => {
      for (const listener of commandListeners) listener(command);
    });
  }

  open();
  return {
    choose,
    refreshEndpoints: () => void list(),
    async png(svg) {
      if (client === null)
        throw new Error('Bulkhead is not connected: a PNG is drawn by its backend. Export SVG instead.');
      const { base64 } = await client.request('export.png', { svg, scale: 2 });
      return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    },
    onCommand(listener) {
      commandListeners.add(listener);
      return () => commandListeners.delete(listener);
    },
  };
}
