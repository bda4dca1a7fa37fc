import type { Duplex } from 'node:stream';
import Docker from 'dockerode';
import * as z from 'zod';
import { parseContainer, parseEngine } from '#core/parse/engine.ts';
import type { Container, Engine } from '#core/snapshot/snapshot.ts';

/** How an endpoint is reached: made by `connect` of the endpoint room. */
export interface Connection {
  /** In Docker's notation. */
  readonly address: string;
  readonly options: Docker.DockerOptions;
  close(): Promise<void> | void;
}

/** An engine's refusal or absence; `message` is the engine's own text. */
export class EngineError extends Error {
  readonly code = 'engine';
  /** The HTTP status; null when no answer came. */
  readonly status: number | null;

  constructor(message: string, status: number | null) {
    super(message);
    this.name = 'EngineError';
    this.status = status;
  }
}

/** The engine's text out of dockerode's error. */
function engineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const error = thrown as { statusCode?: unknown; json?: { message?: unknown }; message?: unknown };
  const text = typeof error.json?.message === 'string' ? error.json.message : error.message;
  return new EngineError(
    typeof text === 'string' ? text : String(thrown),
    typeof error.statusCode === 'number' ? error.statusCode : null,
  );
}

async function asked<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw engineError(error);
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

/** Reads and controls one engine. The only code that knows dockerode. */
export class EngineClient {
  readonly #docker: Docker;
  readonly #address: string;

  constructor(connection: Connection) {
    this.#address = connection.address;
    this.#docker = new Docker(connection.options);
  }

  async describe(): Promise<Engine> {
    const [info, version] = await asked(Promise.all([this.#docker.info(), this.#docker.version()]));
    const engine = parseEngine(this.#address, info, version);
    if (engine === null) {
      throw new EngineError('The engine answers without saying who it is; its API version may not fit.', null);
    }
    return engine;
  }

  /** Every container, running or not. One that goes away meanwhile is left out. */
  async containers(): Promise<Container[]> {
    const list = await asked(this.#docker.listContainers({ all: true }));
    const all = await Promise.all(list.map(({ Id }) => this.container(Id)));
    return all.filter((container) => container !== null);
  }

  /** One container; null when it does not exist (any more). */
  async container(id: string): Promise<Container | null> {
    try {
      return parseContainer(await this.#docker.getContainer(id).inspect());
    } catch (error) {
      if (engineError(error).status === 404) return null;
      throw engineError(error);
    }
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
    const stream = (await asked(this.#docker.getEvents({ filters: { type: ['container'] } }))) as unknown as Duplex;
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
    stream.on('error', (error) => end(error.message));
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
      if (engineError(error).status === 404) return false;
      throw engineError(error);
    }
  }

  /** Makes an image of a flat root file system: no registry is asked. `changes` are Dockerfile instructions. */
  async importImage(tar: Uint8Array, repository: string, tag: string, changes: readonly string[]): Promise<void> {
    const { Readable } = await import('node:stream');
    const stream = await asked(
      this.#docker.importImage(Readable.from([Buffer.from(tar)]), { repo: repository, tag, changes: [...changes] }),
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
    const images = await asked(this.#docker.listImages({ filters: { label: [label] } }));
    return images.map(({ Id, RepoTags }) => ({ id: Id, tags: RepoTags ?? [] }));
  }

  async removeImage(id: string): Promise<void> {
    await asked(this.#docker.getImage(id).remove());
  }

  async containersLabelled(label: string): Promise<{ id: string; labels: Readonly<Record<string, string>> }[]> {
    const list = await asked(this.#docker.listContainers({ all: true, filters: { label: [label] } }));
    return list.map(({ Id, Labels }) => ({ id: Id, labels: Labels }));
  }

  /** Removes a container by force; one that is gone is no error. */
  async remove(id: string): Promise<void> {
    try {
      await this.#docker.getContainer(id).remove({ force: true, v: true });
    } catch (error) {
      const failure = engineError(error);
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
    const container = await asked(
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
      const stdin = (await asked(
        container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true }),
      )) as unknown as Duplex;
      const { PassThrough } = await import('node:stream');
      const out = new PassThrough();
      const err = new PassThrough();
      out.on('data', (chunk: Buffer) => onOutput(chunk, 'stdout'));
      err.on('data', (chunk: Buffer) => onOutput(chunk, 'stderr'));
      this.#docker.modem.demuxStream(stdin, out, err);
      await asked(container.start());
      return { id: container.id, stdin };
    } catch (error) {
      await this.remove(container.id).catch(() => {});
      throw error;
    }
  }
}
