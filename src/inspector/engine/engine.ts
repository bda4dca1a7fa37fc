import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import Docker from 'dockerode';
import { parseContainer, parseVolumeDevice } from '#core/parse/container.ts';
import { parseEngine } from '#core/parse/engine.ts';
import { CONTAINER_ID } from '#core/snapshot/id-schemas.ts';
import type { Container, Engine } from '#core/snapshot/snapshot.ts';
import { type NetworkFacts, parseNetwork } from '#core/wiring/network-facts.ts';
import { t } from '#core/words/words.ts';
import { type Said, ToldError } from '../told.ts';
import type { Connection } from './connection.ts';
import { EngineError } from './engine-error.ts';
import { type EngineEvent, readEvents } from './events.ts';
import { oneLine } from './failure.ts';
import { negotiate } from './negotiate.ts';
import { createNetworkFacts } from './network-facts.ts';
import {
  environmentSchema,
  execSchema,
  fromList,
  imageSchema,
  jsonOrNull,
  labelledSchema,
  progressSchema,
  records,
} from './records.ts';
import { type Helper, type HelperSpec, type OnOutput, startHelper } from './start-helper.ts';
import { Transport } from './transport.ts';
import { word } from './word.ts';

/** The volumes of one container are not asked about for longer: what is not told then is unknown. */
const VOLUMES_WITHIN_MS = 10_000;

/** Inspected at a time: a thousand containers must not open a thousand connections. */
const AT_A_TIME = 8;

export type ContainerAction = 'start' | 'pause' | 'unpause' | 'stop' | 'restart' | 'remove';

export interface ExecSpec {
  readonly command: readonly string[];
  /** As `docker exec --user`; empty for the container's own. */
  readonly user: string;
  readonly env: readonly string[];
  readonly tty: boolean;
}

/** A process that the engine started in a running container. */
export interface Exec {
  readonly id: string;
  /** Its terminal; without one its stdin, and its output in the engine's frames. */
  readonly stream: Duplex;
}

export interface LabelledContainer {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** It was created and has not run. */
  readonly neverStarted: boolean;
  /** Unix time by the engine's clock; null where it does not tell. */
  readonly created: number | null;
}

/** What an engine told of its containers. */
export interface ContainerList {
  readonly containers: readonly Container[];
  /** Those that were not told whole: odd ids, missing parts, no answer in time. */
  readonly unreadable: number;
  /** What a proxy said where it refused to tell of one; null where none did. */
  readonly refusal: Said | null;
}

/** Does something with each item, a few at a time; the results are in the order of the items. */
async function few<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return results;
}

/**
 * Reads and controls one engine. The only code that knows dockerode, which knows the paths; how requests travel, and what
 * is taken of the answers, is the transport's. Every method throws EngineError.
 */
export class EngineClient {
  readonly #docker: Docker;
  readonly #transport: Transport;
  readonly #connection: Connection;
  #withheld: Said | null = null;
  readonly #withNetworks = createNetworkFacts(() => this.networks());

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#transport = new Transport(connection);
    // Of the library's options, its types do not know the one that replaces its modem.
    this.#docker = new Docker({ modem: this.#transport } as Docker.DockerOptions);
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Why the engine did not tell all of itself in `describe`; null when it did. */
  get withheld(): Said | null {
    return this.#withheld;
  }

  /**
   * Who the engine is. Comes first: it agrees on the API version that every later request uses.
   * @throws EngineError also when what answers is no Docker engine, or one that cannot be used
   */
  async describe(): Promise<Engine> {
    const agreed = negotiate(await this.#transport.ping(), this.#connection.apiVersion);
    if (!agreed.ok) throw new EngineError(agreed.reason, null);
    this.#transport.version = `v${agreed.version}`;
    const [info, version] = await Promise.all([
      this.#docker.info().catch((error: unknown) => {
        if (!(error instanceof EngineError) || !error.byProxy) throw error;
        this.#withheld = error.say;
        return {};
      }),
      this.#docker.version(),
    ]);
    const engine = parseEngine(this.#connection.address, info, version);
    if (engine === null) {
      throw new EngineError(
        () =>
          t(
            'The engine answers without saying who it is: API version {version} may not fit. Update the engine or Bulkhead; where DOCKER_API_VERSION is set, unset it.',
            { version: agreed.version },
          ),
        null,
      );
    }
    return engine;
  }

