import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { HELPER_LABEL } from '#core/parse/engine.ts';
import type { EngineClient } from '../engine/engine.ts';

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

/** Removes helpers whose owner, on this machine, is dead. Helpers of other machines' users are not ours to judge. */
export async function removeLeftovers(client: EngineClient): Promise<void> {
  for (const { id, labels } of await client.containersLabelled(HELPER_LABEL)) {
    if (labels[OWNER_HOST_LABEL] !== hostname() || labels[INSTANCE_LABEL] === INSTANCE) continue;
    if (!alive(Number(labels[OWNER_PID_LABEL]))) await client.remove(id).catch(() => {});
  }
}
