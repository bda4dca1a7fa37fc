import { posix } from 'node:path';
import type { EndpointReport } from '#api/contract.ts';
import type { Engine } from '#core/snapshot/snapshot.ts';
import { commas, t } from '#core/words/words.ts';
import { EngineClient } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { createSettings } from '../settings/settings.ts';
import { errorText, ToldError, unusable } from '../told.ts';
import { type Address, formatAddress, withoutPassword } from './address.ts';
import { connect } from './connect.ts';
import { endpointForAddress, readDockerConfiguration } from './context.ts';
import type { Candidate, Endpoint } from './endpoint.ts';
import type { System } from './system.ts';
import { wellKnownEndpoints } from './wellknown.ts';

/** Milliseconds for an engine to say who it is: the slowest one is how long the list takes. ssh first has to log in. */
const ANSWER_WITHIN_MS: Readonly<Record<Address['kind'], number>> = {
  unix: 3_000,
  npipe: 3_000,
  tcp: 4_000,
  ssh: 8_000,
  fd: 0,
};

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
  /** What identifies the socket whatever its path; null when it cannot be known. */
  readonly file: string | null;
}

async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new ToldError(() =>
            t('No answer within {seconds} s. Restart the engine if it should run.', { seconds: ms / 1000 }),
          ),
        ),
      ms,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

type Answer = Pick<Tried, 'engine' | 'reason' | 'absent'>;

async function ask(system: System, endpoint: Endpoint): Promise<Answer> {
  try {
    const connection = await connect(endpoint, system);
    try {
      const engine = await withinTime(new EngineClient(connection).describe(), ANSWER_WITHIN_MS[endpoint.address.kind]);
      return { engine, reason: null, absent: false };
    } finally {
      connection.close();
    }
  } catch (error) {
    const absent = error instanceof EngineError && error.systemCode === 'ENOENT';
    return { engine: null, reason: errorText(error), absent };
  }
}

/** All at the same time; what stands at several places of the list is asked once. */
function tryAll(system: System, candidates: readonly Candidate[]): Promise<Tried[]> {
  const answers = new Map<string, Promise<Answer>>();
  return Promise.all(
    candidates.map(async (candidate): Promise<Tried> => {
      if (!candidate.target.ok) {
        return { candidate, endpoint: null, engine: null, reason: candidate.target.reason, absent: false, file: null };
      }
      const { endpoint } = candidate.target;
      const answer = answers.get(endpoint.id) ?? ask(system, endpoint);
      answers.set(endpoint.id, answer);
      const file = endpoint.address.kind === 'unix' ? await system.identify(endpoint.address.path) : null;
      return { candidate, endpoint, file, ...(await answer) };
    }),
  );
}

/**
 * Equal for the same engine. A copied VM keeps its engine's id, so the name belongs to it; Podman has no id: there, and
 * where nobody answers, the socket's own identity tells.
 */
function identity({ engine, endpoint, candidate, file }: Tried): string {
  if (engine !== null && engine.id !== null) return `engine ${engine.id} ${engine.name}`;
  if (file !== null) return `file ${file}`;
  return endpoint === null ? problemId(candidate) : `endpoint ${endpoint.id}`;
}

function problemId(candidate: Candidate): string {
  return `context:${candidate.name}`;
}

function report(group: readonly Tried[]): EndpointReport | null {
  const best = group.find(({ candidate }) => candidate.current) ?? group[0];
  if (best === undefined) return null;
  const { written } = best.candidate;
  const asWritten = written === null ? null : withoutPassword(written);
  const address = best.endpoint === null ? asWritten : formatAddress(best.endpoint.address);
  return {
    id: best.endpoint?.id ?? problemId(best.candidate),
    name: best.candidate.name,
    type: 'engine',
    address,
    sources: [...new Set(group.map(({ candidate }) => candidate.source))],
    current: group.some(({ candidate }) => candidate.current),
    usable: best.engine !== null,
    reason: best.reason,
    engine: best.engine,
  };
}

/**
 * A product that was set up and does not run is worth a word; a mere guess at a place is none. What Lima made need not
 * have an engine.
 */
async function isSetUp(system: System, { endpoint }: Tried): Promise<boolean> {
  const address = endpoint?.address;
  if (address?.kind !== 'unix' || !address.path.startsWith(`${system.home}/`) || address.path.includes('/.lima/')) {
    return false;
  }
  const names = await system.readFolder(posix.dirname(address.path)).catch(() => []);
  return names.length > 0;
}

