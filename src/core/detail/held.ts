import { pinTexts } from '../snapshot/pin-text.ts';
import type { Namespace, Snapshot } from '../snapshot/snapshot.ts';
import { t } from '../words/words.ts';
import type { Section } from './section.ts';

/** Processes that are named before they are only counted. */
const MOST = 20;

/** What keeps a namespace alive: the processes in it, and what else holds it. */
export function heldSection(snapshot: Snapshot, { pids, pins }: Namespace): Section {
  const processes = new Map(snapshot.processes.map((process) => [process.pid, process]));
  const members = pids.slice(0, MOST).map((pid) => [t('in it'), `${processes.get(pid)?.comm ?? t('process')} ${pid}`]);
  if (pids.length > MOST) members.push([t('in it'), t('and {count, number} more', { count: pids.length - MOST })]);
  return {
    title: t('Held by {count, plural, one {# process} other {# processes}} in it', { count: pids.length }),
    part: 'holders',
    head: [],
    rows: [
      ...members,
      ...pinTexts(pins, snapshot, processes).map((text) => [pids.length === 0 ? t('only') : t('besides'), text]),
    ],
    empty: t('Nothing that can be seen holds it.'),
  };
}
