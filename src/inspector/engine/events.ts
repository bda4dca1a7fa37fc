import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { HELPER_LABEL } from '#core/parse/container.ts';
import { createLineReader } from '#core/text/lines.ts';
import { t } from '#core/words/words.ts';
import type { Said } from '../told.ts';
import { containerId, jsonOrNull } from './records.ts';

/** The longest event that is read, in characters: one that starts a command carries it. */
const LONGEST_EVENT = 4 * 1024 * 1024;

const eventSchema = z.object({
  Type: z.string().optional(),
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.unknown()).nullish() }),
  timeNano: z.number().optional(),
});

/** One event that concerns a container; of other types only networks are asked for. */
export interface EngineEvent {
  /** As the engine names it; `connect` and `disconnect` are a network's. */
  readonly action: string;
  readonly container: string;
  /** Unix time in nanoseconds; 0 when the engine does not say. */
  readonly timeNano: number;
  /** The container's; '' where the engine does not tell. */
  readonly name: string;
  /** Of what died; '' where the engine does not tell. */
  readonly exitCode: string;
  /** True for Bulkhead's own. */
  readonly helper: boolean;
}

/**
 * Reads an engine's event stream until it ends or `signal` aborts. `onEnd` is called once when the engine ends it.
 */
export function readEvents(
  stream: IncomingMessage,
  onEvent: (event: EngineEvent) => void,
  onEnd: (reason: Said) => void,
  signal: AbortSignal,
): void {
  const read = createLineReader(LONGEST_EVENT);
  let ended = false;
  const end = (reason: Said): void => {
    if (ended) return;
    ended = true;
    if (!signal.aborted) onEnd(reason);
  };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    // An object may be split across chunks; json-seq puts a record separator before each.
    for (const line of read(chunk.replaceAll('\u001e', ''))) {
      if (line === null) {
        end(() => t('the engine’s event stream has no line breaks'));
        stream.destroy();
        return;
      }
      const event = eventOf(line);
      if (event !== null) onEvent(event);
    }
  });
  const closed = (): void => end(() => t('the engine closed its event stream'));
  stream.on('error', closed).on('close', closed);
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  if (signal.aborted) stream.destroy();
}

/** A line of the event stream; null for what is no event of a container or of its network. */
function eventOf(line: string): EngineEvent | null {
  const parsed = eventSchema.safeParse(jsonOrNull(line));
  if (!parsed.success) return null;
  const { Type, Action, Actor, timeNano } = parsed.data;
  const container = containerId.safeParse(Type === 'network' ? Actor.Attributes?.container : Actor.ID);
  if (!container.success) return null;
  const attribute = (name: string): string => {
    const value = Actor.Attributes?.[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    action: Action,
    container: container.data,
    timeNano: timeNano ?? 0,
    name: attribute('name'),
    // Podman's own name for it is the second.
    exitCode: attribute('exitCode') || attribute('containerExitCode'),
    helper: Actor.Attributes?.[HELPER_LABEL] !== undefined,
  };
}
