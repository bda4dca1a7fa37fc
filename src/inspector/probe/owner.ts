import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { HELPER_LABEL } from '#core/parse/container.ts';
import type { EngineClient, LabelledContainer } from '../engine/engine.ts';

const OWNER_PID_LABEL = 'dev.bulkhead.owner-pid';
const OWNER_HOST_LABEL = 'dev.bulkhead.owner-host';
const INSTANCE_LABEL = 'dev.bulkhead.instance';
/** One start of one helper: what its guardian knows it by. */
export const LAUNCH_LABEL = 'dev.bulkhead.launch';

/** Which run of the app made a helper: several engines and windows of one run share it. */
const INSTANCE = randomUUID();

/** The labels of a new helper: what it is for, and whose it is. */
export function helperLabels(purpose: string, launch: string): Record<string, string> {
  return {
    [HELPER_LABEL]: purpose,
    [OWNER_PID_LABEL]: String(process.pid),
    [OWNER_HOST_LABEL]: hostname(),
    [INSTANCE_LABEL]: INSTANCE,
    [LAUNCH_LABEL]: launch,
  };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** No start takes so long, also where the engine's clock and ours differ by some minutes; in seconds. */
const START_IS_OVER = 15 * 60;

/** True for a helper whose owner, on this machine, is dead, and for one of whoever's that never ran and never will. */
function isLeftover({ labels, neverStarted, created }: LabelledContainer): boolean {
  if (labels[INSTANCE_LABEL] === INSTANCE) return false;
  // Its owner's pid may be another's by now, and its owner may have been elsewhere.
  if (neverStarted && created !== null && Date.now() / 1_000 - created > START_IS_OVER) return true;
  return labels[OWNER_HOST_LABEL] === hostname() && !alive(Number(labels[OWNER_PID_LABEL]));
}

/** Removes what earlier runs left. A helper that runs for a user of another machine is not ours to judge. */
export async function removeLeftovers(client: EngineClient): Promise<void> {
  for (const container of await client.containersLabelled(HELPER_LABEL)) {
    if (isLeftover(container)) await client.remove(container.id).catch(() => {});
  }
}
