import { createHash, randomUUID } from 'node:crypto';
import { hostname, release } from 'node:os';
import { HELPER_LABEL } from '#core/parse/engine.ts';
import type { Engine } from '#core/snapshot/snapshot.ts';
import { errorText } from '../endpoint/system.ts';
import type { EngineClient, HelperSpec } from '../engine/engine.ts';
import { probeArch, readProbe } from './binary.ts';
import { createDecoder, type ProbeListener, type RunningProbe } from './run.ts';
import { tarOf } from './tar.ts';

/** With a host of its own the name means the same to Docker and Podman, and no registry can be asked for it. */
const REPOSITORY = 'localhost/bulkhead-probe';
export const PROGRAM = 'bulkhead-probe';
const OWNER_PID_LABEL = 'dev.bulkhead.owner-pid';
const OWNER_HOST_LABEL = 'dev.bulkhead.owner-host';
const INSTANCE_LABEL = 'dev.bulkhead.instance';

/** Which run of the app made a helper: several engines and windows of one run share it. */
const INSTANCE = randomUUID();

/** A right that a helper asks for, and why. Everything else is dropped. */
export interface Capability {
  readonly name: string;
  readonly reason: string;
}

/** To look at processes of other users. */
export const READING: readonly Capability[] = [
  {
    name: 'SYS_PTRACE',
    reason: 'to read /proc/<pid>/ns, root and fd of processes of other users (ptrace(2), READ check)',
  },
  { name: 'DAC_READ_SEARCH', reason: 'to read /proc entries whose mode hides them from other users (proc(5))' },
];

/** The engine would not run the helper: `message` names what refused, `advice` what the user may do. */
export class HelperRefusedError extends Error {
  readonly code: string;
  readonly advice: string;

  constructor(code: string, message: string, advice: string) {
    super(message);
    this.name = 'HelperRefusedError';
    this.code = code;
    this.advice = advice;
  }
}

const REFUSALS: readonly {
  readonly when: (text: string, engine: Engine) => boolean;
  readonly code: string;
  readonly message: string;
  readonly advice: string;
}[] = [
  {
    when: (text) => /sysbox|enhanced container isolation|restricted host mount/i.test(text),
    code: 'isolation-enhanced',
    message: 'Enhanced Container Isolation keeps containers out of the VM, so processes and namespaces cannot be read.',
    advice: 'Ask your administrator to allow it, or go on with what the engine itself tells.',
  },
  {
    when: (text) => /user namespaces? (are|is) enabled|incompatible with user namespaces/i.test(text),
    code: 'userns-remap',
    message: "The engine runs containers in user namespaces (userns-remap) and refused the helper the host's.",
    advice: 'Allow --userns=host for it, or run Bulkhead as root on that machine.',
  },
  {
    when: (text) => /exec format error|requested platform|does not match the (detected|specified)/i.test(text),
    code: 'foreign-arch',
    message:
      'The engine cannot run programs of the architecture that it names, so processes and namespaces are unknown.',
    advice: 'Check that the engine’s VM is not emulated; amd64 and arm64 are supported.',
  },
  {
    when: (text) => /apparmor|selinux/i.test(text),
    code: 'security-module',
    message: 'A security module of the engine’s system (AppArmor or SELinux) refused the helper.',
    advice: 'Allow it there to read /proc of other processes, or run Bulkhead as root on that machine.',
  },
  {
    when: (text, engine) => engine.rootless && /not permitted|permission denied/i.test(text),
    code: 'rootless',
    message: 'The engine runs without root, and its rights do not suffice to read processes and namespaces.',
    advice: 'Use an engine that runs as root, or run Bulkhead on that machine.',
  },
];

/** What engines answer, and what it means to the user. Sources: Docker's ECI documentation, moby and runc texts. */
function explain(text: string, engine: Engine): HelperRefusedError {
  const known = REFUSALS.find(({ when }) => when(text, engine));
  if (known !== undefined) return new HelperRefusedError(known.code, known.message, known.advice);
  return new HelperRefusedError(
    'helper-refused',
    `The engine refused the probe's helper container: ${text}`,
    'What the engine itself tells is shown. Allow containers with --pid=host and CAP_SYS_PTRACE to see the rest.',
  );
}

