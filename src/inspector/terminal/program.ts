import type { Engine } from '#core/snapshot/snapshot.ts';
import type { EngineClient } from '../engine/engine.ts';
import { ensureShellImage } from '../probe/image.ts';
import { launchHelper, launchHere, type Work } from '../probe/launch.ts';
import type { StartProgram } from './program-shell.ts';

function work(args: readonly string[]): Work {
  return { purpose: 'shell', args: () => args, rights: 'root', privileged: true };
}

/** Runs the probe in a helper container that is root in the VM; says where our own shell is in it, if anywhere. */
export async function programInHelper(
  client: EngineClient,
  engine: Engine,
): Promise<{ start: StartProgram; shell: string | null }> {
  const { shell } = await ensureShellImage(client, engine);
  return { shell, start: (args, listener) => launchHelper({ client, engine }, work(args), listener) };
}

/** Runs the probe as a child of ours, with our own rights. */
export const programHere: StartProgram = (args, listener) => launchHere(work(args), listener);
