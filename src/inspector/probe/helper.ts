import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { HELPER_LABEL } from '#core/parse/engine.ts';
import type { Engine } from '#core/snapshot/snapshot.ts';
import { errorText } from '../endpoint/system.ts';
import type { EngineClient, HelperSpec } from '../engine/engine.ts';
import { probeArch, readProbe } from './binary.ts';
import { createDecoder, type ProbeListener, type RunningProbe } from './run.ts';
import { tarOf } from './tar.ts';

/** With a host of its own the name means the same to Docker and Podman, and no registry can be asked for it. */
const REPOSITORY = 'localhost/bulkhead-probe';
const PROGRAM = 'bulkhead-probe';
const OWNER_PID_LABEL = 'dev.bulkhead.owner-pid';
const OWNER_HOST_LABEL = 'dev.bulkhead.owner-host';
const INSTANCE_LABEL = 'dev.bulkhead.instance';

/** Which run of the app made a helper: several engines and windows of one run share it. */
const INSTANCE = randomUUID();

/** What the helper may do, and why. Everything else is dropped. */
const CAPABILITIES: readonly { readonly name: string; readonly reason: string }[] = [
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

function hostConfig(engine: Engine, extra: HelperSpec['hostConfig']): HelperSpec['hostConfig'] {
  const appArmor = engine.securityOptions.some((option) => option.startsWith('name=apparmor'));
  return {
    PidMode: 'host',
    CgroupnsMode: 'host',
    NetworkMode: 'none',
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    CapAdd: CAPABILITIES.map(({ name }) => name),
    // docker-default forbids reading the namespace links of processes that are not confined by it.
    SecurityOpt: ['no-new-privileges', ...(appArmor ? ['apparmor=unconfined'] : [])],
    AutoRemove: true,
    ...extra,
  };
}

/** The rungs, tried in order until the engine accepts one. */
function ladder(engine: Engine): HelperSpec['hostConfig'][] {
  return [
    hostConfig(engine, {}),
    hostConfig(engine, { UsernsMode: 'host' }),
    hostConfig(engine, { UsernsMode: 'host', Privileged: true, CapDrop: [], CapAdd: [], SecurityOpt: [] }),
  ];
}

/** Imports the probe as an image unless the engine has this very binary already. Nothing is ever pulled. */
async function ensureImage(client: EngineClient, engine: Engine): Promise<string> {
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
  const name = `${REPOSITORY}:${tag}`;
  if (await client.hasImage(name)) return name;
  try {
    await client.importImage(tarOf(PROGRAM, bytes), name, [`LABEL ${HELPER_LABEL}=image`]);
  } catch (error) {
    throw new HelperRefusedError(
      'import-refused',
      `The engine refused to import the probe's image: ${errorText(error)}`,
      'Allow image import, or go on with what the engine itself tells.',
    );
  }
  // Images of earlier versions are of no use any more.
  for (const image of await client.imagesLabelled(HELPER_LABEL)) {
    if (!image.tags.includes(name)) await client.removeImage(image.id).catch(() => {});
  }
  return name;
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

/**
 * Runs the probe in a helper container of the engine: see what the container may do in CAPABILITIES. Its stdin is held
 * open by our connection, and only once: when we die, the engine closes it, the probe exits and the container goes.
 * @throws HelperRefusedError when no rung of the ladder is accepted; ProbeMissingError when the probe was not built
 */
export async function startHelperProbe(
  client: EngineClient,
  engine: Engine,
  intervalMs: number,
  listener: ProbeListener,
): Promise<RunningProbe> {
  const image = await ensureImage(client, engine);
  const decode = createDecoder(listener);
  let complaint = '';
  const onOutput = (chunk: Buffer, stream: 'stdout' | 'stderr'): void => {
    if (stream === 'stdout') decode(chunk);
    else complaint = (complaint + chunk.toString()).slice(-2_000);
  };
  let refusal = '';
  for (const config of ladder(engine)) {
    let helper: Awaited<ReturnType<EngineClient['startHelper']>>;
    try {
      helper = await client.startHelper(
        {
          image,
          command: [`/${PROGRAM}`, 'watch', '--interval', String(intervalMs)],
          labels: {
            [HELPER_LABEL]: 'probe',
            [OWNER_PID_LABEL]: String(process.pid),
            [OWNER_HOST_LABEL]: hostname(),
            [INSTANCE_LABEL]: INSTANCE,
          },
          hostConfig: config,
        },
        onOutput,
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
      if (!stopped) listener.onEnd(complaint.trim() || reason);
    };
    helper.stdin.on('error', (error) => end(error.message));
    helper.stdin.on('end', () => end("the probe's helper container ended"));
    helper.stdin.on('close', () => end("the probe's helper container ended"));
    return {
      via: 'helper',
      rescan() {
        helper.stdin.write('rescan\n');
      },
      async stop() {
        stopped = true;
        helper.stdin.end();
        await client.remove(helper.id).catch(() => {});
        helper.stdin.destroy();
      },
    };
  }
  throw explain(refusal, engine);
}
