import type { Told } from '#core/recording/happening.ts';
import type { EngineEvent } from '../engine/events.ts';

/** Actions that change what the engine says of a container. */
export const CHANGES =
  /^(create|start|restart|die|stop|kill|pause|unpause|destroy|rename|update|oom|connect|disconnect)/;
/** Actions that start or end processes of a container and change nothing else; `exec_start` carries its command. */
export const EXECS = /^exec_(start|die)/;

/** What of an event people are told; null for what a change tells better, or nobody asks for. */
export function toldOf({ action, container, name, exitCode }: EngineEvent, at: string): Told | null {
  const tell = (what: Told['what'], detail: string): Told => ({
    at,
    what,
    container,
    name: name || container.slice(0, 12),
    detail,
  });
  if (action === 'start') return tell('started', '');
  if (action === 'die' || action === 'died') return tell('died', exitCode);
  if (action === 'oom') return tell('oom', '');
  if (/^exec(_start)?(:|$)/.test(action)) return tell('exec', action.replace(/^[^:]*:? ?/, ''));
  return null;
}
