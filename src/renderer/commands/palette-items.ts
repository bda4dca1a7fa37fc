import { COMMANDS, type CommandId } from '#api/commands.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import type { Selection, State } from '../state/state.ts';
import { firstKey } from './keys.ts';
import { applies } from './run.ts';

/** Something that the palette offers. */
export interface PaletteItem {
  readonly key: string;
  readonly kind: 'command' | 'container' | 'namespace' | 'process';
  readonly label: string;
  /** Beside the label: a key, an image, a command line. */
  readonly detail: string;
  readonly does: { readonly command: CommandId } | { readonly selection: Selection };
}

/** More than a screen holds: whoever wants another one types more. */
const MOST = 60;

/** How well a text answers what is typed; 0 best, null not at all. */
export function rank(text: string, words: readonly string[]): number | null {
  const lower = text.toLowerCase();
  let worst = 0;
  for (const word of words) {
    const at = lower.indexOf(word);
    if (at < 0) return null;
    worst = Math.max(worst, at === 0 ? 0 : /[^a-z0-9]/.test(lower[at - 1] ?? '') ? 1 : 2);
  }
  return worst;
}

function commandItems(state: State): PaletteItem[] {
  return COMMANDS.filter((entry) => entry.scope === 'page' && entry.move !== true && entry.id !== 'palette')
    .filter(({ id }) => applies(id, state))
    .map(({ id, label }) => ({
      key: id,
      kind: 'command',
      label: label.replace(/…$/, ''),
      detail: firstKey(id),
      does: { command: id },
    }));
}

function* things(snapshot: Snapshot): Generator<PaletteItem> {
  for (const { id, name, image, helper } of snapshot.containers) {
    if (helper) continue;
    yield {
      key: id,
      kind: 'container',
      label: visibleText(name),
      detail: visibleText(image),
      does: { selection: { type: 'container', id } },
    };
  }
  for (const { id, pids } of snapshot.namespaces) {
    const detail = pids.length === 1 ? '1 process' : `${pids.length} processes`;
    yield { key: id, kind: 'namespace', label: id, detail, does: { selection: { type: 'namespace', id } } };
  }
  for (const { pid, comm, argv, container } of snapshot.processes) {
    yield {
      key: `pid ${pid}`,
      kind: 'process',
      label: `${pid} ${visibleText(comm)}`,
      detail: visibleText(argv.join(' ')),
      does: {
        selection: container === null ? { type: 'host', pid } : { type: 'container', id: container, pid },
      },
    };
  }
}

/**
 * What the palette offers for what is typed: commands first, then containers, namespaces and processes, of each the best
 * first. Without a word, the commands.
 */
export function paletteItems(typed: string, state: State, snapshot: Snapshot | null): readonly PaletteItem[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const commands = commandItems(state);
  if (words.length === 0) return commands;
  const ranked: { readonly item: PaletteItem; readonly rank: number }[] = [];
  const add = (item: PaletteItem): void => {
    const found = rank(item.label, words) ?? (rank(`${item.label} ${item.detail}`, words) === null ? null : 3);
    if (found !== null) ranked.push({ item, rank: found });
  };
  for (const item of commands) add(item);
  if (snapshot !== null) for (const item of things(snapshot)) add(item);
  // The sort is stable: equals stay in the order of kinds.
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ item }) => item);
}
