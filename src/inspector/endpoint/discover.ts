import type { EndpointReport } from '#api/contract.ts';
import type { Engine } from '#core/snapshot/snapshot.ts';
import { EngineClient } from '../engine/engine.ts';
import { type Address, formatAddress } from './address.ts';
import { connect } from './connect.ts';
import { type Candidate, type Endpoint, endpointForAddress, readDockerConfiguration } from './context.ts';
import { errorText, type System } from './system.ts';
import { wellKnownEndpoints } from './wellknown.ts';

/** Milliseconds for an engine to answer who it is; ssh first has to log in. */
const PATIENCE = 4_000;
const SSH_PATIENCE = 15_000;

export interface DiscoverOptions {
  readonly system: System;
}

interface Tried {
  readonly candidate: Candidate;
  readonly endpoint: Endpoint | null;
  readonly engine: Engine | null;
  readonly reason: string | null;
  /** Nothing is there at all. */
  readonly absent: boolean;
  readonly file: string | null;
}

function advise(text: string, address: Address): string {
  if (/EACCES|permission denied/i.test(text)) {
    return 'Permission denied. Add your user to the docker group and log in again, or run Bulkhead with sudo.';
  }
  if (/ENOENT/.test(text)) return 'Nothing listens there: the file does not exist. Start the engine.';
  if (/ECONNREFUSED/.test(text)) {
    return address.kind === 'unix'
      ? 'Nothing listens there: the socket is a leftover. Start the engine.'
      : 'Nothing listens there: connection refused. Start the engine.';
  }
  if (/socket hang up|Parse Error/i.test(text)) return 'Something answers there, and it is not a Docker engine.';
  return text;
}

async function withPatience<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${ms / 1000} s. Check that the engine runs.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function tryCandidate(system: System, candidate: Candidate): Promise<Tried> {
  if (!candidate.target.ok) {
    return { candidate, endpoint: null, engine: null, reason: candidate.target.reason, absent: false, file: null };
  }
  const { endpoint } = candidate.target;
  const { address } = endpoint;
  const file = address.kind === 'unix' ? await system.identify(address.path) : null;
  const tried = { candidate, endpoint, file };
  try {
    const connection = await connect(endpoint);
    try {
      const patience = address.kind === 'ssh' ? SSH_PATIENCE : PATIENCE;
      const engine = await withPatience(new EngineClient(connection).describe(), patience);
      return { ...tried, engine, reason: null, absent: false };
    } finally {
      connection.close();
    }
  } catch (error) {
    const text = errorText(error);
    return { ...tried, engine: null, reason: advise(text, address), absent: /ENOENT/.test(text) };
  }
}

function report(group: readonly Tried[]): EndpointReport | null {
  const best = group.find(({ candidate }) => candidate.current) ?? group[0];
  if (best === undefined) return null;
  const address = best.endpoint === null ? best.candidate.written : formatAddress(best.endpoint.address);
  return {
    id: best.endpoint?.id ?? `context:${best.candidate.name}`,
    name: best.candidate.name,
    type: 'engine',
    address,
    sources: group.map(({ candidate }) => candidate.source),
    current: group.some(({ candidate }) => candidate.current),
    usable: best.engine !== null,
    reason: best.reason,
    engine: best.engine,
  };
}

async function candidatesOf(system: System): Promise<Candidate[]> {
  const { candidates } = await readDockerConfiguration(system);
  const guesses = await wellKnownEndpoints(system);
  return [
    ...candidates,
    ...guesses.map(
      ({ name, address }): Candidate => ({
        name,
        source: 'well-known address',
        written: formatAddress(address),
        current: false,
        configured: false,
        target: {
          ok: true,
          endpoint: { id: formatAddress(address), name, address, tls: null, headers: {}, apiVersion: null },
        },
      }),
    ),
  ];
}

/**
 * Every engine that is configured or found, tested by connecting, with those that are the same engine merged; then this
 * machine itself and the recording.
 */
export async function discoverEndpoints({ system }: DiscoverOptions): Promise<EndpointReport[]> {
  const candidates = await candidatesOf(system);
  const tried = await Promise.all(candidates.map((candidate) => tryCandidate(system, candidate)));
  const groups = new Map<string, Tried[]>();
  for (const one of tried) {
    if (one.absent && !one.candidate.configured) continue;
    // Podman has no id: there the socket's own identity tells.
    const key = one.engine?.id ?? one.file ?? one.endpoint?.id ?? `context:${one.candidate.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const engines = [...groups.values()].map(report).filter((entry) => entry !== null);
  const linux = system.platform === 'linux';
  return [
    ...engines,
    {
      id: 'local',
      name: 'This machine',
      type: 'local',
      address: null,
      sources: [],
      current: false,
      usable: linux,
      reason: linux ? null : 'Only Linux has namespaces of its own to show. Choose an engine.',
      engine: null,
    },
    {
      id: 'demo',
      name: 'Recording',
      type: 'demo',
      address: null,
      sources: [],
      current: false,
      usable: true,
      reason: null,
      engine: null,
    },
  ];
}

/** The endpoint of an id, a context's name or an address, without trying it. */
export async function resolveEndpoint(system: System, idOrName: string): Promise<Candidate['target']> {
  const candidates = await candidatesOf(system);
  const found = candidates.find(
    ({ name, target }) => name === idOrName || (target.ok && target.endpoint.id === idOrName),
  );
  return found?.target ?? endpointForAddress(system, idOrName);
}
