import type { IncomingMessage } from 'node:http';
import { type Duplex, PassThrough, Readable } from 'node:stream';
import Docker from 'dockerode';
import * as z from 'zod';
import { parseContainer, parseEngine, parseVolumeDevice } from '#core/parse/engine.ts';
import type { Container, Engine } from '#core/snapshot/snapshot.ts';
import type { Connection } from './connection.ts';
import { explainFailure, oneLine } from './failure.ts';
import { negotiate, type PingAnswer } from './negotiate.ts';

/**
 * An engine's refusal or absence. `message` is the engine's own text where it answered; where the connection failed, what
 * that means and what to do.
 */
export class EngineError extends Error {
  readonly code = 'engine';
  /** The HTTP status; null when no answer came. */
  readonly status: number | null;
  /** Node's code of a failed connection, for example `ENOENT`; else null. */
  readonly systemCode: string | null;

  constructor(message: string, status: number | null, systemCode: string | null = null) {
    super(message);
    this.name = 'EngineError';
    this.status = status;
    this.systemCode = systemCode;
  }
}

const eventSchema = z.object({
  Type: z.string().optional(),
  Action: z.string(),
  Actor: z.object({ ID: z.string() }),
  timeNano: z.number().optional(),
});

/** One container event; other types are not asked for. */
export interface EngineEvent {
  readonly action: string;
  readonly container: string;
  /** Unix time in nanoseconds; 0 when the engine does not say. */
  readonly timeNano: number;
}

export interface HelperSpec {
  readonly image: string;
  readonly command: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** `CgroupnsMode` (API 1.41) is missing from the library's types. */
  readonly hostConfig: Docker.HostConfig & { CgroupnsMode?: 'host' | 'private' };
}

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

/**
 * The library takes DOCKER_HOST and what belongs to it from the environment, even beside explicit options, and throws
 * when the files of DOCKER_CERT_PATH are missing. Without DOCKER_HOST it reads none of them; construction is synchronous.
 */
function createDocker({ route, agent, headers }: Connection): Docker {
  const variable = process.env.DOCKER_HOST;
  delete process.env.DOCKER_HOST;
  try {
    const common = { agent, headers: { ...headers }, pathPrefix: '/' };
    if ('socketPath' in route) return new Docker({ ...common, socketPath: route.socketPath, protocol: 'http' });
    // The library takes a bare IPv6 address for a URL with a scheme.
    const host = route.host.includes(':') ? `[${route.host}]` : route.host;
    return new Docker({ ...common, host, port: route.port, protocol: route.protocol });
  } finally {
    if (variable !== undefined) process.env.DOCKER_HOST = variable;
  }
}

