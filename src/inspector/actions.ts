import { type RequestParams, SIGNALS } from '#api/contract.ts';
import type { Engine } from '#core/snapshot/snapshot.ts';
import type { EngineClient } from './engine/engine.ts';
import { type Capability, readingRungs, startHelper, worksHere } from './probe/helper.ts';
import { programHere } from './terminal/program.ts';

const SIGNALLING: readonly Capability[] = [{ name: 'KILL', reason: 'to signal processes of other users (kill(2))' }];

function failure(message: string): Error {
  return Object.assign(new Error(message), { code: 'signal' });
}

/**
 * Sends a signal to exactly one process, through a helper where there is an engine.
 * @throws an Error that says why it was not sent
 */
export async function sendSignal(
  where: { readonly client: EngineClient; readonly engine: Engine } | null,
  { pid, startTime, signal }: Omit<RequestParams<'process.signal'>, 'endpoint'>,
): Promise<void> {
  const args = ['signal', String(pid), String(startTime), String(SIGNALS[signal])];
  let complaint = '';
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const onComplaint = (chunk: Buffer): void => {
    complaint = (complaint + chunk.toString()).slice(-500);
  };
  const here = () => programHere(args, { onStdout: () => {}, onStderr: onComplaint, onEnd: end });
  const there = async ({ client, engine }: NonNullable<typeof where>) => {
    try {
      return await startHelper(
        client,
        engine,
        { purpose: 'signal', args, rungs: readingRungs(engine, SIGNALLING) },
        { onOutput: (chunk, stream) => stream === 'stderr' && onComplaint(chunk), onEnd: end },
      );
    } catch (error) {
      if (worksHere(error, engine)) return here();
      throw error;
    }
  };
  const program = await (where === null ? here() : there(where));
  await ended;
  await program.stop();
  if (complaint !== '') throw failure(complaint.trim().replace(/^bulkhead-probe: /, ''));
}
