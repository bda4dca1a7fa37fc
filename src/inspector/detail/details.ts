import type * as z from 'zod';
import type { Detail, Subject, subjectSchema } from '#core/detail/detail.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import type { Connection } from '../engine/connection.ts';
import { limitsOf } from './limits.ts';
import { namespaceDetail } from './namespace.ts';
import { readProcess } from './process.ts';
import { createService, type OpenLine, openHelper, openHere, type Service } from './service.ts';

/** Nobody has asked for so long: the helper is ended. */
const IDLE_MS = 60_000;

async function answer(service: Service, snapshot: Snapshot, subject: Subject): Promise<Detail> {
  if (subject.type === 'namespace') return namespaceDetail(service, snapshot, subject.id);
  const { pid, startTime } = subject;
  if (subject.type === 'walls') return limitsOf(service, snapshot, pid, startTime);
  return readProcess(service, snapshot, pid, startTime);
}

export interface DetailsOptions {
  connect(endpoint: string): Promise<Connection | null>;
  snapshot(endpoint: string): Promise<Snapshot>;
}

export interface Details {
  read(endpoint: string, subject: z.infer<typeof subjectSchema>): Promise<Detail>;
  close(): Promise<void>;
}

/** Looks into namespaces and processes on request; one helper an endpoint, only while somebody asks. */
export function createDetails({ connect, snapshot }: DetailsOptions): Details {
  const services = new Map<string, { service: Promise<Service>; idle: NodeJS.Timeout }>();

  function end(endpoint: string): Promise<void> {
    const entry = services.get(endpoint);
    if (entry === undefined) return Promise.resolve();
    services.delete(endpoint);
    clearTimeout(entry.idle);
    return entry.service.then(
      (service) => service.close(),
      () => {},
    );
  }

  function serviceOf(endpoint: string): Promise<Service> {
    const idle = setTimeout(() => void end(endpoint), IDLE_MS);
    idle.unref();
    const known = services.get(endpoint);
    if (known !== undefined) {
      clearTimeout(known.idle);
      known.idle = idle;
      return known.service;
    }
    const service = (async () => {
      const connection = await connect(endpoint);
      const open: OpenLine =
        connection === null ? openHere : (onOutput, onEnd) => openHelper(connection, onOutput, onEnd);
      return createService(open, () => void end(endpoint));
    })();
    services.set(endpoint, { service, idle });
    // One that could not be started is tried again by the next question.
    service.catch(() => services.delete(endpoint));
    return service;
  }

  return {
    async read(endpoint, subject) {
      const [service, moment] = await Promise.all([serviceOf(endpoint), snapshot(endpoint)]);
      return answer(service, moment, subject);
    },
    async close() {
      await Promise.all([...services.keys()].map(end));
    },
  };
}