  /** Asks for a sign of life. */
  async ping(): Promise<void> {
    await this.#transport.ping();
  }

  /** Every container, running or not. One that goes away meanwhile is left out. */
  async containers(): Promise<ContainerList> {
    const list: unknown = await this.#docker.listContainers({ all: true });
    if (!Array.isArray(list)) throw new EngineError(() => t('The engine’s list of containers is not a list.'), null);
    let unreadable = 0;
    let refusal: Said | null = null;
    const all = await few<unknown, Container | null>(list, async (item) => {
      const listed = labelledSchema.safeParse(item).data;
      if (listed === undefined) {
        unreadable += 1;
        return null;
      }
      try {
        const answer = await this.#inspect(listed.Id);
        if (answer === null) return null;
        const container = parseContainer(answer);
        if (container?.id === listed.Id) return await this.#withNetworks(await this.#withVolumes(container));
      } catch (error) {
        // One that cannot be told of costs no other; a lost engine costs all.
        const told = error instanceof EngineError && (error.status !== null || error.systemCode === 'ETIMEDOUT');
        if (!told) throw error;
        if (error.byProxy) refusal ??= error.say;
      }
      unreadable += 1;
      return fromList(item);
    });
    return { containers: all.filter((container) => container !== null), unreadable, refusal };
  }