/** True for an engine that surely runs on this very kernel: a socket may also lead into a VM with another one. */
function onThisKernel(engine: Engine): boolean {
  return (
    process.platform === 'linux' &&
    engine.endpoint.startsWith('unix://') &&
    engine.kernel === release() &&
    engine.name === hostname()
  );
}

/** True where the engine refused the helper, and the probe can do its work here instead, with this program's rights. */
export function worksHere(error: unknown, engine: Engine): boolean {
  return error instanceof HelperRefusedError && onThisKernel(engine);
}

/** What every helper has: the VM's processes and cgroups, no log that would grow on the engine's disk, no trace left. */
const COMMON: HelperSpec['hostConfig'] = {
  PidMode: 'host',
  CgroupnsMode: 'host',
  ReadonlyRootfs: true,
  AutoRemove: true,
  LogConfig: { Type: 'none', Config: {} },
};

function leastPrivilege(
  engine: Engine,
  capabilities: readonly Capability[],
  extra: HelperSpec['hostConfig'],
): HelperSpec['hostConfig'] {
  const appArmor = engine.securityOptions.some((option) => option.startsWith('name=apparmor'));
  return {
    ...COMMON,
    NetworkMode: 'none',
    CapDrop: ['ALL'],
    CapAdd: capabilities.map(({ name }) => name),
    // docker-default forbids reading the namespace links of processes that are not confined by it.
    SecurityOpt: ['no-new-privileges', ...(appArmor ? ['apparmor=unconfined'] : [])],
    ...extra,
  };
}

/** The rungs of a helper that looks and changes nothing, tried in order until the engine accepts one. */
export function readingRungs(engine: Engine, capabilities: readonly Capability[]): HelperSpec['hostConfig'][] {
  return [
    leastPrivilege(engine, capabilities, {}),
    leastPrivilege(engine, capabilities, { UsernsMode: 'host' }),
    { ...COMMON, NetworkMode: 'none', UsernsMode: 'host', Privileged: true },
  ];
}

/** What a root shell needs where `--privileged` is refused: the most that a container can be given by name. */
const SHELL_CAPABILITIES = ['SYS_ADMIN', 'SYS_PTRACE', 'SYS_CHROOT', 'NET_ADMIN', 'DAC_READ_SEARCH', 'SYSLOG'];

/** The rungs of a helper that is root in the VM, for shells: everything that is not joined is the VM's own. */
export function shellRungs(): HelperSpec['hostConfig'][] {
  const common = { ...COMMON, NetworkMode: 'host', IpcMode: 'host', UTSMode: 'host', UsernsMode: 'host' };
  return [
    { ...common, Privileged: true },
    { ...common, CapAdd: SHELL_CAPABILITIES, SecurityOpt: ['apparmor=unconfined', 'seccomp=unconfined'] },
    { ...common, CapAdd: SHELL_CAPABILITIES },
  ];
}

/**
 * Imports an image unless the engine has this very one already. Nothing is ever pulled.
 * @param purpose the value of its label: earlier images with the same are removed
 */
export async function importHelperImage(
  client: EngineClient,
  tag: string,
  tar: () => Uint8Array,
  purpose: string,
): Promise<string> {
  const name = `${REPOSITORY}:${tag}`;
  const label = `${HELPER_LABEL}=${purpose}`;
  if (await client.hasImage(name)) return name;
  try {
    await client.importImage(tar(), name, [`LABEL ${label}`]);
  } catch (error) {
    throw new HelperRefusedError(
      'import-refused',
      `The engine refused to import the probe's image: ${errorText(error)}`,
      'Allow image import, or go on with what the engine itself tells.',
    );
  }
  // Images of earlier versions are of no use any more.
  for (const image of await client.imagesLabelled(label)) {
    if (!image.tags.includes(name)) await client.removeImage(image.id).catch(() => {});
  }
  return name;
}

