import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { About } from '#api/about.ts';
import type { AppInfo, Handlers, SessionEvent, SessionStatus } from '#api/contract.ts';
import { READING } from '#api/helper.ts';
import type { Settings, SettingsChange } from '#api/settings.ts';
import { decodeSnapshot } from '#core/snapshot/decode.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { inEnglish, language, setLanguage, spoken } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
import { licences, probesOf, runtimeOf } from './about/about.ts';
import { diagnosticsText } from './about/diagnostics.ts';
import { sendSignal } from './actions.ts';
import { createDetails } from './detail/details.ts';
import { connect } from './endpoint/connect.ts';
import { discoverEndpoints, resolveEndpoint } from './endpoint/discover.ts';
import { realSystem } from './endpoint/system.ts';
import type { Connection } from './engine/connection.ts';
import { EngineClient } from './engine/engine.ts';
import { createLog, type Log } from './log/log.ts';
import { LINE_LIFE, launchProbe, type Place } from './probe/launch.ts';
import { removeLeftovers } from './probe/owner.ts';
import { renderPdf } from './render/pdf.ts';
import { renderPng } from './render/png.ts';
import { realClock } from './session/clock.ts';
import { type HelperLeave, helperNotice } from './session/notices.ts';
import { Session, type SessionEngine, type Target } from './session/session.ts';
import { systemLanguages } from './settings/language.ts';
import { createSettings } from './settings/settings.ts';
import { createTerminals } from './terminal/terminals.ts';
import { errorText, type Said, ToldError } from './told.ts';

export interface InspectorOptions {
  readonly host: AppInfo['host'];
  readonly version: string;
  /** True where the host draws a menu. */
  readonly nativeMenu: boolean;
  /** Whether the host can replace itself by a newer release; without it, it cannot. */
  readonly updatesItself?: boolean;
  /** The languages of the user, the preferred first, where the host knows them better than its environment does. */
  readonly languages?: () => readonly string[];
  /** Told of the settings at the start, and when they have changed. */
  readonly onSettings?: (settings: Settings) => void;
}

export interface Inspector extends Handlers {
  /** Keeps a fault of ours in the log, for whoever looks for its reason. */
  fault(error: unknown): void;
  /** Ends all sessions and what they started. */
  close(): Promise<void>;
}

/** Fails a request with a code of the contract. */
function failure(code: string, text: string | Said): Error {
  return Object.assign(new ToldError(text), { code });
}

const noEngine = (): Error => failure('endpoint', () => t('There is no engine here. Choose one.'));

/** The recording stands in `resources`, beside `out` (built) and beside `src` (in tests). */
async function readDemo(): Promise<Snapshot> {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < 6; level++) {
    const text = await readFile(join(folder, 'resources', 'demo-snapshot.json'), 'utf8').catch(() => null);
    if (text !== null) {
      const decoded = decodeSnapshot(text);
      if (!decoded.ok) throw failure('demo', decoded.message);
      return { ...decoded.snapshot, demo: true };
    }
    folder = dirname(folder);
  }
  throw failure('demo', () =>
    t('The recorded snapshot is missing: resources/demo-snapshot.json. Install Bulkhead again.'),
  );
}

/** A connection of its own to the endpoint's engine; null for this machine without one. */
async function connectEngine(id: string): Promise<Connection | null> {
  if (id === 'demo') {
    throw failure('endpoint', () => t('This is a recording: nothing can be done to it. Choose an engine.'));
  }
  if (id === 'local') return null;
  const endpoint = await resolveEndpoint(realSystem(), id);
  if (!endpoint.ok) throw failure('endpoint', () => endpoint.reason);
  return connect(endpoint.endpoint);
}

/** Does one thing with the endpoint's engine; null for this machine without one. */
async function withEngine<T>(id: string, use: (where: Place) => Promise<T>): Promise<T> {
  const connection = await connectEngine(id);
  if (connection === null) return use(null);
  try {
    const client = new EngineClient(connection);
    return await use({ client, engine: await client.describe() });
  } finally {
    connection.close();
  }
}

const watching = { purpose: 'probe', rights: READING, life: LINE_LIFE } as const;

