import { spawn } from 'node:child_process';
import type { Engine } from '#core/snapshot/snapshot.ts';
import type { EngineClient } from '../engine/engine.ts';
import { ProbeMissingError, probeArch, readProbe } from '../probe/binary.ts';
import { shellRungs, startHelper } from '../probe/helper.ts';
import { ensureShellImage } from '../probe/shell-image.ts';
import type { StartProgram } from './program-shell.ts';

/** Runs the probe in a helper container that is root in the VM; says where our own shell is in it, if anywhere. */
export async function programInHelper(
  client: EngineClient,
  engine: Engine,
): Promise<{ start: StartProgram; shell: string | null }> {
  const { image, shell } = await ensureShellImage(client, engine);
  return {
    shell,
    async start(args, { onStdout, onStderr, onEnd }) {
      const helper = await startHelper(
        client,
        engine,
        { purpose: 'shell', args, rungs: shellRungs(), image },
        { onOutput: (chunk, stream) => (stream === 'stdout' ? onStdout(chunk) : onStderr(chunk)), onEnd },
      );
      return {
        write: (bytes) => helper.write(bytes),
        pause: () => helper.pause(),
        resume: () => helper.resume(),
        stop: () => helper.stop(),
      };
    },
  };
}

/** Runs the probe as a child of ours, with our own rights. */
export const programHere: StartProgram = async (args, { onStdout, onStderr, onEnd }) => {
  const arch = probeArch(process.arch);
  if (arch === null) throw new ProbeMissingError(`There is no probe for ${process.arch} machines.`);
  const { path } = await readProbe(arch);
  const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {});
  child.stdout.on('data', onStdout);
  child.stderr.on('data', onStderr);
  child.on('error', (error) => {
    onStderr(Buffer.from(`${error.message}\n`));
    onEnd();
  });
  child.on('close', onEnd);
  return {
    write: (bytes) =>
      new Promise((resolve) => {
        if (child.stdin.destroyed) resolve();
        else child.stdin.write(bytes, () => resolve());
      }),
    pause: () => void child.stdout.pause(),
    resume: () => void child.stdout.resume(),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('close', () => resolve());
        child.stdin.end();
      }),
  };
};
