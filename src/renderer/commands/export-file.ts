import { pairContainers } from '#core/answer/same-container.ts';
import type { Usage } from '#core/answer/usage.ts';
import type { FileTheme } from '#core/export/drawing.ts';
import {
  COMPARED_VIEWS,
  type Content,
  type ExportFormat,
  type ExportFormatId,
  type ExportView,
  exportFormat,
  type Picture,
} from '#core/export/formats.ts';
import { createMask, maskUsage } from '#core/export/mask.ts';
import type { Scene } from '#core/layout/scene.ts';
import { onlyContainers, withPartners } from '#core/sharing/only.ts';
import { HOST } from '#core/sharing/sharing.ts';
import { collectedWiring } from '#core/snapshot/details.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { timeStamp } from '#core/text/time-stamp.ts';
import { NOTHING_READ, type Reading, readOn } from '#core/wiring/reading.ts';
import { t } from '#core/words/words.ts';
import { sharingOf } from '../page/derived.ts';
import { measureUse } from '../page/measure-use.ts';
import type { Page } from '../page/page.ts';
import { liveEndpoint, type Selection, shownSnapshot } from '../state/state.ts';

/** What the user chose for a file. */
export interface ExportChoice {
  readonly format: ExportFormatId;
  readonly view: ExportView;
  readonly theme: FileTheme;
  /** Pixels of a PNG for each unit; null for as sharp as its size allows. */
  readonly scale: 1 | 2 | 4 | null;
  readonly mask: boolean;
  /** The picture of sharing with the places that it has on the screen, instead of a page's. */
  readonly screen: boolean;
  /** Only what is selected, with its partners. */
  readonly selected: boolean;
}

export interface ExportedFile {
  readonly filename: string;
  readonly mimeType: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
  /** The characters that no font has a shape for. */
  readonly missing: string;
}

/** The view that a file of the format shows: the chosen one, or the first that the format can hold. */
export function viewOf({ format, view }: Pick<ExportChoice, 'format' | 'view'>): ExportView {
  const { views } = exportFormat(format);
  return views.includes(view) ? view : (views[0] ?? 'sharing');
}

/** The containers that a selection stands for; empty for none. */
export function selectedContainers(selection: Selection | null, snapshot: Snapshot): ReadonlySet<string> {
  const sharing = sharingOf(snapshot);
  if (selection?.type === 'container') return withPartners([selection.id], sharing);
  if (selection?.type === 'pair') return new Set([selection.first, selection.second]);
  if (selection?.type === 'broken') return withPartners([selection.container], sharing);
  if (selection?.type === 'namespace') {
    return new Set(sharing.byNamespace.get(selection.id)?.members.filter((member) => member !== HOST));
  }
  const members =
    selection?.type === 'set' ? sharing.sets.find(({ key }) => key === selection.key)?.members : undefined;
  return new Set(members?.filter((member) => member !== HOST));
}

/** The links of a snapshot's network namespaces: those it holds, or those of the live engine now. */
async function readNets({ store, actions }: Page, snapshot: Snapshot): Promise<Picture['nets']> {
  const endpoint = liveEndpoint(store.get());
  const reading =
    snapshot.details !== undefined || endpoint === null
      ? collectedWiring(snapshot)
      : await new Promise<Reading>((resolve, reject) => {
          let read = NOTHING_READ;
          const stop = actions.backend.subscribe(
            'wiring',
            { endpoint },
            (event) => {
              read = readOn(read, event);
              if (event.type !== 'end') return;
              stop();
              resolve(read);
            },
            ({ message }) => reject(new Error(message)),
          );
        });
  const nets = [...reading.nets.values()].flatMap(({ id, links }) => (links === null ? [] : [{ id, links }]));
  if (nets.length > 0) return nets;
  throw new Error(
    reading.problem ?? t('This snapshot holds no links of networks. Save one with details, or export the wiring live.'),
  );
}

/**
 * The use of what is shown, under the names that the file's snapshot has. For a part of the snapshot, only that part's.
 */
async function readUse(page: Page, shown: Snapshot, snapshot: Snapshot, choice: ExportChoice): Promise<Usage> {
  const usage = await measureUse(page, shown);
  const masked = choice.mask ? maskUsage(usage, snapshot) : usage;
  if (!choice.selected) return masked;
  const ids = new Set(snapshot.containers.map(({ id }) => id));
  return { ...masked, groups: masked.groups.filter(({ group }) => ids.has(group.key)) };
}

/** The earlier snapshot, cut to those that are in a part of the later one. */
function earlierOf(before: Snapshot, after: Snapshot, part: Snapshot): Snapshot {
  if (part === after) return before;
  const ids = new Set(part.containers.map(({ id }) => id));
  const { later } = pairContainers(before, after);
  return onlyContainers(before, new Set(before.containers.map(({ id }) => id).filter((id) => ids.has(later(id)))));
}

/** The content for a choice: the snapshot that is shown, masked and cut as chosen, and its view. */
export async function pictureOf(page: Page, choice: ExportChoice, scene: Scene | null): Promise<Picture> {
  const { view: options, selection, comparison } = page.store.get();
  const shown = shownSnapshot(page.store.get());
  if (shown === null) throw new Error(t('There is no picture to export yet.'));
  const cut = choice.selected ? onlyContainers(shown, selectedContainers(selection, shown)) : shown;
  const view = viewOf(choice);
  const compared =
    COMPARED_VIEWS.includes(view) && comparison !== null ? earlierOf(comparison.snapshot, shown, cut) : null;
  const all = compared === null ? [cut] : [cut, compared];
  const [snapshot = cut, before = null] = choice.mask ? all.map(createMask(all)) : all;
  if (view === 'wiring' && choice.mask && snapshot.details === undefined) {
    throw new Error(t('Only the wiring of a snapshot with details can be masked: save one, open it, and export that.'));
  }
  return {
    ...{ snapshot, before, view, theme: choice.theme },
    // The filter itself may contain names that are masked.
    options: choice.mask || choice.selected ? { ...options, filter: '' } : options,
    scene: choice.screen && !choice.mask && !choice.selected ? scene : null,
    nets: view === 'wiring' ? await readNets(page, snapshot) : [],
    usage: view === 'resources' ? await readUse(page, shown, snapshot, choice) : null,
  };
}

/** A file name with its time, made of characters that every system allows. */
export function fileName({ id, extension, views }: ExportFormat, { view, snapshot, before }: Picture): string {
  const shown = before == null ? view : 'comparison';
  const what = views.length > 0 ? shown : id.startsWith('csv-') ? id.slice(4) : 'snapshot';
  return `bulkhead-${what}-${timeStamp(snapshot.takenAt)}.${extension}`;
}

/**
 * The file of a content. Rejects with a sentence for people where a format cannot hold it.
 * @param draw draws the formats that are pictures
 */
export async function fileOf(
  content: Content,
  format: ExportFormat,
  picture: Picture,
  scale: ExportChoice['scale'],
  draw: Pick<Page['actions'], 'png' | 'pdf'>,
): Promise<ExportedFile> {
  const named = { filename: fileName(format, picture), mimeType: format.mimeType };
  if (content.type === 'text') return { ...named, content: content.text, missing: '' };
  const { bytes, missing } = await (content.type === 'png'
    ? draw.png(content.svg, scale)
    : draw.pdf(content.pages, picture.snapshot.takenAt));
  return { ...named, content: bytes, missing };
}