/** Reads and controls one engine. The only code that knows dockerode. */
export class EngineClient {
  readonly #docker: Docker;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#docker = createDocker(connection);
  }

  /**
   * Who the engine is. Comes first: it agrees on the API version that every later request uses.
   * @throws EngineError also when what answers is no Docker engine, or one that cannot be used
   */
  async describe(): Promise<Engine> {
    const agreed = negotiate(await this.#ping(), this.#connection.apiVersion);
    if (!agreed.ok) throw new EngineError(agreed.reason, null);
    (this.#docker.modem as { version?: string }).version = `v${agreed.version}`;
    const [info, version] = await this.#asked(Promise.all([this.#docker.info(), this.#docker.version()]));
    const engine = parseEngine(this.#connection.address, info, version);
    if (engine === null) {
      throw new EngineError(
        `The engine answers without saying who it is: API version ${agreed.version} may not fit. Update the engine or Bulkhead; where DOCKER_API_VERSION is set, unset it.`,
        null,
      );
    }
    return engine;
  }

  /** `GET /_ping` without a version: status, headers and the start of the body, whatever answers. */
  #ping(): Promise<PingAnswer> {
    return new Promise((resolve, reject) => {
      const anyStatus = new Proxy({}, { get: () => true });
      this.#docker.modem.dial(
        { path: '/_ping', method: 'GET', isStream: true, statusCodes: anyStatus },
        (error, stream) => {
          if (error !== null && error !== undefined) return reject(this.#failure(error));
          const answer = stream as IncomingMessage;
          let body = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => {
            body += chunk;
            if (body.length > 4_096) answer.destroy();
          });
          answer.on('error', (broken) => reject(this.#failure(broken)));
          answer.on('close', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
        },
      );
    });
  }

  /** The engine's text out of the library's error, or what a failed connection means. */
  #failure(thrown: unknown): EngineError {
    if (thrown instanceof EngineError) return thrown;
    const error = thrown as { statusCode?: unknown; json?: { message?: unknown }; message?: unknown; code?: unknown };
    if (typeof error.statusCode === 'number') {
      // A refusal without JSON is a page of somebody between us and the engine.
      const text = typeof error.json?.message === 'string' ? error.json.message : `HTTP status ${error.statusCode}`;
      const meant = /^client version/.test(text) ? explainFailure({ text, code: null, address: '' }) : oneLine(text);
      return new EngineError(meant, error.statusCode);
    }
    const code = typeof error.code === 'string' ? error.code : null;
    const text = typeof error.message === 'string' ? error.message : String(thrown);
    return new EngineError(explainFailure({ text, code, address: this.#connection.address }), null, code);
  }

  async #asked<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Every container, running or not. One that goes away meanwhile is left out. */
  async containers(): Promise<Container[]> {
    const list = await this.#asked(this.#docker.listContainers({ all: true }));
    const all = await Promise.all(list.map(({ Id }) => this.container(Id)));
    return all.filter((container) => container !== null);
  }

  /** One container; null when it does not exist (any more). */
  async container(id: string): Promise<Container | null> {
    try {
      const container = parseContainer(await this.#docker.getContainer(id).inspect());
      return container === null ? null : await this.#withVolumes(container);
    } catch (error) {
      if (this.#failure(error).status === 404) return null;
      throw this.#failure(error);
    }
  }

  /** Says of each named volume what it is a bind of; an engine that does not answer that leaves it unknown. */
  async #withVolumes(container: Container): Promise<Container> {
    const mounts = await Promise.all(
      container.mounts.map(async (mount) => {
        // Nobody gave an anonymous volume, whose name is an id, any options.
        if (mount.type !== 'volume' || mount.name === null || /^[0-9a-f]{64}$/.test(mount.name)) return mount;
        const volume = await this.#docker
          .getVolume(mount.name)
          .inspect()
          .catch(() => null);
        return { ...mount, device: parseVolumeDevice(volume) };
      }),
    );
    return { ...container, mounts };
  }

  /**
   * Container events from now on, until `signal` aborts. Resolves when the stream is open.
   * `onEnd` is called once when the engine ends it.
   */
  async events(
    onEvent: (event: EngineEvent) => void,
    onEnd: (reason: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const stream = (await this.#asked(
      this.#docker.getEvents({ filters: { type: ['container'] } }),
    )) as unknown as Duplex;
    let pending = '';
    let ended = false;
    const end = (reason: string): void => {
      if (ended) return;
      ended = true;
      if (!signal.aborted) onEnd(reason);
    };
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      // An object may be split across chunks; json-seq puts a record separator before each.
      const lines = (pending + chunk.replaceAll('\u001e', '')).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) {
        if (line.trim() === '') continue;
        let value: unknown;
        try {
          value = JSON.parse(line);
        } catch {
          continue;
        }
        const parsed = eventSchema.safeParse(value);
        if (parsed.success) {
          const { Action, Actor, timeNano } = parsed.data;
          onEvent({ action: Action, container: Actor.ID, timeNano: timeNano ?? 0 });
        }
      }
    });
    stream.on('error', (error) => end(this.#failure(error).message));
    stream.on('end', () => end('the engine closed its event stream'));
    stream.on('close', () => end('the engine closed its event stream'));
    signal.addEventListener('abort', () => stream.destroy(), { once: true });
    if (signal.aborted) stream.destroy();
  }

  async hasImage(name: string): Promise<boolean> {
    try {
      await this.#docker.getImage(name).inspect();
      return true;
    } catch (error) {
      if (this.#failure(error).status === 404) return false;
      throw this.#failure(error);
    }
  }

  /**
   * Makes an image of a flat root file system: no registry is asked. `changes` are Dockerfile instructions.
   * @param name with its tag, in one parameter: Podman ignores the one that Docker has for the tag
   */
  async importImage(tar: Uint8Array, name: string, changes: readonly string[]): Promise<void> {
    const stream = await this.#asked(
      this.#docker.importImage(Readable.from([Buffer.from(tar)]), { repo: name, changes: [...changes] }),
    );
    await new Promise<void>((resolve, reject) => {
      // Errors come in the stream, after a header that says 200.
      this.#docker.modem.followProgress(stream, (error: Error | null, output: { error?: string }[]) => {
        const failed = output?.find((line) => line.error !== undefined)?.error;
        if (error !== null || failed !== undefined) reject(new EngineError(failed ?? error?.message ?? 'failed', null));
        else resolve();
      });
    });
  }

  /** Images with a label, newest first. */
  async imagesLabelled(label: string): Promise<{ id: string; tags: readonly string[] }[]> {
    const images = await this.#asked(this.#docker.listImages({ filters: { label: [label] } }));
    return images.map(({ Id, RepoTags }) => ({ id: Id, tags: RepoTags ?? [] }));
  }

  async removeImage(id: string): Promise<void> {
    await this.#asked(this.#docker.getImage(id).remove());
  }

  async containersLabelled(label: string): Promise<{ id: string; labels: Readonly<Record<string, string>> }[]> {
    const list = await this.#asked(this.#docker.listContainers({ all: true, filters: { label: [label] } }));
    return list.map(({ Id, Labels }) => ({ id: Id, labels: Labels }));
  }

  /** Removes a container by force; one that is gone is no error. */
  async remove(id: string): Promise<void> {
    try {
      await this.#docker.getContainer(id).remove({ force: true, v: true });
    } catch (error) {
      const failure = this.#failure(error);
      // 409: its own removal is under way.
      if (failure.status !== 404 && failure.status !== 409) throw failure;
    }
  }

  /**
   * Creates, attaches and starts a helper. The returned stream is the helper's stdin; its end ends the helper.
   * The helper's output arrives through `onOutput`, undecoded.
   */
  async startHelper(
    spec: HelperSpec,
    onOutput: (chunk: Buffer, stream: 'stdout' | 'stderr') => void,
  ): Promise<{ id: string; stdin: Duplex }> {
    const container = await this.#asked(
      this.#docker.createContainer({
        Image: spec.image,
        Cmd: [...spec.command],
        Labels: { ...spec.labels },
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        OpenStdin: true,
        StdinOnce: true,
        Tty: false,
        HostConfig: spec.hostConfig,
      }),
    );
    try {
      const stdin = (await this.#asked(
        container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true }),
      )) as unknown as Duplex;
      const out = new PassThrough();
      const err = new PassThrough();
      out.on('data', (chunk: Buffer) => onOutput(chunk, 'stdout'));
      err.on('data', (chunk: Buffer) => onOutput(chunk, 'stderr'));
      this.#docker.modem.demuxStream(stdin, out, err);
      await this.#asked(container.start());
      return { id: container.id, stdin };
    } catch (error) {
      await this.remove(container.id).catch(() => {});
      throw error;
    }
  }

  /** What `docker start|pause|unpause|stop|restart` do, and `docker rm --force`. */
  async act(id: string, action: ContainerAction): Promise<void> {
    const container = this.#docker.getContainer(id);
    const does: Record<ContainerAction, () => Promise<unknown>> = {
      start: () => container.start(),
      pause: () => container.pause(),
      unpause: () => container.unpause(),
      stop: () => container.stop(),
      restart: () => container.restart(),
      remove: () => container.remove({ force: true }),
    };
    await this.#asked(does[action]());
  }

  /** Starts a process in a running container. It outlives this stream: whoever starts it must see to its end. */
  async startExec(container: string, spec: ExecSpec): Promise<Exec> {
    const exec = await this.#asked(
      this.#docker.getContainer(container).exec({
        Cmd: [...spec.command],
        ...(spec.user === '' ? {} : { User: spec.user }),
        Env: [...spec.env],
        Tty: spec.tty,
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
      }),
    );
    // Without the terminal said again, the engine would put its frames around the output.
    const stream = await this.#asked(exec.start({ hijack: true, stdin: true, Tty: spec.tty }));
    return { id: exec.id, stream };
  }

  /** The exit code of a process of `startExec`; null while it runs. */
  async execExitCode(id: string): Promise<number | null> {
    const { Running, ExitCode } = await this.#asked(this.#docker.getExec(id).inspect());
    return Running ? null : ExitCode;
  }

  async resizeExec(id: string, columns: number, rows: number): Promise<void> {
    await this.#asked(this.#docker.getExec(id).resize({ w: columns, h: rows }));
  }
}
