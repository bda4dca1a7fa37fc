import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Connection } from '../engine/connection.ts';

export interface Guardian {
  /** The start is over: there is nothing to remove, or somebody else does it. */
  release(): void;
  /** Nobody knows what became of the start: whatever it made is removed. */
  remove(): void;
}

/** The packaged app, whose fuse `runAsNode` is off: its program, started for a guardian, would be the app once more. */
const runsOnlyItself = 'electron' in process.versions && !('defaultApp' in process);

/**
 * Watches over one start of a helper. An engine keeps a container that was created and never started, whoever created
 * it; so a process of its own waits beside us meanwhile, and removes the container should we die in between.
 */
export function guardLaunch({ route, headers, secrets }: Connection, label: string): Guardian {
  if (runsOnlyItself) return { release() {}, remove() {} };
  const script = fileURLToPath(new URL('./guardian.mjs', import.meta.url));
  const child = spawn(process.execPath, [script], {
    // What ends us by our process group does not end it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
  });
  // Without one, only a crash at the worst moment leaves something, which the next start removes.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.stdin.write(JSON.stringify({ route, headers, ...secrets, label }));
  child.unref();
  return { release: () => void child.kill('SIGKILL'), remove: () => void child.stdin.end() };
}
