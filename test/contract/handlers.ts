import type { Handlers, HostCommand, SessionEvent, TerminalEvent } from '#api/contract.ts';
import { DEFAULT_SETTINGS, type Settings } from '#api/settings.ts';
import { SNAPSHOT_FORMAT, SNAPSHOT_VERSION, type Snapshot } from '#core/snapshot/snapshot.ts';

const NO_NAMESPACES = { mnt: null, pid: null, net: null, ipc: null, uts: null, user: null, cgroup: null, time: null };

/** The smallest snapshot there is, with texts that no transport may change. */
export const SNAPSHOT: Snapshot = {
  format: SNAPSHOT_FORMAT,
  version: SNAPSHOT_VERSION,
  takenAt: '2026-11-24T00:00:00.000Z',
  demo: true,
  engine: null,
  host: {
    hostname: 'line\u2028separator "quotes" </script> \u{1F6A2}',
    kernel: '6.1',
    arch: 'x86_64',
    bootId: null,
    bootTime: null,
    clockTicks: 100,
    role: 'vm',
    what: 'a VM',
    because: 'a test says so',
    memory: null,
    cpus: null,
    cgroupVersion: null,
    lsms: null,
    initial: NO_NAMESPACES,
    namespaces: NO_NAMESPACES,
  },
  probe: null,
  processes: [],
  namespaces: [],
  containers: [],
};

export interface ScriptedHandlers {
  readonly handlers: Handlers;
  /** Says a menu command to every subscriber. */
  command(command: HostCommand['command']): void;
  /** Says a session event to every subscriber. */
  session(event: SessionEvent): void;
  /** Open subscriptions. */
  open(): number;
}

/** Handlers with known answers, for trying transports. */
export function createScriptedHandlers(): ScriptedHandlers {
  const commands = new Set<(event: HostCommand) => void>();
  const sessions = new Set<(event: SessionEvent) => void>();
  const terminals = new Set<(event: TerminalEvent) => void>();
  const changes = new Set<(event: Settings) => void>();
  const join = <E>(set: Set<(event: E) => void>, emit: (event: E) => void): (() => void) => {
    set.add(emit);
    return () => {
      set.delete(emit);
    };
  };
  return {
    handlers: {
      request: {
        'app.info': async () => ({
          version: '0.0.0',
          host: 'cli',
          platform: 'linux',
          nativeMenu: false,
          updatesItself: false,
          systemLanguage: 'en',
        }),
        'app.about': async () => ({
          version: '0.0.0',
          runtime: ['Node.js 20'],
          probes: [{ arch: 'amd64' as const, sha256: 'ab', bytes: 1 }],
          settingsFile: '/settings.json',
          logFile: null,
        }),
        'app.licences': async () => [{ title: 'MIT', text: 'as is\n' }],
        'app.diagnostics': async ({ endpoint }) => ({ text: `of ${endpoint}` }),
        'endpoints.list': async () => [],
        'session.allow-privileged': async () => ({}),
        'session.helper': async () => DEFAULT_SETTINGS,
        'settings.get': async () => ({ settings: DEFAULT_SETTINGS, file: '/settings.json', problem: null }),
        'settings.change': async ({ change }) => {
          const settings = { ...DEFAULT_SETTINGS, ...change };
          for (const emit of [...changes]) emit(settings);
          return settings;
        },
        'snapshot.take': async ({ endpoint }) => {
          if (endpoint === 'demo') return SNAPSHOT;
          throw Object.assign(new Error(`No endpoint ${endpoint}. Choose another one.`), { code: 'endpoint-unknown' });
        },
        'export.png': async ({ svg }) => ({ base64: svg, missing: svg.slice(0, 6) }),
        'export.pdf': async ({ pages, takenAt }) => ({ base64: JSON.stringify(pages), missing: takenAt }),
        'terminal.input': async ({ data }) => {
          // As a terminal does: what is typed is shown.
          for (const emit of [...terminals]) emit({ type: 'output', data });
          return {};
        },
        'terminal.resize': async () => ({}),
        'container.act': async () => ({}),
        'container.environment': async () => ({ variables: [{ name: 'A', value: 'b' }] }),
        detail: async () => ({ kind: 'uts' as const, hostname: 'h', domainname: 'd' }),
        'reach.try': async () => ({ connected: false, error: 'Connection refused' }),
        'usage.sample': async () => {
          throw new Error('not measured here');
        },
        'process.signal': async () => ({}),
        'terminal.acknowledge': async () => ({}),
      },
      subscribe: {
        session: (_params, emit) => join(sessions, emit),
        'host.commands': (_params, emit) => join(commands, emit),
        settings: (_params, emit) => join(changes, emit),
        terminal: ({ target }, emit) => {
          emit({ type: 'opened', terminal: target.type, command: 'sh' });
          return join(terminals, emit);
        },
        wiring: (_params, emit) => {
          emit({ type: 'part', nets: [], total: 0 });
          emit({ type: 'end', problem: null });
          return () => {};
        },
      },
    },
    command: (command) => {
      for (const emit of [...commands]) emit({ command });
    },
    session: (event) => {
      for (const emit of [...sessions]) emit(event);
    },
    open: () => commands.size + sessions.size + terminals.size + changes.size,
  };
}