/** An engine for a session: the client with its connection, and the probe in a helper of it. */
function sessionEngine(connection: Connection): SessionEngine {
  const client = new EngineClient(connection);
  return {
    describe: () => client.describe(),
    get withheld() {
      return client.withheld;
    },
    ping: () => client.ping(),
    events: (onEvent, onEnd, signal) => client.events(onEvent, onEnd, signal),
    removeLeftovers: () => removeLeftovers(client),
    containers: () => client.containers(),
    container: (container) => client.container(container),
    launch: (engine, args, privileged, listener) =>
      launchProbe({ client, engine }, { ...watching, args: () => args, privileged }, listener),
    close: () => connection.close(),
  };
}

async function targetOf(id: string): Promise<Target> {
  if (id === 'local') {
    return {
      type: 'local',
      launch: (args, listener) => launchProbe(null, { ...watching, args: () => args, privileged: false }, listener),
    };
  }
  const endpoint = await resolveEndpoint(realSystem(), id);
  if (!endpoint.ok) throw failure('endpoint', () => endpoint.reason);
  return { type: 'engine', connect: async () => sessionEngine(await connect(endpoint.endpoint)) };
}

/** The same handlers, with every failure in the log. What was asked, and what was answered, is in no log. */
function logged<T extends Handlers['request']>(request: T, log: Log | null): T {
  if (log === null) return request;
  const entries = Object.entries(request).map(([name, handle]) => [
    name,
    async (params: never) => {
      try {
        return await (handle as (params: never) => Promise<unknown>)(params);
      } catch (error) {
        log.write(
          `failed.${name}`,
          inEnglish(() => errorText(error)),
        );
        throw error;
      }
    },
  ]);
  return Object.fromEntries(entries) as T;
}

/** The second is the status' message, where it is one. */
type Listener = (event: SessionEvent, message?: Said) => void;

interface Shared {
  readonly session: Session;
  readonly listeners: Set<Listener>;
}

