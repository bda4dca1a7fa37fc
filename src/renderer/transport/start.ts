import { createClient } from '#api/client.ts';
import type { Client, HostCommand, SessionEvent, SessionStatus } from '#api/contract.ts';
import type { Settings, SettingsChange } from '#api/settings.ts';
import type { Drawing } from '#core/export/drawing.ts';
import { pngScale } from '#core/export/formats.ts';
import { visibleText } from '#core/text/visible.ts';
import { type PlainMessage, sentences, t } from '#core/words/words.ts';
import { loadEndpoint, loadView, saveEndpoint } from '../state/saved.ts';
import { firstChoice } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { connect } from './connect.ts';
import { inTurn, type Prepare } from './in-turn.ts';

/** What the page may ask of the inspector. */
export interface Actions {
  /** The contract's calls; they fail with a sentence while there is no connection. The same object for ever. */
  readonly backend: Pick<Client, 'request' | 'subscribe'>;
  /** Watches an endpoint of the list from now on, and remembers it. */
  choose(endpoint: string): void;
  /** Tries an address or name, and watches it once it answers. Rejects with a sentence that says what is wrong. */
  tryAddress(address: string): Promise<void>;
  refreshEndpoints(): void;
  /** Tries again now instead of at the next planned time. */
  retry(): void;
  /** The user agrees that helpers of the chosen endpoint may be privileged. */
  allowPrivileged(): void;
  /** The user lets the helper run, or never in the chosen endpoint. */
  allowHelper(allow: boolean): void;
  /** Changes settings, and keeps them. */
  changeSettings(change: SettingsChange): Promise<void>;
  /** Draws an SVG as PNG, as sharp as its size allows where no scale is given; `missing` are the characters that no font there has a shape for. Fails with a sentence for people. */
  png(
    svg: string,
    scale?: 1 | 2 | 4 | null,
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly missing: string }>;
  /** Draws each drawing as a page of a PDF, else as `png`. `takenAt` is ISO 8601. */
  pdf(
    pages: readonly Drawing[],
    takenAt: string,
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly missing: string }>;
  /** Listens to the host's menus; returns the function that ends it. */
  onCommand(
    listener: (command: HostCommand['command'], file: File | null, container: string | null) => void,
  ): () => void;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;
/** A connection that lasted this long starts the back-off afresh. */
const STEADY_MS = 5_000;
/** ssh first has to log in. */
const TRY_MS = 25_000;

const NOT_CONNECTED: PlainMessage =
  'Bulkhead is not connected to its backend. Wait until it is, or start Bulkhead again.';

function sentence(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The status of a session that ended by itself: nobody plans another try, but the user may. */
function endedStatus(message: string): SessionStatus {
  return { phase: 'stale', message, since: new Date().toISOString(), retryAt: null, notices: [] };
}

/**
 * Connects, keeps connected with back-off, and feeds the store.
 * @param prepare makes a large picture before it is shown
 */
export function start(store: Store, prepare: Prepare): Actions {
  let client: Client | null = null;
  let endSession = (): void => {};
  let delay = FIRST_DELAY_MS;
  let reconnect: ReturnType<typeof setTimeout> | null = null;
  const commandListeners = new Set<Parameters<Actions['onCommand']>[0]>();
  /** Messages that came before anything listened: kept for the first listener. */
  const unheard: Parameters<Parameters<Actions['onCommand']>[0]>[] = [];

  function follow(endpoint: string): void {
    endSession();
    const current = client;
    if (current === null) return;
    const turn = inTurn(store, prepare);
    const unsubscribe = current.subscribe('session', { endpoint }, turn.tell, (error) => {
      // The end of the port is told by onClose; any other end is the session's own.
      if (error.code === 'closed') turn.end();
      else turn.tell({ type: 'status', status: endedStatus(error.message) });
    });
    endSession = () => {
      turn.end();
      unsubscribe();
    };
  }

  async function list(): Promise<void> {
    const current = client;
    if (current === null) return;
    store.dispatch({ type: 'look' });
    try {
      const endpoints = await current.request('endpoints.list', {});
      store.dispatch({ type: 'endpoints', endpoints });
      if (store.get().endpoint !== null) {
        // If something else is shown only because there was no engine, an engine that has appeared replaces it.
        const { endpoint, automatic } = store.get();
        const standIn = endpoints.find(({ id }) => id === endpoint)?.type !== 'engine';
        const engine =
          automatic && standIn
            ? firstChoice(
                endpoints.filter(({ type }) => type === 'engine'),
                null,
              )
            : null;
        if (engine !== null) watch(engine, true);
        return;
      }
      const last = loadEndpoint();
      if (last !== null && !endpoints.some(({ id }) => id === last)) {
        // An address that the user typed is not in the list; an endpoint that is gone is not waited for.
        const reached = await tryAddress(last).then(
          () => true,
          () => false,
        );
        if (reached || store.get().endpoint !== null) return;
      }
      const first = firstChoice(endpoints, last);
      if (first === null) store.dispatch({ type: 'dialog', dialog: 'endpoints' });
      else watch(first, first !== last);
    } catch (thrown) {
      if (current !== client) return;
      store.dispatch({ type: 'endpoints', endpoints: store.get().endpoints ?? [] });
      store.dispatch({ type: 'failure', failure: sentence(thrown) });
    }
  }

  /** What was changed is told as an event, here and in every other window, in the order of the changes. */
  function change(answer: Promise<Settings>): Promise<void> {
    return answer.then(
      () => {},
      (thrown: unknown) => store.dispatch({ type: 'failure', failure: sentence(thrown) }),
    );
  }

  function watch(endpoint: string, automatic: boolean): void {
    store.dispatch({ type: 'choose', endpoint, automatic, view: loadView(endpoint) });
    follow(endpoint);
  }

  function choose(endpoint: string): void {
    // A recording does not change, so it is read once.
    if (endpoint !== 'demo') saveEndpoint(endpoint);
    watch(endpoint, false);
  }

  function tryAddress(address: string): Promise<void> {
    const current = client;
    if (current === null) return Promise.reject(new Error(t(NOT_CONNECTED)));
    return new Promise((resolve, reject) => {
      let done = false;
      let end = (): void => {};
      const finish = (settle: () => void): void => {
        if (done) return;
        done = true;
        clearTimeout(timer);
        settle();
        // After the subscribe call below has returned; the session lives on where `choose` follows it by now.
        queueMicrotask(() => end());
      };
      const timer = setTimeout(
        () =>
          finish(() =>
            reject(new Error(t('No answer within {seconds} s. Check the address.', { seconds: TRY_MS / 1000 }))),
          ),
        TRY_MS,
      );
      const onEvent = (event: SessionEvent): void => {
        if (event.type !== 'status') return;
        const { phase, message, retryAt } = event.status;
        if (phase === 'live') {
          finish(() => {
            choose(address);
            resolve();
          });
        } else if (phase === 'stale' || retryAt !== null) finish(() => reject(new Error(message)));
      };
      end = current.subscribe('session', { endpoint: address }, onEvent, (error) =>
        finish(() => reject(new Error(error.message))),
      );
    });
  }

  function open(): void {
    reconnect = null;
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
      if (refused) {
        store.dispatch({ type: 'disconnected', refused: true, reconnectAt: null });
        return;
      }
      if (performance.now() - openedAt > STEADY_MS) delay = FIRST_DELAY_MS;
      store.dispatch({ type: 'disconnected', refused: false, reconnectAt: Date.now() + delay });
      reconnect = setTimeout(open, delay);
      delay = Math.min(delay * 2, LONGEST_DELAY_MS);
    });
    current.request('app.info', { languages: [...navigator.languages] }).then(
      (app) => {
        store.dispatch({ type: 'connected', app });
        const { endpoint } = store.get();
        if (endpoint !== null) follow(endpoint);
        current.request('settings.get', {}).then(
          ({ settings, problem }) => {
            store.dispatch({ type: 'settings-problem', problem });
            store.dispatch({ type: 'settings', settings });
          },
          (thrown: unknown) => store.dispatch({ type: 'failure', failure: sentence(thrown) }),
        );
        void list();
      },
      () => {
        // The port's end is reported above.
      },
    );
    current.subscribe('settings', {}, (settings) => store.dispatch({ type: 'settings', settings }));
    current.subscribe('host.commands', {}, ({ command, file, container }) => {
      const hear = (named: File | null): void => {
        if (commandListeners.size === 0) unheard.push([command, named, container ?? null]);
        for (const listener of commandListeners) listener(command, named, container ?? null);
      };
      if (file === undefined) hear(null);
      else {
        fetched(file).then(hear, (thrown: unknown) => {
          const name = t('{name} cannot be opened.', { name: visibleText(file.name) });
          const why = t('It could not be read ({why}).', { why: sentence(thrown) });
          store.dispatch({ type: 'failure', failure: sentences(name, why) });
        });
      }
    });
  }