/** Something wrong with a configuration itself, in the list where everybody looks. */
function problemReport({ name, reason }: ConfigurationProblem, index: number): EndpointReport {
  return {
    id: `problem:${index}`,
    name,
    type: 'engine',
    address: null,
    sources: [],
    current: false,
    usable: false,
    reason,
    engine: null,
  };
}

/** Those that the user has added: the environment's TLS applies to them, as to any address that somebody types. */
async function addedEndpoints(system: System): Promise<Candidate[]> {
  const { endpoints } = await createSettings(system).get();
  return Promise.all(
    endpoints.map(async ({ name, address }): Promise<Candidate> => {
      const target = await endpointForAddress(system, address);
      return {
        name,
        source: 'settings',
        written: address,
        current: false,
        configured: true,
        target: target.ok ? { ok: true, endpoint: { ...target.endpoint, name } } : target,
      };
    }),
  );
}

interface ConfigurationProblem {
  readonly name: string;
  readonly reason: string;
}

async function candidatesOf(
  system: System,
): Promise<{ candidates: Candidate[]; problems: readonly ConfigurationProblem[] }> {
  const [{ candidates, problems }, added, guesses, settingsProblem] = await Promise.all([
    readDockerConfiguration(system),
    addedEndpoints(system),
    wellKnownEndpoints(system),
    createSettings(system).problem(),
  ]);
  const guessed = guesses.map(
    ({ name, address }): Candidate => ({
      name,
      source: address.kind === 'npipe' ? 'well-known pipe' : 'well-known socket',
      written: formatAddress(address),
      current: false,
      configured: false,
      target: {
        ok: true,
        // The headers of config.json may be secrets: they go where the user's configuration says, not to guesses.
        endpoint: { id: formatAddress(address), name, address, tls: null, headers: {}, apiVersion: null },
      },
    }),
  );
  return {
    candidates: [...candidates, ...added, ...guessed],
    problems: [
      ...problems.map((reason) => ({ name: t('Docker configuration'), reason })),
      ...(settingsProblem === null ? [] : [{ name: t('Bulkhead’s settings'), reason: settingsProblem }]),
    ],
  };
}

/**
 * Every engine that is configured or found, tested by connecting, with those that are the same engine merged; then this
 * machine itself and the recording.
 */
export async function discoverEndpoints({ system }: DiscoverOptions): Promise<EndpointReport[]> {
  const { candidates, problems } = await candidatesOf(system);
  const groups = new Map<string, Tried[]>();
  for (const one of await tryAll(system, candidates)) {
    if (one.absent && !one.candidate.configured && !(await isSetUp(system, one))) continue;
    const key = identity(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const engines = [...groups.values()].map(report).filter((entry) => entry !== null);
  const linux = system.platform === 'linux';
  return [
    ...engines,
    ...problems.map(problemReport),
    {
      id: 'local',
      name: t('This machine'),
      type: 'local',
      address: null,
      sources: [],
      current: false,
      usable: linux,
      reason: linux ? null : t('Only Linux has namespaces of its own to show. Choose an engine.'),
      engine: null,
    },
    {
      id: 'demo',
      name: t('Recording'),
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

/**
 * The endpoint of an id, a context's or product's name, or an address, without trying it. Anything else is refused with
 * the names that are known: a misspelt name must not become a host's.
 */
export async function resolveEndpoint(system: System, wanted: string): Promise<Candidate['target']> {
  const { candidates } = await candidatesOf(system);
  const tests: ((candidate: Candidate) => boolean)[] = [
    ({ target }) => target.ok && target.endpoint.id === wanted,
    (candidate) => problemId(candidate) === wanted,
    ({ name }) => name === wanted,
    ({ target }) => target.ok && formatAddress(target.endpoint.address) === wanted,
  ];
  for (const test of tests) {
    const found = candidates.find(test);
    if (found !== undefined) return found.target;
  }
  if (wanted.includes('://')) return endpointForAddress(system, wanted);
  const names = [
    ...new Set(candidates.filter(({ configured }) => configured).map(({ name }) => name)),
    'local',
    'demo',
  ];
  return unusable(() =>
    t(
      'There is no endpoint {name}. Known: {names}; or give an address such as unix:///var/run/docker.sock or tcp://host:2375.',
      { name: JSON.stringify(withoutPassword(wanted)), names: commas(names) },
    ),
  );
}
