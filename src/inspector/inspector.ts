import type { About } from '#api/about.ts';
import type { AppInfo, Handlers } from '#api/contract.ts';
import type { Settings, SettingsChange } from '#api/settings.ts';
import { inEnglish, language, setLanguage, spoken } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
import { licences, probesOf, runtimeOf } from './about/about.ts';
import { diagnosticsText } from './about/diagnostics.ts';
import { sendSignal } from './actions.ts';
import { createDetails } from './detail/details.ts';
import { discoverEndpoints } from './endpoint/discover.ts';
import { realSystem } from './endpoint/system.ts';
import { failure } from './failure.ts';
import { createLog, type Log } from './log/log.ts';
import { connectEngine, withEngine } from './place.ts';
import { renderPdf } from './render/pdf.ts';
import { renderPng } from './render/png.ts';
import { type HelperLeave, helperNotice } from './session/notices.ts';
import { createSessions } from './session/sessions.ts';
import { systemLanguages } from './settings/language.ts';
import { createSettings } from './settings/settings.ts';
import { createTerminals } from './terminal/terminals.ts';
import { errorText } from './told.ts';

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

const noEngine = (): Error => failure('endpoint', () => t('There is no engine here. Choose one.'));

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

/** The backend: answers the whole contract, whatever host it runs in. One session per endpoint serves all subscribers. */
export function createInspector(options: InspectorOptions): Inspector {
  /** Endpoints whose reading helpers may be privileged: the user has said so since this start. */
  const privileged = new Set<string>();
  const settings = createSettings(realSystem());
  const settingsListeners = new Set<(settings: Settings) => void>();
  let languages = options.languages?.() ?? systemLanguages(realSystem());
  const use = (kept: Settings): void => {
    // A command has its language already, and programs are always answered in English.
    const before = language();
    if (options.host !== 'cli') setLanguage(kept.language === 'system' ? spoken(languages) : kept.language);
    if (language() !== before) sessions.sayAgain();
    options.onSettings?.(kept);
  };
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
    return diagnosticsText({
      about: await about(),
      host: options.host,
      settings: await settings.get(),
      settingsProblem: (await settings.problem()) !== null,
      endpoints: await discoverEndpoints({ system: realSystem() }),
      shown,
      ...sessions.shown(shown),
      log: log?.recent ?? [],
    });
  }

  async function changeSettings(change: SettingsChange): Promise<Settings> {
    const kept = await settings.change(change);
    log?.write('settings', Object.keys(change).join(', '));
    // In the order of the changes: nothing is waited for before all windows know.
    use(kept);
    for (const listener of [...settingsListeners]) listener(kept);
    await sessions.settingsChanged();
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

  const sessions = createSessions({
    log,
    helperLeave,
    interval: async () => (await settings.get()).interval * 1_000,
    privileged: (endpoint) => privileged.has(endpoint),
  });
  void settings.get().then(use);
  const details = createDetails({
    async connect(endpoint) {
      await requireHelper(endpoint);
      return connectEngine(endpoint);
    },
    snapshot: sessions.take,
    networks: (endpoint) => withEngine(endpoint, async (place) => (await place?.client.networks()) ?? []),
    privileged: (endpoint) => privileged.has(endpoint),
  });
  const terminals = createTerminals({
    connect: connectEngine,
    snapshot: sessions.take,
    engineSocketHolders: details.engineSocketHolders,
  });

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
          sessions.allowPrivileged(endpoint);
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
          wanted === true && endpoint !== 'demo' ? details.collect(endpoint) : sessions.take(endpoint),
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
      session: sessions.subscribe,
      // A host with menus answers this itself, for each of its windows.
      'host.commands': () => () => {},
      settings(_params, emit) {
        // A function of its own for each: the same one may listen twice.
        const listener = (kept: Settings): void => emit(kept);
        settingsListeners.add(listener);
        return () => settingsListeners.delete(listener);
      },
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
      await Promise.all([terminals.close(), details.close(), sessions.close()]);
      log?.write('end');
    },
  };
}
