import { type RequestParams, SIGNALS } from '#api/contract.ts';
import type { Capability } from '#api/helper.ts';
import { stored } from '#core/words/stored.ts';
import { t } from '#core/words/words.ts';
import { launchProbe, type Place } from './probe/launch.ts';
import { type Said, ToldError } from './told.ts';

const SIGNALLING: readonly Capability[] = [{ name: 'KILL', reason: 'to signal processes of other users (kill(2))' }];

/** To find a process and signal it takes no probe longer. */
const SENT_WITHIN_MS = 15_000;

function failure(text: string | Said): Error {
  return Object.assign(new ToldError(text), { code: 'signal' });
}

/**
 * Sends a signal to exactly one process, through a helper where there is an engine. It was sent when the probe says so,
 * and only then: a helper that is lost before may have sent nothing.
 * @throws an Error that says why it was not sent
 */
export async function sendSignal(
  place: Place,
  { pid, startTime, signal }: Omit<RequestParams<'process.signal'>, 'endpoint'>,
  privileged: boolean,
): Promise<void> {
  const args = ['signal', String(pid), String(startTime), String(SIGNALS[signal])] as const;
  let said = '';
  let complaint = '';
  let end = (_reason: Said): void => {};
  const ended = new Promise<Said>((resolve) => {
    end = resolve;
  });
  const timer = setTimeout(() => end(() => t('the probe did not answer')), SENT_WITHIN_MS);
  try {
    const probe = await launchProbe(
      place,
      { purpose: 'signal', args: () => args, rights: SIGNALLING, privileged, life: null },
      {
        onStdout(bytes) {
          said = (said + bytes.toString()).slice(0, 100);
        },
        onStderr(bytes) {
          complaint = (complaint + bytes.toString()).slice(-500);
        },
        onEnd: (reason) => end(reason),
      },
    );
    const reason = await ended;
    await probe.stop();
    if (said.trim() === 'sent') return;
    if (complaint !== '') throw failure(() => stored(complaint.trim().replace(/^bulkhead-probe: /, '')));
    throw failure(() =>
      t('It is not known whether the signal was sent: {reason}. Look whether the process still runs.', {
        reason: reason(),
      }),
    );
  } finally {
    clearTimeout(timer);
  }
}
