import * as z from 'zod';
import { attemptSchema, destinationSchema } from '#core/answer/attempt.ts';
import { detailSchema, subjectSchema } from '#core/detail/detail.ts';
import { patchSchema } from '#core/diff/patch.ts';
import { drawingSchema } from '#core/export/drawing.ts';
import { toldSchema } from '#core/recording/happening.ts';
import { CONTAINER_ID, CONTAINER_NAME, namespaceIdSchema, startTimeSchema } from '#core/snapshot/id-schemas.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import { engineSchema, snapshotSchema } from '#core/snapshot/snapshot.ts';
import { usageSampleSchema } from '#core/usage/schema.ts';
import { wiringEventSchema } from '#core/wiring/reading.ts';
import { LANGUAGES } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
import { aboutSchema, licencesSchema } from './about.ts';
import { COMMANDS, type CommandId } from './commands.ts';
import { settingsChangeSchema, settingsSchema } from './settings.ts';

/**
 * The one contract between the UI and the inspector, whatever lies between them: Electron IPC, a WebSocket, or nothing.
 * Every request and every event is validated where it arrives.
 */
export const CONTRACT_VERSION = 1;

export const appInfoSchema = z.object({
  version: z.string(),
  /** Which host runs the inspector: it states its abilities as values, nobody sniffs it. */
  host: z.enum(['electron', 'web', 'cli']),
  /** Node's process.platform of the inspector. */
  platform: z.string(),
  /** True where the host has a menu of its own, so that the page draws none. */
  nativeMenu: z.boolean(),
  /** Whether this installation can replace itself by a newer release. */
  updatesItself: z.boolean(),
  /** What the inspector speaks where the user has chosen no language, and the page with it. */
  systemLanguage: z.enum(LANGUAGES),
});

/** An engine (or this machine, or the recording) that the user may choose, and whether it can be used. */
export const endpointReportSchema = z.object({
  /** Stable for the same endpoint: `local`, `demo`, or the address. */
  id: z.string(),
  /** The context's name where there is one, else the product's, else the address. */
  name: z.string(),
  type: z.enum(['engine', 'local', 'demo']),
  /** In Docker's notation; null for local and demo. */
  address: z.string().nullable(),
  /** Where it was found, for example `context desktop-linux`, `DOCKER_HOST`, `well-known socket`. */
  sources: z.array(z.string()),
  /** True for the one that the docker command line would use now. */
  current: z.boolean(),
  usable: z.boolean(),
  /** Why not, and what to do; null when usable. */
  reason: z.string().nullable(),
  /** What the engine says of itself; null when it could not be asked. */
  engine: engineSchema.nullable(),
});

/** What the user should know about the connection at this moment. */
export const sessionStatusSchema = z.object({
  phase: z.enum(['connecting', 'live', 'stale']),
  /** One sentence, for example `The engine does not answer: connection refused.` */
  message: z.string(),
  /** ISO 8601: since when the phase lasts. */
  since: z.string(),
  /** ISO 8601: when the next try starts; null when none is planned. */
  retryAt: z.string().nullable(),
  /** What is missing from the picture and what the user may do; each a sentence or two. */
  notices: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['notice', 'warning']),
      message: z.string(),
      advice: z.string(),
      /** What the user may agree to: `session.allow-privileged` or `session.helper` does it. */
      action: z.enum(['privileged-helper', 'helper']).optional(),
    }),
  ),
});

export const sessionEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), status: sessionStatusSchema }),
  z.object({ type: z.literal('snapshot'), snapshot: snapshotSchema }),
  z.object({ type: z.literal('change'), patch: patchSchema }),
  /** What the engine told, whether or not a change shows anything of it. */
  z.object({ type: z.literal('event'), event: toldSchema }),
  /** Nothing changed, and that was checked at this time. */
  z.object({ type: z.literal('alive'), takenAt: z.string(), durationMs: z.number(), cpuMs: z.number() }),
]);

/** Commands of the host's own menus; the page runs them as its own. */
export const hostCommandSchema = z.object({
  command: z.enum(COMMANDS.map(({ id }) => id) as [CommandId, ...CommandId[]]),
  /** With `open`: the file that the system asked the host to open. Without one the user chooses. */
  file: z
    .object({
      name: z.string(),
      /** Where the page fetches it, once: a message of this contract could not hold a large one. */
      address: z.string(),
    })
    .optional(),
  /** With `find`: the name or id of the container that a link of the system leads to. */
  container: z.string().regex(CONTAINER_NAME).optional(),
});

/** Where a terminal's program runs. */
export const terminalTargetSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('container'),
    /** An id or a name, as engines allow names. */
    id: z.string().regex(CONTAINER_NAME),
    /** As `docker exec --user`; empty for the container's own. */
    user: z.string(),
    /** Empty for a shell. */
    command: z.array(z.string()),
  }),
  /** The namespaces of a process, as nsenter(1) joins them: as root of the VM, outside what confines containers. */
  z.object({
    type: z.literal('enter'),
    pid: z.int().positive(),
    /** With the pid the identity: another process that got the same pid is refused. */
    startTime: startTimeSchema,
    /** Those to join; the others stay the VM's. */
    namespaces: z.array(z.enum(NAMESPACE_KINDS)),
    /** Take the target's root directory; without it, the VM's. */
    root: z.boolean(),
    user: z.enum(['root', 'target']),
    command: z.array(z.string()),
  }),
  /** The VM itself: the tree of its init, or that of its engine, where they differ. */
  z.object({ type: z.literal('vm'), tree: z.enum(['init', 'engine']), command: z.array(z.string()) }),
]);

