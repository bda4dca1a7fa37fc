import { setTimeout as sleep } from 'node:timers/promises';
import { type Usage, usageOf } from '#core/answer/usage.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import type { UsageSample } from '#core/usage/schema.ts';
import { type Context, takeSnapshot, untilAborted } from './context.ts';
import type { EndpointOptions } from './endpoint-choice.ts';

/** Milliseconds between two samples. */
const EVERY = 1_000;

export interface Measured {
  readonly snapshot: Snapshot;
  readonly usage: Usage;
  readonly sample: UsageSample;
}

/** Who uses what of an endpoint, again every second, until an interruption. */
export async function* measure(context: Context, options: EndpointOptions, endpoint: string): AsyncGenerator<Measured> {
  const inspector = await context.inspector();
  // Held, so that every sample is of one running session.
  const stop = inspector.subscribe.session({ endpoint }, () => {});
  const look = () => untilAborted(context.signal, inspector.request['usage.sample']({ endpoint }));
  try {
    // Says what is missing, and why.
    await takeSnapshot(context, { ...options, endpoint });
    for (let before = await look(); ; ) {
      await sleep(EVERY, undefined, { signal: context.signal }).catch(() => {});
      if (context.signal.aborted) return;
      const sample = await look();
      const snapshot = await untilAborted(context.signal, inspector.request['snapshot.take']({ endpoint }));
      yield { snapshot, usage: usageOf(snapshot, before, sample), sample };
      before = sample;
    }
  } finally {
    stop();
  }
}
