import { hostname, release } from 'node:os';
import type { Engine } from '#core/snapshot/snapshot.ts';
import { inEnglish } from '#core/words/language.ts';
import { type PlainMessage, sentences, t } from '#core/words/words.ts';
import type { EngineError } from '../engine/engine-error.ts';
import { type Said, ToldError } from '../told.ts';

/** The engine would not run the helper: `message` names what refused, `advice` what the user may do. */
export class HelperRefusedError extends ToldError {
  readonly code: string;
  readonly #advice: string | Said;
  /** True where it may run when the user lets it be privileged. */
  readonly privilegesMayHelp: boolean;

  constructor(code: string, text: string | Said, advice: string | Said, privilegesMayHelp = false) {
    super(text);
    this.name = 'HelperRefusedError';
    this.code = code;
    this.#advice = advice;
    this.privilegesMayHelp = privilegesMayHelp;
  }

  get advice(): string {
    return typeof this.#advice === 'string' ? this.#advice : this.#advice();
  }
}

const REFUSALS: readonly {
  readonly when: (text: string, engine: Engine) => boolean;
  readonly code: string;
  readonly message: PlainMessage;
  readonly advice: PlainMessage;
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

const CURED_BY_PRIVILEGES: ReadonlySet<string> = new Set(['userns-remap', 'security-module']);

/**
 * What an engine's refusal means to the user. Sources: Docker's ECI documentation, moby and runc texts.
 * @param privilegesMayHelp see HelperRefusedError
 */
export function explainRefusal(refusal: EngineError, engine: Engine, privilegesMayHelp: boolean): HelperRefusedError {
  const text = inEnglish(refusal.say);
  if (refusal.byProxy) {
    return new HelperRefusedError(
      'proxy',
      () => sentences(refusal.fact(), t('So the helper cannot run, and processes and namespaces are unknown.')),
      () => t('The helper needs CONTAINERS=1, IMAGES=1 and POST=1 there; or use the engine’s own socket.'),
    );
  }
  const known = REFUSALS.find(({ when }) => when(text, engine));
  if (known !== undefined) {
    const cured = privilegesMayHelp && CURED_BY_PRIVILEGES.has(known.code);
    const { code, message, advice } = known;
    return new HelperRefusedError(
      code,
      () => t(message),
      () => t(advice),
      cured,
    );
  }
  return new HelperRefusedError(
    'helper-refused',
    () => t("The engine refused the probe's helper container: {reason}", { reason: refusal.say() }),
    () =>
      t('What the engine itself tells is shown. Allow containers with --pid=host and CAP_SYS_PTRACE to see the rest.'),
    privilegesMayHelp,
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
export function worksHere(error: unknown, engine: Engine): error is HelperRefusedError {
  return error instanceof HelperRefusedError && onThisKernel(engine);
}