const terminalSize = { columns: z.int().min(1).max(1_000), rows: z.int().min(1).max(1_000) };

export const terminalEventSchema = z.discriminatedUnion('type', [
  /** Said before the program starts: what of the target's confinement it does not have. */
  z.object({ type: z.literal('notice'), message: z.string() }),
  z.object({
    type: z.literal('opened'),
    /** Names the terminal in requests. */
    terminal: z.string(),
    /** What a user would type for the same. */
    command: z.string(),
  }),
  /** Bytes as the program wrote them, in base64: a character may be split between two events. */
  z.object({ type: z.literal('output'), data: z.base64() }),
  z.object({
    type: z.literal('exit'),
    /** The program's; null when it could not be started, or was lost. */
    code: z.int().nullable(),
    /** Why, and what to do; empty where the code says it all. */
    message: z.string(),
  }),
]);

/** As engines print it whole: it becomes part of a path. */
const containerIdSchema = z
  .string()
  .regex(CONTAINER_ID, { error: () => t('is not a container id (64 hexadecimal digits)') });

/** What may be done to a container; nothing else is ever changed. */
export const CONTAINER_ACTIONS = ['start', 'pause', 'unpause', 'stop', 'restart', 'remove'] as const;

/** The signals that are offered, with the numbers that amd64 and arm64 share. Source: signal(7). */
export const SIGNALS = { HUP: 1, INT: 2, QUIT: 3, KILL: 9, USR1: 10, USR2: 12, TERM: 15, CONT: 18, STOP: 19 } as const;

export type SignalName = keyof typeof SIGNALS;

/** Output that a terminal may send before any of it is acknowledged, in bytes: what a screen can show many times over. */
export const TERMINAL_WINDOW = 512 * 1024;

/** The longest piece of input in one request, in bytes. */
export const TERMINAL_INPUT = 16 * 1024;

const empty = z.object({});

/** Requests: one answer each. */
export const requests = {
  /** `languages`: those of the page's reader, the preferred first. In a browser they are what `system` means. */
  'app.info': { params: z.object({ languages: z.array(z.string()).exactOptional() }), result: appInfoSchema },
  'app.about': { params: empty, result: aboutSchema },
  'app.licences': { params: empty, result: licencesSchema },
  /** What helps to find a fault, for a report: no names, no addresses, no texts of others. `endpoint`: the one that is shown. */
  'app.diagnostics': {
    params: z.object({ endpoint: z.string().nullable() }),
    result: z.object({ text: z.string() }),
  },
  'endpoints.list': { params: empty, result: z.array(endpointReportSchema) },
  /** The user agrees that, until Bulkhead ends, helpers of this endpoint that only read may be privileged. */
  'session.allow-privileged': { params: z.object({ endpoint: z.string() }), result: empty },
  /** The user lets the helper run, from now on and in all engines; or never in this one. Both are kept. */
  'session.helper': { params: z.object({ endpoint: z.string(), allow: z.boolean() }), result: settingsSchema },
  /** What the user has chosen, the file that holds it, and what of that file was not understood; null when all was. */
  'settings.get': {
    params: empty,
    result: z.object({ settings: settingsSchema, file: z.string(), problem: z.string().nullable() }),
  },
  /** Changes what is given. It counts at once, in every session. */
  'settings.change': { params: z.object({ change: settingsChangeSchema }), result: settingsSchema },
  /** One full scan of the endpoint; with `details` also what can be read on request, of everything. */
  'snapshot.take': {
    params: z.object({ endpoint: z.string(), details: z.boolean().optional() }),
    result: snapshotSchema,
  },
  /** Draws an SVG of ours into a PNG; `missing` are the characters that no font here has a shape for. */
  'export.png': {
    params: z.object({ svg: z.string(), scale: z.union([z.literal(1), z.literal(2), z.literal(4)]) }),
    result: z.object({ base64: z.string(), missing: z.string() }),
  },
  /** Draws each drawing as a page of a PDF; `takenAt` (ISO 8601) is its date. */
  'export.pdf': {
    params: z.object({ pages: z.array(drawingSchema).readonly(), takenAt: z.string() }),
    result: z.object({ base64: z.string(), missing: z.string() }),
  },
  /** What a namespace, a process or its cgroup holds now. Nothing of it is kept: whoever looks asks again. */
  detail: { params: z.object({ endpoint: z.string(), subject: subjectSchema }), result: detailSchema },
  /** One real attempt to connect, from inside a network namespace. */
  'reach.try': {
    params: z.object({ endpoint: z.string(), net: namespaceIdSchema, destination: destinationSchema }),
    result: attemptSchema,
  },
  /** What everything has used so far: processors, memory, storage. Two samples tell how fast. */
  'usage.sample': { params: z.object({ endpoint: z.string() }), result: usageSampleSchema },
  /** One of `docker start|pause|…`; answered when the engine has done it. `remove` is by force. */
  'container.act': {
    params: z.object({ endpoint: z.string(), id: containerIdSchema, action: z.enum(CONTAINER_ACTIONS) }),
    result: empty,
  },
  /** What a container's processes are started with; asked for on request only, and in no snapshot: it may hold secrets. */
  'container.environment': {
    params: z.object({ endpoint: z.string(), id: containerIdSchema }),
    result: z.object({ variables: z.array(z.object({ name: z.string(), value: z.string() })) }),
  },
  /** Sends a signal to exactly that process, by its outer pid: one that has ended meanwhile is an error. */
  'process.signal': {
    params: z.object({
      endpoint: z.string(),
      pid: z.int().positive(),
      startTime: startTimeSchema,
      signal: z.enum(Object.keys(SIGNALS) as [SignalName, ...SignalName[]]),
    }),
    result: empty,
  },
  /** Answered when the input is on its way: whoever waits for that before the next piece overruns nobody. */
  'terminal.input': {
    params: z.object({
      terminal: z.string(),
      data: z.base64().max(Math.ceil(TERMINAL_INPUT / 3) * 4),
    }),
    result: empty,
  },
  'terminal.resize': { params: z.object({ terminal: z.string(), ...terminalSize }), result: empty },
  /** So many bytes of output have been shown. */
  'terminal.acknowledge': {
    params: z.object({ terminal: z.string(), bytes: z.int().positive() }),
    result: empty,
  },
} as const;

