import * as z from 'zod';
import { type PlainMessage, type Saying, saying } from '../words/words.ts';

/** What happens to containers, by the words of `WHAT_HAPPENS`. */
export const HAPPENING_KINDS = [
  'started',
  'died',
  'joined',
  'left',
  'broken',
  'connected',
  'disconnected',
  'made',
  'oom',
  'exec',
] as const;
export type HappeningKind = (typeof HAPPENING_KINDS)[number];

/** Each kind in a word or two, for marks and lists. */
export const WHAT_HAPPENS: Readonly<Record<HappeningKind, PlainMessage>> = {
  started: 'started',
  died: 'died',
  joined: 'joined',
  left: 'left',
  broken: 'share broken',
  connected: 'connected',
  disconnected: 'disconnected',
  made: 'namespace made',
  oom: 'OOM kill',
  exec: 'exec',
};

/** Characters of a command line or a name that are kept: others choose them. */
const LONGEST = 300;
const short = z.string().transform((text) => text.slice(0, LONGEST));

/** An event of the engine, whether or not a scan saw its effect. */
export const toldSchema = z.object({
  /** ISO 8601, by the clock of whoever recorded it. */
  at: z.string(),
  what: z.enum(['started', 'died', 'oom', 'exec']),
  container: z.string(),
  name: short,
  /** The exit code of what died, the command line of an exec; '' where the engine tells none. */
  detail: short,
});
export type Told = z.infer<typeof toldSchema>;

/** One thing that happened. */
export interface Happening {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly what: HappeningKind;
  /** '' where it happened outside of all containers. */
  readonly container: string;
  /** A sentence without its full stop, with names as others chose them. */
  readonly text: Saying;
  /** False if only the engine reported it and no recorded moment shows it. */
  readonly seen: boolean;
  /** Where the engine told it. */
  readonly told?: Told;
}

/** What the engine told, in words. */
export function toldText({ what, name, detail }: Pick<Told, 'what' | 'name' | 'detail'>): Saying {
  switch (what) {
    case 'started':
      return saying('{name} started', { name });
    case 'died':
      return detail === ''
        ? saying('{name} died', { name })
        : saying('{name} died, exit code {code}', { name, code: detail });
    case 'oom':
      return saying('{name} ran out of memory, and the kernel killed a process of it', { name });
    case 'exec':
      return detail === ''
        ? saying('exec in {name}', { name })
        : saying('exec in {name}: {command}', { name, command: detail });
  }
}