/** The backend: answers the whole contract, whatever host it runs in. One session per endpoint serves all subscribers. */
export function createInspector(options: InspectorOptions): Inspector {
  const sessions = new Map<string, Shared>();
  const closing = new Set<Promise<void>>();
  /** Endpoints whose reading helpers may be privileged: the user has said so since this start. */
  const privileged = new Set<string>();
  const settings = createSettings(realSystem());
  let languages = options.languages?.() ?? systemLanguages(realSystem());
  const use = (kept: Settings): void => {
    // A command has its language already, and programs are always answered in English.
    const before = language();
    if (options.host !== 'cli') setLanguage(kept.language === 'system' ? spoken(languages) : kept.language);
    if (language() !== before) for (const { session } of sessions.values()) session.sayAgain();
    options.onSettings?.(kept);
  };
  void settings.get().then(use);
  // A command says all on stderr.
  const log = options.host === 'cli' ? null : createLog(realSystem());
  log?.write('start', `${options.version}, ${options.host}, ${process.platform}, ${runtimeOf().join(', ')}`);

  async function about(): Promise<About> {
    return {
      version: options.version,
      runtime: runtimeOf(),
      probes: await probesOf(),
      settingsFile: settings.file,
      logFile: log?.file ?? null,
    };
  }

  async function diagnostics(shown: string | null): Promise<string> {
    let status: SessionStatus | null = null;
    let snapshot: Snapshot | null = null;
    sessions.get(shown ?? '')?.session.greet((event) => {
      if (event.type === 'status') status = event.status;
      if (event.type === 'snapshot') snapshot = event.snapshot;
    });
    return diagnosticsText({
      about: await about(),
      host: options.host,
      settings: await settings.get(),
      settingsProblem: (await settings.problem()) !== null,
      endpoints: await discoverEndpoints({ system: realSystem() }),
      shown,
      status,
      snapshot,
      log: log?.recent ?? [],
    });
  }

  async function changeSettings(change: SettingsChange): Promise<Settings> {
    const kept = await settings.change(change);
    log?.write('settings', Object.keys(change).join(', '));
    for (const [id, { session }] of sessions) {
      session.setHelper(await helperLeave(id));
      session.setInterval(kept.interval * 1_000);
    }
    use(kept);
    return kept;
  }

  /** Who types a command has asked for what it does; a page asks before the first helper starts. */
  async function helperLeave(endpoint: string): Promise<HelperLeave> {
    if (options.host === 'cli' || endpoint === 'local') return 'granted';
    const { helper } = await settings.get();
    if (helper.never.includes(endpoint)) return 'never';
    return helper.agreed ? 'granted' : 'unasked';
  }

  /** @throws an Error for people where no helper may run */
  async function requireHelper(endpoint: string): Promise<void> {
    const leave = await helperLeave(endpoint);
    if (leave !== 'granted') throw failure('helper', () => helperNotice(leave).message);
  }

  async function decideHelper(endpoint: string, allow: boolean): Promise<Settings> {
    const { helper } = await settings.get();
    const others = helper.never.filter((id) => id !== endpoint);
    return changeSettings({
      helper: allow ? { agreed: true, never: others } : { ...helper, never: [...others, endpoint] },
    });
  }

  const details = createDetails({
    async connect(endpoint) {
      await requireHelper(endpoint);
      return connectEngine(endpoint);
    },
    snapshot: takeSnapshot,
    networks: (endpoint) => withEngine(endpoint, async (place) => (await place?.client.networks()) ?? []),
    privileged: (endpoint) => privileged.has(endpoint),
  });
  const terminals = createTerminals({
    connect: connectEngine,
    snapshot: takeSnapshot,
    engineSocketHolders: details.engineSocketHolders,
  });

  function open(id: string, target: Target, helper: HelperLeave, interval: number): Shared {
    const existing = sessions.get(id);
    if (existing !== undefined) return existing;
    const listeners = new Set<Listener>();
    let said = '';
    const session = new Session({
      target,
      clock: realClock,
      random: Math.random,
      privileged: privileged.has(id),
      helper,
      interval,
      emit: (event, message) => {
        if (event.type === 'status') {
          const { phase, notices } = event.status;
          const why = inEnglish(message ?? (() => ''));
          const text = [`${id}: ${why}`, ...notices.map(({ code }) => code)].join(' ');
          // The same failure at each try is one line.
          if (text !== said) log?.write(`session.${phase}`, text);
          said = text;
        }
        for (const listener of [...listeners]) listener(event, message);
      },
    });
    const shared = { session, listeners };
    sessions.set(id, shared);
    return shared;
  }

  function leave(id: string, shared: Shared, listener: Listener): void {
    shared.listeners.delete(listener);
    if (shared.listeners.size > 0 || sessions.get(id) !== shared) return;
    sessions.delete(id);
    const end = shared.session.close().finally(() => closing.delete(end));
    closing.add(end);
  }

  function subscribeSession(params: { endpoint: string }, emit: Listener): () => void {
    let ended = false;
    let end = (): void => {};
    const tell = (phase: 'live' | 'stale', message: Said): void =>
      emit(
        {
          type: 'status',
          status: { phase, message: message(), since: new Date().toISOString(), retryAt: null, notices: [] },
        },
        message,
      );
    const id = params.endpoint;
    void (async () => {
      try {
        if (id === 'demo') {
          const snapshot = await readDemo();
          if (ended) return;
          tell('live', () => t('A recording, not this machine.'));
          emit({ type: 'snapshot', snapshot });
          return;
        }
        const [target, helper, { interval }] = await Promise.all([targetOf(id), helperLeave(id), settings.get()]);
        if (ended) return;
        const shared = open(id, target, helper, interval * 1_000);
        shared.listeners.add(emit);
        shared.session.greet(emit);
        end = () => leave(id, shared, emit);
      } catch (error) {
        if (!ended) tell('stale', () => errorText(error));
      }
    })();
    return () => {
      if (ended) return;
      ended = true;
      end();
    };
  }

  function takeSnapshot(endpoint: string): Promise<Snapshot> {
    return new Promise((resolve, reject) => {
      let finished = false;
      let end = (): void => {};
      const finish = (run: () => void): void => {
        if (finished) return;
        finished = true;
        // After the subscription call has returned.
        queueMicrotask(() => end());
        run();
      };
      end = subscribeSession({ endpoint }, (event, message) => {
        if (event.type === 'snapshot') finish(() => resolve(event.snapshot));
        else if (event.type === 'status' && (event.status.phase === 'stale' || event.status.retryAt !== null)) {
          finish(() => reject(failure('endpoint', message ?? event.status.message)));
        }
      });
    });
  }

  return {
    fault(error) {
      log?.write('fault', error instanceof Error ? (error.stack ?? error.message) : String(error));
    },
    request: logged(
      {
        'app.info': async ({ languages: reader }) => {
          // A browser may be elsewhere, and its reader's languages are others than those of the shell that serves it.
          if (options.host === 'web' && reader !== undefined) {
            languages = reader;
            use(await settings.get());
          }
          return {
            version: options.version,
            host: options.host,
            platform: process.platform,
            nativeMenu: options.nativeMenu,
            updatesItself: options.updatesItself === true,
            systemLanguage: spoken(languages),
          };
        },
        'app.about': about,
        'app.licences': licences,
        'app.diagnostics': async ({ endpoint }) => ({ text: await diagnostics(endpoint) }),
        'endpoints.list': () => discoverEndpoints({ system: realSystem() }),
        'session.allow-privileged': async ({ endpoint }) => {
          privileged.add(endpoint);
          sessions.get(endpoint)?.session.allowPrivileged();
          return {};
        },
        'session.helper': ({ endpoint, allow }) => decideHelper(endpoint, allow),
        'settings.get': async () => ({
          settings: await settings.get(),
          file: settings.file,
          problem: await settings.problem(),
        }),
        'settings.change': ({ change }) => changeSettings(change),
        'snapshot.take': ({ endpoint, details: wanted }) =>
          wanted === true && endpoint !== 'demo' ? details.collect(endpoint) : takeSnapshot(endpoint),
        'export.png': async ({ svg, scale }) => {
          const { png, missing } = await renderPng(svg, scale);
          return { base64: Buffer.from(png).toString('base64'), missing };
        },
        'export.pdf': async ({ pages, takenAt }) => {
          const { pdf, missing } = await renderPdf(pages, takenAt);
          return { base64: Buffer.from(pdf).toString('base64'), missing };
        },
        detail: ({ endpoint, subject }) => details.read(endpoint, subject),
        'reach.try': ({ endpoint, net, destination }) => details.attempt(endpoint, net, destination),
        'usage.sample': ({ endpoint }) => details.usage(endpoint),
        'container.act': ({ endpoint, id, action }) =>
          withEngine(endpoint, async (where) => {
            if (where === null) throw noEngine();
            await where.client.act(id, action);
            return {};
          }),
        'container.environment': ({ endpoint, id }) =>
          withEngine(endpoint, async (where) => {
            if (where === null) throw noEngine();
            return { variables: await where.client.environment(id) };
          }),
        'process.signal': ({ endpoint, ...what }) =>
          withEngine(endpoint, async (where) => {
            await requireHelper(endpoint);
            await sendSignal(where, what, privileged.has(endpoint));
            return {};
          }),
        'terminal.input': async (params) => {
          await terminals.input(params);
          return {};
        },
        'terminal.resize': async (params) => {
          terminals.resize(params);
          return {};
        },
        'terminal.acknowledge': async (params) => {
          terminals.acknowledge(params);
          return {};
        },
      },
      log,
    ),
    subscribe: {
      session: subscribeSession,
      // A host with menus answers this itself, for each of its windows.
      'host.commands': () => () => {},
      terminal(params, emit) {
        let ended = false;
        let end = (): void => {};
        // What a container runs itself needs no helper.
        const leave = params.target.type === 'container' ? Promise.resolve() : requireHelper(params.endpoint);
        leave.then(
          () => {
            if (!ended) end = terminals.open(params, emit);
          },
          (error: unknown) => emit({ type: 'exit', code: null, message: errorText(error) }),
        );
        return () => {
          ended = true;
          end();
        };
      },
      wiring: details.wiring,
    },
    async close() {
      closing.add(terminals.close());
      closing.add(details.close());
      for (const [id, shared] of [...sessions]) {
        sessions.delete(id);
        closing.add(shared.session.close());
      }
      await Promise.all(closing);
      log?.write('end');
    },
  };
}
