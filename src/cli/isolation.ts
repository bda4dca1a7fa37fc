import { containerNames, typedText } from '#core/answer/container-names.ts';
import { isolation } from '#core/answer/isolation.ts';
import type { IsolationCard, IsolationLine } from '#core/answer/isolation-card.ts';

import { analyseSharing } from '#core/sharing/analyse.ts';
import type { Container, Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleJson, visibleText } from '#core/text/visible.ts';
import { sentences, t } from '#core/words/words.ts';
import type { ReadOptions } from './commands.ts';
import { type Command, snapshotExit } from './context.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { candidateLines } from './find-container.ts';
import { readSnapshot } from './read-snapshot.ts';
import { type Tone, table, tone } from './text.ts';

export interface IsolationOptions extends ReadOptions {
  /** A saved snapshot. */
  readonly snapshot?: string;
}

const TONES: Readonly<Record<IsolationLine['rank'], Tone>> = {
  danger: 'red',
  warning: 'yellow',
  notice: 'dim',
  unknown: 'yellow',
  holds: 'green',
};

function chosen(snapshot: Snapshot, target: string | undefined): Container[] {
  const own = snapshot.containers.filter(({ helper, pid }) => !helper && pid !== null);
  if (target === undefined) return own;
  const all = snapshot.containers.filter(({ helper }) => !helper);
  const exact = all.filter(({ id, name }) => name === target || id === target);
  const hits = exact.length > 0 ? exact : all.filter(({ id }) => target.length >= 4 && id.startsWith(target));
  const [hit] = hits;
  if (hit === undefined) {
    const name = visibleText(typedText(target));
    throw new CliError(
      EXIT.usage,
      own.length === 0
        ? t('There is no container {name}, and none runs.', { name })
        : t('There is no container {name}. Running: {names}.', {
            name,
            names: visibleText(containerNames(own, target)),
          }),
    );
  }
  if (hits.length > 1) {
    throw new CliError(
      EXIT.usage,
      t('Several containers’ ids begin with {text}:', { text: visibleText(target) }) + candidateLines(hits),
    );
  }
  if (hit.pid === null) {
    throw new CliError(
      EXIT.failed,
      t('{name} is not running, so there is no isolation to describe. Start it first.', {
        name: visibleText(hit.name),
      }),
    );
  }
  return hits;
}

const worst = ({ rank, lines }: IsolationCard): string =>
  lines
    .filter((line) => line.rank === rank && rank !== 'holds')
    .map(({ title }) => title)
    .join(t('; '));

function list(cards: readonly IsolationCard[], colour: boolean): string {
  const count = ({ lines }: IsolationCard, rank: IsolationLine['rank']) =>
    String(lines.filter((line) => line.rank === rank).length);
  const rows = cards.map((card) => [
    { text: t(card.rank), tone: TONES[card.rank] },
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
    const head = `${tone(t(rank), TONES[rank], colour)} ${tone(visibleText(title), 'bold', colour)} ${tone(code, 'dim', colour)}`;
    const rows = [
      visibleText(text),
      sentences(tone(t('evidence:'), 'dim', colour), visibleText(evidence)),
      ...(cure === null ? [] : [sentences(tone(t('closed by:'), 'dim', colour), visibleText(cure))]),
      sentences(tone(t('source:'), 'dim', colour), visibleText(source)),
    ];
    return `${head}\n${rows.map((row) => `  ${row}\n`).join('')}`;
  });
  return `${tone(visibleText(container), 'bold', colour)}\n\n${told.join('\n')}`;
}

/** What running containers can do to the machine and to others: one as a card, all as a ranked list. */
export function isolationCommand(target: string | undefined, options: IsolationOptions): Command {
  return async (context) => {
    const snapshot = await readSnapshot(context, options.snapshot, options, true);
    const containers = chosen(snapshot, target);
    const wanted = new Set(containers.map(({ id }) => id));
    const cards = isolation(snapshot, analyseSharing(snapshot)).filter(({ id }) => wanted.has(id));
    if (options.json === true) context.out(`${visibleJson(cards, 2)}\n`);
    else if (target === undefined) context.out(list(cards, context.colour));
    else context.out(cards.map((card) => cardView(card, context.colour)).join('\n'));
    return snapshotExit(snapshot);
  };
}
