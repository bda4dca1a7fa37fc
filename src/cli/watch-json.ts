import type { SessionEvent } from '#api/contract.ts';
import { applyPatch } from '#core/diff/diff.ts';
import { happened } from '#core/recording/changes.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleJson } from '#core/text/visible.ts';
import { inEnglish } from '#core/words/language.ts';
import { say } from '#core/words/words.ts';

/** Turns a session's events into lines for programs: with each change what happened in it, as the app's timeline tells it. */
export function createWatchJson(): (event: Exclude<SessionEvent, { type: 'event' }>) => string {
  let newest: Snapshot | null = null;
  return (event) => {
    if (event.type === 'snapshot') newest = event.snapshot;
    if (event.type !== 'change' || newest === null) return `${visibleJson(event)}\n`;
    const before = newest;
    newest = applyPatch(before, event.patch);
    const list = happened(event.patch, before, newest).map(({ what, container, text }) => ({
      what,
      container: container === '' ? null : container,
      text: inEnglish(() => say(text)),
    }));
    return `${visibleJson({ ...event, happened: list })}\n`;
  };
}
