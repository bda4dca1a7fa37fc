import { COMMANDS, type CommandId, labelOf } from '#api/commands.ts';
import { find } from '#core/answer/find.ts';
import { type FoundType, type Hit, textRank } from '#core/answer/find-index.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import type { Selection, State } from '../state/state.ts';
import { firstKey } from './keys.ts';
import { applies } from './run.ts';

/** Something that the palette offers. */
export interface PaletteItem {
  readonly key: string;
  readonly kind: 'command' | FoundType;
  readonly label: string;
  /** Beside the label: a key, or why it was found. */
  readonly detail: string;
  /** Other words that find it. */
  readonly also: string;
  readonly does: { readonly command: CommandId } | { readonly selection: Selection };
}

/** More than fits on a screen; typing more letters narrows the list. */
const MOST = 60;

interface Ranked {
  readonly item: PaletteItem;
  readonly rank: number;
}

function commandItems(state: State): PaletteItem[] {
  return COMMANDS.filter((entry) => entry.scope === 'page' && entry.move !== true && entry.id !== 'palette')
    .filter(({ id }) => applies(id, state))
    .map((entry) => ({
      key: entry.id,
      kind: 'command',
      label: labelOf(entry).replace(/…$/, ''),
      detail: firstKey(entry.id),
      also: typeof entry.label === 'string' ? entry.label : entry.label.message.replace('{kind}', entry.label.kind),
      does: { command: entry.id },
    }));
}

function thing({ type, name, container, pid, why, place, rank }: Hit): Ranked {
  const process = type === 'process' ? `${pid} ` : '';
  const whose = container === null || type === 'container' ? '' : `${container}: `;
  const item: PaletteItem = {
    key: `${name} ${container} ${pid} ${why}`,
    kind: type,
    label: visibleText(`${process}${name}`),
    detail: visibleText(`${whose}${why}`),
    also: '',
    does: { selection: place },
  };
  return { item, rank };
}

/**
 * What the palette offers for a typed text: things it may mean, and commands, the best first. Without a text, the
 * commands.
 */
export function paletteItems(typed: string, state: State, snapshot: Snapshot | null): readonly PaletteItem[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const commands = commandItems(state);
  if (words.length === 0) return commands;
  const ranked: Ranked[] = commands.flatMap((item) => {
    const found =
      textRank(item.label, words) ?? (textRank(`${item.label} ${item.detail} ${item.also}`, words) === null ? null : 4);
    return found === null ? [] : [{ item, rank: found }];
  });
  if (snapshot !== null) ranked.push(...find(snapshot, typed).hits.map(thing));
  // The sort is stable: equals stay in their order, commands before others.
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ item }) => item);
}