  /** One container; null when it does not exist (any more), or its record cannot be read. */
  async container(name: string): Promise<Container | null> {
    const container = parseContainer(await this.#inspect(name));
    return container === null ? null : this.#withNetworks(await this.#withVolumes(container));
  }

  /** Says of each named volume what it is a bind of; an engine that does not answer that leaves it unknown. */
  async #withVolumes(container: Container): Promise<Container> {
    const mounts: Container['mounts'] = [];
    const until = Date.now() + VOLUMES_WITHIN_MS;
    for (const mount of container.mounts) {
      // Nobody gave an anonymous volume, whose name looks like a container's id, any options.
      const { name } = mount;
      if (mount.type !== 'volume' || name === null || CONTAINER_ID.test(name) || Date.now() > until) mounts.push(mount);
      else mounts.push({ ...mount, device: parseVolumeDevice(await this.#volume(name)) });
    }
    return { ...container, mounts };
  }

  /** The engine's networks. */
  async networks(): Promise<NetworkFacts[]> {
    const list: unknown = await this.#docker.listNetworks();
    return Array.isArray(list) ? list.flatMap((each) => parseNetwork(each) ?? []) : [];
  }

  async #volume(name: string): Promise<unknown> {
    try {
      return await this.#docker.getVolume(word(name)).inspect();
    } catch {
      return null;
    }
  }

  async #inspect(name: string): Promise<unknown> {
    try {
      return await this.#docker.getContainer(word(name)).inspect();
    } catch (error) {
      // A proxy's 404 says nothing of the container.
      if (error instanceof EngineError && error.status === 404 && !error.byProxy) return null;
      throw error;
    }
  }

  /**
   * Events that concern containers from now on, until `signal` aborts. Resolves when the stream is open.
   * `onEnd` is called once when the engine ends it.
   */
  async events(
    onEvent: (event: EngineEvent) => void,
    onEnd: (reason: Said) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const stream = (await this.#docker.getEvents({
      filters: { type: ['container', 'network'] },
    })) as unknown as IncomingMessage;
    readEvents(stream, onEvent, onEnd, signal);
  }

  async hasImage(name: string): Promise<boolean> {
    try {
      await this.#docker.getImage(name).inspect();
      return true;
    } catch (error) {
      // Where a proxy keeps us from looking, the import itself tells what is refused.
      if (error instanceof EngineError && (error.status === 404 || error.byProxy)) return false;
      throw error;
    }
  }

  /**
   * Makes an image of a flat root file system: no registry is asked. `changes` are Dockerfile instructions.
   * @param name with its tag, in one parameter: Podman ignores the one that Docker has for the tag
   */
  async importImage(tar: Uint8Array, name: string, changes: readonly string[]): Promise<void> {
    const text = await this.#transport.importImage(Buffer.from(tar), { fromSrc: '-', repo: name, changes });
    // Errors come in the stream, after a header that says 200.
    for (const line of text.split('\n')) {
      const failed = progressSchema.safeParse(jsonOrNull(line)).data?.error;
      if (failed !== undefined) throw new EngineError(oneLine(failed), 500);
    }
  }

  /** Images with a label, newest first. */
  async imagesLabelled(label: string): Promise<{ id: string; tags: readonly string[] }[]> {
    const images = await this.#docker.listImages({ filters: { label: [label] } });
    return records(imageSchema, images).map(({ Id, RepoTags }) => ({ id: Id, tags: RepoTags ?? [] }));
  }

  async removeImage(image: string): Promise<void> {
    await this.#docker.getImage(word(image)).remove();
  }

  async containersLabelled(label: string): Promise<LabelledContainer[]> {
    const list = await this.#docker.listContainers({ all: true, filters: { label: [label] } });
    return records(labelledSchema, list).map(({ Id, Labels, State, Created }) => ({
      id: Id,
      labels: Labels ?? {},
      neverStarted: State === 'created',
      created: Created ?? null,
    }));
  }

  /** Removes a container by force; one that is gone is no error. */
  async remove(name: string): Promise<void> {
    try {
      await this.#docker.getContainer(word(name)).remove({ force: true, v: true });
    } catch (error) {
      // 409: its own removal is under way.
      if (!(error instanceof EngineError) || (error.status !== 404 && error.status !== 409)) throw error;
    }
  }

  /** See `startHelper`. */
  startHelper(spec: HelperSpec, onOutput: OnOutput): Promise<Helper> {
    return startHelper(this.#docker, spec, onOutput, (id) => this.remove(id));
  }

  /** The environment that the container is configured with, as `docker inspect` tells it. */
  async environment(name: string): Promise<{ readonly name: string; readonly value: string }[]> {
    const answer = await this.#inspect(name);
    if (answer === null) throw Object.assign(new ToldError(() => t('This container is gone.')), { code: 'gone' });
    const { Config } = environmentSchema.parse(answer);
    return (Config.Env ?? []).map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? { name: line, value: '' } : { name: line.slice(0, at), value: line.slice(at + 1) };
    });
  }

  /** What `docker start|pause|unpause|stop|restart` do, and `docker rm --force`. */
  async act(name: string, action: ContainerAction): Promise<void> {
    const container = this.#docker.getContainer(word(name));
    const does: Record<ContainerAction, () => Promise<unknown>> = {
      start: () => container.start(),
      pause: () => container.pause(),
      unpause: () => container.unpause(),
      stop: () => container.stop(),
      restart: () => container.restart(),
      remove: () => container.remove({ force: true }),
    };
    await does[action]();
  }

  /** Starts a process in a running container. It outlives this stream: whoever starts it must see to its end. */
  async startExec(container: string, spec: ExecSpec): Promise<Exec> {
    const exec = await this.#docker.getContainer(word(container)).exec({
      Cmd: [...spec.command],
      ...(spec.user === '' ? {} : { User: spec.user }),
      Env: [...spec.env],
      Tty: spec.tty,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    word(exec.id);
    // Without the terminal said again, the engine would put its frames around the output.
    const stream = await exec.start({ hijack: true, stdin: true, Tty: spec.tty });
    return { id: exec.id, stream };
  }

  /** The exit code of a process of `startExec`; null while it runs. */
  async execExitCode(exec: string): Promise<number | null> {
    const { Running, ExitCode } = execSchema.safeParse(await this.#docker.getExec(word(exec)).inspect()).data ?? {};
    return Running === true ? null : (ExitCode ?? null);
  }

  async resizeExec(exec: string, columns: number, rows: number): Promise<void> {
    await this.#docker.getExec(word(exec)).resize({ w: columns, h: rows });
  }
}