/** Subscriptions: events until the subscriber or the port ends. */
export const subscriptions = {
  /** First a status, then a snapshot as soon as there is one, then changes. Patches apply in order. */
  session: { params: z.object({ endpoint: z.string() }), event: sessionEventSchema },
  'host.commands': { params: empty, event: hostCommandSchema },
  /** The settings, whenever they have been changed, in this window or another: told before the change is answered. */
  settings: { params: empty, event: settingsSchema },
  /**
   * A program with a terminal of its own; it ends with the subscription, whoever ends that. First `notice`s and `opened`, last `exit`.
   * Output stops at TERMINAL_WINDOW bytes that were not acknowledged.
   */
  terminal: {
    params: z.object({ endpoint: z.string(), target: terminalTargetSchema, ...terminalSize }),
    event: terminalEventSchema,
  },
  /** The links of all network namespaces, looked at once: parts as they are read, then `end`. */
  wiring: { params: z.object({ endpoint: z.string() }), event: wiringEventSchema },
} as const;

export type AppInfo = z.infer<typeof appInfoSchema>;
export type EndpointReport = z.infer<typeof endpointReportSchema>;
export type SessionStatus = z.infer<typeof sessionStatusSchema>;
export type SessionEvent = z.infer<typeof sessionEventSchema>;
export type TerminalTarget = z.infer<typeof terminalTargetSchema>;
export type TerminalEvent = z.infer<typeof terminalEventSchema>;
export type HostCommand = z.infer<typeof hostCommandSchema>;

export type RequestName = keyof typeof requests;
export type RequestParams<N extends RequestName> = z.infer<(typeof requests)[N]['params']>;
export type RequestResult<N extends RequestName> = z.infer<(typeof requests)[N]['result']>;
export type SubscriptionName = keyof typeof subscriptions;
export type SubscriptionParams<N extends SubscriptionName> = z.infer<(typeof subscriptions)[N]['params']>;
export type SubscriptionEvent<N extends SubscriptionName> = z.infer<(typeof subscriptions)[N]['event']>;

/** An error as it crosses a port: plain data. `code` is stable, `message` is for people and says what to do. */
export const wireErrorSchema = z.object({ code: z.string(), message: z.string() });
export type WireError = z.infer<typeof wireErrorSchema>;

/**
 * What the inspector offers and every host serves. A handler throws an Error with a `code` property to fail.
 * `subscribe` returns the function that ends the subscription; it must be safe to call twice.
 */
export interface Handlers {
  readonly request: { readonly [N in RequestName]: (params: RequestParams<N>) => Promise<RequestResult<N>> };
  readonly subscribe: {
    readonly [N in SubscriptionName]: (
      params: SubscriptionParams<N>,
      emit: (event: SubscriptionEvent<N>) => void,
    ) => () => void;
  };
}

/** What the page holds: the same calls, through a port. */
export interface Client {
  request<N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>>;
  subscribe<N extends SubscriptionName>(
    name: N,
    params: SubscriptionParams<N>,
    onEvent: (event: SubscriptionEvent<N>) => void,
    /** Called once when the subscription ends by itself: the port closed or the other side failed. */
    onEnd?: (error: WireError) => void,
  ): () => void;
  close(): void;
}

/** The transport: text messages in order, and an end. Nothing else is needed of Electron or a WebSocket. */
export interface Port {
  send(message: string): void;
  onMessage(listener: (message: string) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
