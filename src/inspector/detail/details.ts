import type * as z from 'zod';
import type { Attempt, Destination } from '#core/answer/attempt.ts';
import type { Detail, Subject, subjectSchema } from '#core/detail/detail.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import type { UsageSample } from '#core/usage/schema.ts';
import type { NetworkFacts } from '#core/wiring/network-facts.ts';
import type { WiringEvent } from '#core/wiring/reading.ts';
import { inEnglish } from '#core/words/language.ts';
import type { Connection } from '../engine/connection.ts';
import { errorText } from '../told.ts';
import { tryConnect } from './attempt.ts';
import { collectDetails } from './collect.ts';
import { engineSocketHolders } from './engine-socket.ts';
import { limitsOf } from './limits.ts';
import { namespaceDetail } from './namespace.ts';
import type { Speak } from './network.ts';
import { readProcess } from './process.ts';
import { createService, openLine, type Service } from './service.ts';
import { readUsage } from './usage.ts';
import { readWiring } from './wiring.ts';

/** After so long without a question the helper is ended. */
const IDLE_MS = 60_000;

async function answer(service: Service, snapshot: Snapshot, subject: Subject, speak: Speak): Promise<Detail> {
  if (subject.type === 'namespace') return namespaceDetail(service, snapshot, subject.id, speak);
  const { pid, startTime } = subject;
  if (subject.type === 'limits') return limitsOf(service, snapshot, pid, startTime);
  return readProcess(service, snapshot, pid, startTime);
}

export interface DetailsOptions {
  /** The engine's networks; none where it does not tell them. */
  networks?(endpoint: string): Promise<readonly NetworkFacts[]>;
  connect(endpoint: string): Promise<Connection | null>;
  snapshot(endpoint: string): Promise<Snapshot>;
  /** True when the user agreed that the endpoint's helpers may be privileged. */
  privileged(endpoint: string): boolean;
  /** Starts what answers; given by tests. */
  start?(connection: Connection | null, onEnd: () => void, privileged: boolean): Promise<Service>;
}

export interface Details {
  read(endpoint: string, subject: z.infer<typeof subjectSchema>): Promise<Detail>;
  /** A snapshot with all that can be read on request. */
  collect(endpoint: string): Promise<Snapshot>;
  /** One real attempt to connect, from inside a network namespace. */
  attempt(endpoint: string, net: string, destination: Destination): Promise<Attempt>;
  /** What everything has used so far. */
  usage(endpoint: string): Promise<UsageSample>;
  /** Looks at all network namespaces once and tells as it goes on; the returned function ends that. */
  wiring(params: { readonly endpoint: string }, emit: (event: WiringEvent) => void): () => void;
  /** The pids of those that hold the engine's own socket, where several may be the engine; empty where that is unknown. */
  engineSocketHolders(endpoint: string, snapshot: Snapshot): Promise<ReadonlySet<number>>;
  close(): Promise<void>;
}

function startService(connection: Connection | null, onEnd: () => void, privileged: boolean): Promise<Service> {
  return createService((onOutput, onLineEnd) => openLine(connection, privileged, onOutput, onLineEnd), onEnd);
}

interface Entry {
  service: Promise<Service>;
  idle: NodeJS.Timeout | undefined;
}

/** Looks into namespaces and processes on request; one helper an endpoint, only while somebody asks. */
export function createDetails({
  connect,
  snapshot,
  networks,
  privileged,
  start = startService,
}: DetailsOptions): Details {
  const entries = new Map<string, Entry>();
  /** The networks of each endpoint, asked for anew when containers are in others than before. */
  const networksBy = new Map<string, { readonly used: string; readonly known: Promise<readonly NetworkFacts[]> }>();

  function networksOf(endpoint: string, { containers }: Snapshot): Promise<readonly NetworkFacts[]> {
    const ids = containers.flatMap((container) => container.networks.map(({ id, name }) => id ?? name));
    const used = [...new Set(ids)].sort().join(' ');
    const before = networksBy.get(endpoint);
    if (before?.used === used) return before.known;
    // Wiring can be shown without their subnets.
    const known = networks?.(endpoint).catch(() => []) ?? Promise.resolve([]);
    networksBy.set(endpoint, { used, known });
    return known;
  }

  /** Another one may have its place by now: that one stays. */
  function forget(endpoint: string, entry: Entry): void {
    clearTimeout(entry.idle);
    if (entries.get(endpoint) === entry) entries.delete(endpoint);
  }

  function end(endpoint: string, entry: Entry): Promise<void> {
    forget(endpoint, entry);
    return entry.service.then(
      (service) => service.close(),
      () => {},
    );
  }

  function begin(endpoint: string): Entry {
    const entry: Entry = {
      service: Promise.resolve()
        .then(() => connect(endpoint))
        .then((connection) => start(connection, () => forget(endpoint, entry), privileged(endpoint))),
      idle: undefined,
    };
    entries.set(endpoint, entry);
    // One that could not be started is tried again by the next question.
    entry.service.catch(() => forget(endpoint, entry));
    return entry;
  }

  function serviceOf(endpoint: string): Promise<Service> {
    const entry = entries.get(endpoint) ?? begin(endpoint);
    awake(endpoint, entry);
    return entry.service;
  }

  function awake(endpoint: string, entry: Entry): void {
    clearTimeout(entry.idle);
    entry.idle = setTimeout(() => void end(endpoint, entry), IDLE_MS);
    entry.idle.unref();
  }

  return {
    async read(endpoint, subject) {
      const [service, moment] = await Promise.all([serviceOf(endpoint), snapshot(endpoint)]);
      return answer(service, moment, subject, (say) => say());
    },
    async collect(endpoint) {
      const [service, moment] = await Promise.all([serviceOf(endpoint), snapshot(endpoint)]);
      const ask: Service['ask'] = (words, onPart) => {
        // Many questions take their time: the helper is at work all the while.
        const entry = entries.get(endpoint);
        if (entry !== undefined) awake(endpoint, entry);
        return service.ask(words, onPart);
      };
      const asked = { ...service, ask };
      const details = await collectDetails(
        ask,
        moment,
        (subject) => answer(asked, moment, subject, inEnglish),
        () => networksOf(endpoint, moment),
      );
      return { ...moment, details };
    },
    async attempt(endpoint, net, destination) {
      const [service, moment] = await Promise.all([serviceOf(endpoint), snapshot(endpoint)]);
      return tryConnect(service, moment, net, destination);
    },
    async usage(endpoint) {
      const [service, moment] = await Promise.all([serviceOf(endpoint), snapshot(endpoint)]);
      return readUsage(service, moment);
    },
    wiring({ endpoint }, emit) {
      let ended = false;
      const tell = (event: WiringEvent): void => {
        if (!ended) emit(event);
      };
      void (async () => {
        try {
          const [service, moment] = await Promise.all([serviceOf(endpoint), snapshot(endpoint)]);
          const told = networksOf(endpoint, moment).then((known) => tell({ type: 'networks', networks: known }));
          await readWiring(service, moment, (nets, total) => tell({ type: 'part', nets, total }));
          await told;
          tell({ type: 'end', problem: null });
        } catch (error) {
          tell({ type: 'end', problem: errorText(error) });
        }
      })();
      return () => {
        ended = true;
      };
    },
    engineSocketHolders: (endpoint, moment) =>
      // Where it cannot be asked, what the processes say of themselves must do.
      engineSocketHolders(() => serviceOf(endpoint), moment).catch(() => new Set()),
    async close() {
      await Promise.all([...entries].map(([endpoint, entry]) => end(endpoint, entry)));
    },
  };
}