  open();
  return {
    backend: {
      request: (name, params) =>
        client === null ? Promise.reject(new Error(t(NOT_CONNECTED))) : client.request(name, params),
      subscribe(name, params, onEvent, onEnd) {
        if (client !== null) return client.subscribe(name, params, onEvent, onEnd);
        // Not before the caller has what is returned.
        queueMicrotask(() => onEnd?.({ code: 'closed', message: t(NOT_CONNECTED) }));
        return () => {};
      },
    },
    choose,
    tryAddress,
    refreshEndpoints: () => void list(),
    retry() {
      const { endpoint } = store.get();
      if (client !== null) {
        if (endpoint !== null) follow(endpoint);
        else void list();
      } else if (reconnect !== null) {
        clearTimeout(reconnect);
        open();
      }
    },
    allowPrivileged() {
      const { endpoint } = store.get();
      if (client === null || endpoint === null) return;
      client.request('session.allow-privileged', { endpoint }).catch((thrown: unknown) => {
        store.dispatch({ type: 'failure', failure: sentence(thrown) });
      });
    },
    allowHelper(allow) {
      const { endpoint } = store.get();
      if (client !== null && endpoint !== null) void change(client.request('session.helper', { endpoint, allow }));
    },
    async changeSettings(wanted) {
      if (client !== null) await change(client.request('settings.change', { change: wanted }));
    },
    async pdf(pages, takenAt) {
      if (client === null) {
        throw new Error(t('Bulkhead is not connected: a PDF is drawn by its backend. Export SVG instead.'));
      }
      const { base64, missing } = await client.request('export.pdf', { pages, takenAt });
      return { bytes: bytesOf(base64), missing };
    },
    async png(svg, scale) {
      if (client === null) {
        throw new Error(t('Bulkhead is not connected: a PNG is drawn by its backend. Export SVG instead.'));
      }
      const { base64, missing } = await client.request('export.png', { svg, scale: scale ?? pngScale(svg) });
      return { bytes: bytesOf(base64), missing };
    },
    onCommand(listener) {
      commandListeners.add(listener);
      for (const said of unheard.splice(0)) listener(...said);
      return () => commandListeners.delete(listener);
    },
  };
}

/** A file that the host offers; the browser keeps its content, however large. */
async function fetched({ name, address }: { readonly name: string; readonly address: string }): Promise<File> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(String(response.status));
  return new File([await response.blob()], name);
}

/** What a port carries as text. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
