import { writeFileSync } from 'node:fs';
import { FILE_THEMES, type FileTheme } from '#core/export/drawing.ts';
import {
  COMPARED_VIEWS,
  EXPORT_FORMATS,
  EXPORT_VIEWS,
  type ExportFormat,
  type ExportFormatId,
  type ExportView,
  exportFormat,
  formatOfName,
  type Picture,
  pngScale,
} from '#core/export/formats.ts';
import { createMask, maskUsage } from '#core/export/mask.ts';
import { parseFilter } from '#core/layout/filter.ts';
import { DEFAULT_VIEW } from '#core/layout/graph.ts';
import type { ViewOptions } from '#core/layout/scene.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { collectedWiring } from '#core/snapshot/details.ts';
import type { NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import type { WiredNet } from '#core/wiring/groups.ts';
import { NOTHING_READ, type Reading, readOn } from '#core/wiring/reading.ts';
import { commas, or, sentences, t } from '#core/words/words.ts';
import { type Command, type Context, pickEndpoint, untilAborted } from './context.ts';
import type { EndpointOptions } from './endpoint-choice.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { type Measured, measure } from './measure.ts';
import { fromStdin, readSnapshot } from './read-snapshot.ts';

/** The values of `--format`, `--view`, `--theme` and `--scale`. */
export const FORMAT_IDS: readonly ExportFormatId[] = EXPORT_FORMATS.map(({ id }) => id);
export const VIEW_IDS = EXPORT_VIEWS;
export const THEME_IDS = FILE_THEMES;
export const SCALES = ['1', '2', '4'] as const;

export interface ExportOptions extends EndpointOptions {
  readonly format?: ExportFormatId;
  readonly view?: ExportView;
  readonly theme?: FileTheme;
  readonly scale?: (typeof SCALES)[number];
  /** Pseudonyms for all that people named. */
  readonly mask?: boolean;
  /** Of a recording: which moment. */
  readonly at?: string;
  /** An earlier snapshot, or moment of a recording: what became of each thing since is marked. */
  readonly compare?: string;
  readonly output?: string;
  /** What the picture and the table show, as the app's filter menu has it. */
  readonly filter?: string;
  readonly kinds?: readonly NamespaceKind[];
  readonly running?: boolean;
  readonly networks?: boolean;
  readonly services?: boolean;
  readonly hostLinks?: boolean;
}

/** Which views have which choice of what they show. */
const CHOICES: readonly (readonly [keyof ExportOptions, flag: string, views: readonly ExportView[]])[] = [
  ['filter', '--filter', ['sharing', 'table']],
  ['running', '--running', ['sharing', 'table']],
  ['services', '--services', ['sharing', 'table']],
  ['kinds', '--kinds', ['sharing']],
  ['networks', '--networks', ['sharing']],
  ['hostLinks', '--host-links', ['sharing']],
];

const wrong = (message: string) => new CliError(EXIT.usage, message);
const idsOf = (formats: readonly ExportFormat[]): string => commas(formats.map(({ id }) => id));

/** What was asked for, as far as it is possible; else what is. */
function choose({ format: id, view, theme, scale, output }: ExportOptions): { format: ExportFormat; view: ExportView } {
  const format = id === undefined ? formatOfName(output ?? '') : exportFormat(id);
  if (format === undefined) {
    const formats = or(FORMAT_IDS);
    throw wrong(
      output === undefined
        ? t('Say which format with --format: {formats}; or name a file with -o, by whose ending it is chosen.', {
            formats,
          })
        : t('No format has files that end as {file} does. Say which with --format: {formats}.', {
            file: visibleText(output),
            formats,
          }),
    );
  }
  const drawn = ['svg', 'png', 'pdf'].includes(format.id);
  if (view !== undefined && !format.views.includes(view)) {
    const able = EXPORT_FORMATS.filter(({ views }) => views.includes(view));
    throw wrong(
      format.views.length === 0
        ? t('{format} holds the whole snapshot and no view. With --view {view}: {formats}.', {
            format: format.id,
            view,
            formats: idsOf(able),
          })
        : t('{format} cannot hold the view {view}, only {views}. With --view {view}: {formats}.', {
            format: format.id,
            view,
            views: or(format.views),
            formats: idsOf(able),
          }),
    );
  }
  if (theme !== undefined && !drawn)
    throw wrong(t('{format} has no colours of ours: --theme goes with svg, png and pdf.', { format: format.id }));
  if (scale !== undefined && format.id !== 'png') {
    throw wrong(t('--scale says how many pixels a PNG has; {format} has none.', { format: format.id }));
  }
  return { format, view: view ?? format.views[0] ?? 'sharing' };
}

/** What is shown, as far as the view has that choice. */
function viewOptions(format: ExportFormat, view: ExportView, options: ExportOptions): ViewOptions {
  for (const [name, flag, views] of CHOICES) {
    if (options[name] === undefined || (format.views.length > 0 && views.includes(view))) continue;
    throw wrong(
      format.views.length === 0
        ? t('{format} holds the whole snapshot: {flag} goes with the views {views}.', {
            format: format.id,
            flag,
            views: or(views),
          })
        : t('{flag} goes with the views {views}.', { flag, views: or(views) }),
    );
  }
  if (options.filter !== undefined && options.mask === true) {
    throw wrong(t('--filter asks for names, which --mask takes away: export without one of them.'));
  }
  return {
    ...DEFAULT_VIEW,
    filter: options.filter ?? '',
    kinds: options.kinds ?? DEFAULT_VIEW.kinds,
    stopped: options.running !== true,
    networks: options.networks === true,
    services: options.services === true,
    hostLinks: options.hostLinks === true,
  };
}

/** A filter that is not understood would show nothing. */
function checkFilter(filter: string, snapshot: Snapshot): void {
  if (filter === '') return;
  const parsed = parseFilter(filter, snapshot, analyseSharing(snapshot));
  if (!parsed.ok) throw wrong(parsed.message);
}

/** Whether a file can tell of two snapshots, and both can be read. */
function checkCompared(format: ExportFormat, view: ExportView, before: string, after: string | undefined): void {
  if (!format.views.some((each) => COMPARED_VIEWS.includes(each)) || !COMPARED_VIEWS.includes(view)) {
    const able = EXPORT_FORMATS.filter(({ views }) => views.some((each) => COMPARED_VIEWS.includes(each)));
    throw wrong(
      t('--compare goes with the views {views}, in {formats}.', { views: or(COMPARED_VIEWS), formats: idsOf(able) }),
    );
  }
  if (fromStdin(before) && after !== undefined && fromStdin(after)) {
    throw wrong(t('Only one of the two can be read from the standard input.'));
  }
}

const wiredNets = ({ nets }: Reading): WiredNet[] =>
  [...nets.values()].flatMap(({ id, links }) => (links === null ? [] : [{ id, links }]));

/** The links of all network namespaces, looked at once. */
async function readNets(context: Context, options: ExportOptions): Promise<WiredNet[]> {
  const endpoint = await pickEndpoint(context, options);
  const inspector = await context.inspector();
  let reading = NOTHING_READ;
  let stop = (): void => {};
  const whole = new Promise<void>((resolve) => {
    stop = inspector.subscribe.wiring({ endpoint }, (event) => {
      reading = readOn(reading, event);
      if (event.type === 'end') resolve();
    });
  });
  try {
    await untilAborted(context.signal, whole);
  } finally {
    stop();
  }
  if (reading.problem !== null) context.notice(visibleText(reading.problem));
  return wiredNets(reading);
}

async function netsOf(
  context: Context,
  file: string | undefined,
  snapshot: Snapshot,
  options: ExportOptions,
): Promise<WiredNet[]> {
  if (file === undefined) return readNets(context, options);
  if (snapshot.details === undefined) {
    throw wrong(
      t(
        'This snapshot holds no links of networks. One of `bulkhead scan --details --json` does, and without a file a new scan is made.',
      ),
    );
  }
  return wiredNets(collectedWiring(snapshot));
}

/** Who uses what, between two looks a second apart. */
async function readUsage(context: Context, file: string | undefined, options: ExportOptions): Promise<Measured> {
  if (file !== undefined) {
    throw wrong(t('A file does not say who uses what: without a file it is measured now, for a second.'));
  }
  const endpoint = await pickEndpoint(context, options);
  for await (const measured of measure(context, options, endpoint)) return measured;
  throw new CliError(EXIT.interrupted, t('Interrupted.'));
}

/** Says which characters no font can draw. */
function tellMissing(context: Context, missing: string): void {
  if (missing === '') return;
  const characters = visibleText([...missing].slice(0, 30).join(' '));
  context.notice(
    sentences(
      [...missing].length > 30
        ? t('No font here has a glyph for {characters} and others: they are boxes in the file.', { characters })
        : t('No font here has a glyph for {characters}: they are boxes in the file.', { characters }),
      t('Install a font that has them, or export SVG, which each viewer draws with its own fonts.'),
    ),
  );
}

async function bytesOf(
  context: Context,
  { render }: ExportFormat,
  picture: Picture,
  scale: ExportOptions['scale'],
): Promise<string | Uint8Array> {
  const content = render(picture);
  if (content.type === 'text') return content.text;
  const { request } = await context.inspector();
  const drawing =
    content.type === 'png'
      ? request['export.png']({
          svg: content.svg,
          scale: scale === undefined ? pngScale(content.svg) : (Number(scale) as 1 | 2 | 4),
        })
      : request['export.pdf']({ pages: content.pages, takenAt: picture.snapshot.takenAt });
  const { base64, missing } = await untilAborted(context.signal, drawing);
  tellMissing(context, missing);
  return Buffer.from(base64, 'base64');
}

/** Writes a view or the data of a snapshot file, or of a new scan. The same input gives the same bytes. */
export function exportCommand(file: string | undefined, options: ExportOptions): Command {
  return async (context) => {
    const { format, view } = choose(options);
    const shown = viewOptions(format, view, options);
    if (options.at !== undefined && file === undefined)
      throw wrong(t('--at is a moment of a recording: name its file.'));
    if (['png', 'pdf'].includes(format.id) && (options.output ?? '-') === '-' && context.stdoutIsTerminal) {
      throw wrong(
        t('A terminal cannot show a {format}. Name a file with -o, or pipe it on.', {
          format: format.id.toUpperCase(),
        }),
      );
    }
    if (view === 'wiring' && file === undefined && options.mask === true) {
      throw wrong(
        t('Only the wiring of a file with details can be masked: save one with `bulkhead scan --details --json`.'),
      );
    }
    if (options.compare !== undefined) checkCompared(format, view, options.compare, file);
    const measured = view === 'resources' ? await readUsage(context, file, options) : null;
    const read = [measured?.snapshot ?? (await readSnapshot(context, file, options, false, options.at))];
    if (options.compare !== undefined) read.push(await readSnapshot(context, options.compare, options));
    const [snapshot, before = null] = options.mask === true ? read.map(createMask(read)) : read;
    if (snapshot === undefined) throw new Error('no snapshot');
    checkFilter(shown.filter, snapshot);
    const picture: Picture = {
      ...{ snapshot, before, view, theme: options.theme ?? 'light', options: shown, scene: null },
      nets: view === 'wiring' ? await netsOf(context, file, snapshot, options) : [],
      usage:
        measured === null || options.mask !== true ? (measured?.usage ?? null) : maskUsage(measured.usage, snapshot),
    };
    const data = await bytesOf(context, format, picture, options.scale);
    if (options.output === undefined || options.output === '-') {
      context.out(data);
      return EXIT.ok;
    }
    try {
      writeFileSync(options.output, data);
    } catch (error) {
      throw new CliError(
        EXIT.failed,
        t('{file} cannot be written: {reason}', {
          file: visibleText(options.output),
          reason: visibleText((error as Error).message),
        }),
      );
    }
    context.notice(t('Wrote {file}', { file: visibleText(options.output) }));
    return EXIT.ok;
  };
}