/** The image that holds the probe alone. */
export async function ensureImage(client: EngineClient, engine: Engine): Promise<string> {
  const arch = probeArch(engine.arch);
  if (arch === null) {
    throw new HelperRefusedError(
      'foreign-arch',
      `There is no probe for ${engine.arch} engines, so processes and namespaces cannot be read.`,
      'amd64 and arm64 are supported.',
    );
  }
  const { bytes } = await readProbe(arch);
  const tag = `${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}-${arch}`;
  return importHelperImage(client, tag, () => tarOf([{ name: PROGRAM, content: bytes }]), 'image');
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes helpers whose owner, on this machine, is dead. Helpers of other machines' users are not ours to judge. */
export async function removeLeftovers(client: EngineClient): Promise<void> {
  for (const { id, labels } of await client.containersLabelled(HELPER_LABEL)) {
    if (labels[OWNER_HOST_LABEL] !== hostname() || labels[INSTANCE_LABEL] === INSTANCE) continue;
    if (!alive(Number(labels[OWNER_PID_LABEL]))) await client.remove(id).catch(() => {});
  }
}

/** What a helper container runs. */
export interface HelperWork {
  /** The value of its label: what it is for. */
  readonly purpose: string;
  /** The probe's arguments. */
  readonly args: readonly string[];
  /** Configurations, tried in order until the engine accepts one. */
  readonly rungs: readonly HelperSpec['hostConfig'][];
  /** The image; the probe's own where it is left out. */
  readonly image?: string;
}

export interface HelperListener {
  onOutput(chunk: Buffer, stream: 'stdout' | 'stderr'): void;
  /** Once, when it ends by itself; the reason is a clause for people. */
  onEnd(reason: string): void;
}

/** A helper container that runs. Whoever started it stops it. */
export interface Helper {
  /** Resolves when the bytes are on their way, and also when there is nobody any more. */
  write(bytes: string | Uint8Array): Promise<void>;
  /** Stops and goes on with reading its output: it waits meanwhile. */
  pause(): void;
  resume(): void;
  /** Ends and removes it; safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Runs the probe in a helper container of the engine. Its stdin is held open by our connection, and only once: when we
 * die, the engine closes it, the probe exits and the container goes.
 * @throws HelperRefusedError when no rung is accepted; ProbeMissingError when the probe was not built
 */
export async function startHelper(
  client: EngineClient,
  engine: Engine,
  work: HelperWork,
  listener: HelperListener,
): Promise<Helper> {
  const image = work.image ?? (await ensureImage(client, engine));
  let refusal = '';
  for (const config of work.rungs) {
    let helper: Awaited<ReturnType<EngineClient['startHelper']>>;
    try {
      helper = await client.startHelper(
        {
          image,
          command: [`/${PROGRAM}`, ...work.args],
          labels: {
            [HELPER_LABEL]: work.purpose,
            [OWNER_PID_LABEL]: String(process.pid),
            [OWNER_HOST_LABEL]: hostname(),
            [INSTANCE_LABEL]: INSTANCE,
          },
          hostConfig: config,
        },
        (chunk, stream) => listener.onOutput(chunk, stream),
      );
    } catch (error) {
      refusal = refusal === '' ? errorText(error) : refusal;
      continue;
    }
    let stopped = false;
    let ended = false;
    const end = (reason: string): void => {
      if (ended) return;
      ended = true;
      if (!stopped) listener.onEnd(reason);
    };
    helper.stdin.on('error', (error) => end(error.message));
    helper.stdin.on('end', () => end('its helper container ended'));
    helper.stdin.on('close', () => end('its helper container ended'));
    return {
      write(bytes) {
        return new Promise((resolve) => {
          if (ended || stopped || helper.stdin.destroyed) resolve();
          else helper.stdin.write(bytes, () => resolve());
        });
      },
      pause: () => helper.stdin.pause(),
      resume: () => helper.stdin.resume(),
      async stop() {
        if (stopped) return;
        stopped = true;
        helper.stdin.end();
        await client.remove(helper.id).catch(() => {});
        helper.stdin.destroy();
      },
    };
  }
  throw explain(refusal, engine);
}

/** Runs the probe that watches, with no more rights than reading takes. */
export async function startHelperProbe(
  client: EngineClient,
  engine: Engine,
  intervalMs: number,
  listener: ProbeListener,
): Promise<RunningProbe> {
  const decode = createDecoder(listener);
  let complaint = '';
  const helper = await startHelper(
    client,
    engine,
    { purpose: 'probe', args: ['watch', '--interval', String(intervalMs)], rungs: readingRungs(engine, READING) },
    {
      onOutput(chunk, stream) {
        if (stream === 'stdout') decode(chunk);
        else complaint = (complaint + chunk.toString()).slice(-2_000);
      },
      onEnd: (reason) => listener.onEnd(complaint.trim() || reason),
    },
  );
  return {
    via: 'helper',
    rescan: () => void helper.write('rescan\n'),
    stop: () => helper.stop(),
  };
}
