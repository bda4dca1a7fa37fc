import {
  type IsolationCard,
  type IsolationLine,
  isolation,
  isolationSubjects,
  type Known,
} from '#core/answer/isolation.ts';
import type { Detail, Subject } from '#core/detail/detail.ts';
import { treeOfVm } from '#core/enter/vm-target.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import type { Container, Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleJson, visibleText } from '#core/text/visible.ts';
import type { ReadOptions } from './commands.ts';
import { type Command, type Context, pickEndpoint, snapshotExit, takeSnapshot, untilAborted } from './context.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { readSnapshot } from './read-snapshot.ts';
import { type Tone, table, tone } from './text.ts';

export interface IsolationOptions extends ReadOptions {
  readonly file?: string;
}

const TONES: Readonly<Record<IsolationLine['rank'], Tone>> = {
  danger: 'red',
  warning: 'yellow',
  notice: 'dim',
  unknown: 'yellow',
  holds: 'green',
};

/** Questions that are under way at once. */
const AT_ONCE = 16;

/** What the kernel tells of these containers and of the machine's mounts; what cannot be read stays unknown. */
async function readDetails(
  context: Context,
  endpoint: string,
  snapshot: Snapshot,
  containers: readonly Container[],
): Promise<Known> {
  const inspector = await context.inspector();
  const tree = treeOfVm(snapshot)?.namespaces.mnt ?? snapshot.host.namespaces.mnt;
  const subjects = new Map<string, Subject>();
  for (const subject of containers.flatMap((container) => isolationSubjects(snapshot, container))) {
    subjects.set(JSON.stringify(subject), subject);
  }
  if (tree !== null) subjects.set('tree', { type: 'namespace', id: tree });
  const waiting = [...subjects.values()];
  const known = new Map<string, Detail>();
  const work = async (): Promise<void> => {
    for (let subject = waiting.pop(); subject !== undefined && !context.signal.aborted; subject = waiting.pop()) {
      try {
        known.set(JSON.stringify(subject), await inspector.request.detail({ endpoint, subject }));
      } catch {
        // It has ended, or the helper may not: the answer says that it is not known.
      }
    }
  };
  await untilAborted(context.signal, Promise.all(Array.from({ length: AT_ONCE }, work)));
  return (subject) => known.get(JSON.stringify(subject)) ?? null;
}

function chosen(snapshot: Snapshot, target: string | undefined): Container[] {
  const own = snapshot.containers.filter(({ helper, pid }) => !helper && pid !== null);
  if (target === undefined) return own;
  const all = snapshot.containers.filter(({ helper }) => !helper);
  const exact = all.filter(({ id, name }) => name === target || id === target);
  const hits = exact.length > 0 ? exact : all.filter(({ id }) => target.length >= 4 && id.startsWith(target));
  const names = (list: readonly Container[]) => list.map(({ name }) => visibleText(name)).join(', ');
  const [hit] = hits;
  if (hit === undefined) {
    throw new CliError(EXIT.usage, `There is no container ${visibleText(target)}. Running: ${names(own) || 'none'}.`);
  }
  if (hits.length > 1)
    throw new CliError(EXIT.usage, `${visibleText(target)} is the beginning of several ids: ${names(hits)}.`);
  if (hit.pid === null) {
    throw new CliError(
      EXIT.failed,
      `${visibleText(hit.name)} does not run, so nothing holds it or lacks. Start it first.`,
    );
  }
  return hits;
}

const worst = ({ rank, lines }: IsolationCard): string =>
  lines
    .filter((line) => line.rank === rank && rank !== 'holds')
    .map(({ title }) => title)
    .join('; ');

function list(cards: readonly IsolationCard[], colour: boolean): string {
  const count = ({ lines }: IsolationCard, rank: IsolationLine['rank']) =>
    String(lines.filter((line) => line.rank === rank).length);
  const rows = cards.map((card) => [
    { text: card.rank, tone: TONES[card.rank] },
    { text: card.container, tone: 'bold' as const },
    count(card, 'danger'),
    count(card, 'warning'),
    count(card, 'notice'),
    count(card, 'unknown'),
    worst(card),
  ]);
  return table(['RANK', 'CONTAINER', 'DANGERS', 'WARNINGS', 'NOTICES', 'UNKNOWN', 'WORST'], rows, colour);
}

function cardView({ container, lines }: IsolationCard, colour: boolean): string {
  const told = lines.map(({ code, rank, title, text, evidence, cure, source }) => {
    const head = `${tone(rank, TONES[rank], colour)} ${tone(visibleText(title), 'bold', colour)} ${tone(code, 'dim', colour)}`;
    const rows = [
      visibleText(text),
      `${tone('evidence:', 'dim', colour)} ${visibleText(evidence)}`,
      ...(cure === null ? [] : [`${tone('closed by:', 'dim', colour)} ${visibleText(cure)}`]),
      `${tone('source:', 'dim', colour)} ${visibleText(source)}`,
    ];
    return `${head}\n${rows.map((row) => `  ${row}\n`).join('')}`;
  });
  return `${tone(visibleText(container), 'bold', colour)}\n\n${told.join('\n')}`;
}

/** What running containers can do to the machine and to others: one as a card, all as a ranked list. */
export function isolationCommand(target: string | undefined, options: IsolationOptions): Command {
  return async (context) => {
    const { file } = options;
    const live = file === undefined;
    const endpoint = live ? await pickEndpoint(context, options) : '';
    const snapshot = live
      ? await takeSnapshot({ ...context, notice: () => {} }, { ...options, endpoint })
      : await readSnapshot(context, file, options);
    const containers = chosen(snapshot, target);
    const known =
      live && snapshot.probe !== null ? await readDetails(context, endpoint, snapshot, containers) : undefined;
    const wanted = new Set(containers.map(({ id }) => id));
    const cards = isolation(snapshot, analyseSharing(snapshot), known).filter(({ id }) => wanted.has(id));
    if (options.json === true) context.out(`${visibleJson(cards, 2)}\n`);
    else if (target === undefined) context.out(list(cards, context.colour));
    else context.out(cards.map((card) => cardView(card, context.colour)).join('\n'));
    return snapshotExit(snapshot);
  };
}
