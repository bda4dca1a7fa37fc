import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { t } from '#core/words/words.ts';
import { ToldError } from '../told.ts';
import { createDemultiplexer } from './output.ts';
import { word } from './word.ts';

export interface HelperSpec {
  readonly image: string;
  readonly command: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** `CgroupnsMode` (API 1.41) is missing from the library's types. */
  readonly hostConfig: Docker.HostConfig & { CgroupnsMode?: 'host' | 'private' };
}

export type OnOutput = (chunk: Buffer, stream: 'stdout' | 'stderr') => void;

export interface Helper {
  readonly id: string;
  /** Its end ends the helper. */
  readonly stdin: Duplex;
}

/**
 * Creates, attaches and starts a helper. Its output arrives through `onOutput`, undecoded. One that was created and does
 * not start is removed.
 */
export async function startHelper(
  docker: Docker,
  spec: HelperSpec,
  onOutput: OnOutput,
  remove: (id: string) => Promise<void>,
): Promise<Helper> {
  const created = await docker.createContainer({
    _query: {},
    _body: {
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
    },
  } as unknown as Docker.ContainerCreateOptions);
  const container = docker.getContainer(word(created.id));
  let stdin: Duplex | null = null;
  try {
    stdin = (await container.attach({
      stream: true,
      stdin: true,
      stdout: true,
      stderr: true,
      hijack: true,
    })) as unknown as Duplex;
    await container.start();
    const demultiplex = createDemultiplexer(onOutput);
    const stream = stdin;
    // Not read before it has started: there is no output yet, and whoever sends some all the same is not listened to.
    stream.on('data', (chunk: Buffer) => {
      if (!demultiplex(chunk)) stream.destroy(new ToldError(() => t('the engine sent output that is not understood')));
    });
    return { id: container.id, stdin };
  } catch (error) {
    stdin?.destroy();
    await remove(container.id).catch(() => {});
    throw error;
  }
}
