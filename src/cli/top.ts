import type { Usage } from '#core/answer/usage.ts';
import { percent } from '#core/answer/usage-columns.ts';
import { heldText, type UsageOrder, usageReport, wantText } from '#core/answer/usage-report.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { bytesText } from '#core/text/bytes.ts';
import { visibleJson, visibleText } from '#core/text/visible.ts';
import type { UsageSample } from '#core/usage/schema.ts';
import { commas, t } from '#core/words/words.ts';
import type { ReadOptions } from './commands.ts';
import { type Command, type Context, pickEndpoint } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { measure } from './measure.ts';
import { table, tone } from './text.ts';
import { groupsTable, unknownNotes } from './top-columns.ts';

export interface TopOptions extends ReadOptions {
  readonly once?: boolean;
  readonly sort: UsageOrder;
}

/** Columns of a bar; what is not nothing has at least one. */
const BAR = 30;
const bar = (share: number): string => '█'.repeat(share <= 0 ? 0 : Math.max(1, Math.round(share * BAR)));

function memoryTable({ memory }: Usage, colour: boolean): string {
  const rows = memory.parts.map(({ name, kind, bytes, group }) => [
    kind === 'cache' && group !== null ? t('file cache of {name}', { name }) : name,
    bytesText(bytes),
    `${((bytes / memory.total) * 100).toFixed(1)} %`,
    bar(bytes / memory.total),
  ]);
  const left = Math.max(0, memory.unexplained);
  rows.push([t('in none of these'), bytesText(left), `${((left / memory.total) * 100).toFixed(1)} %`, '']);
  return table(['MEMORY OF THE MACHINE', 'BYTES', 'SHARE', ''], rows, colour);
}

function topView(
  { colour, columns }: Pick<Context, 'colour' | 'columns'>,
  snapshot: Snapshot,
  use: Usage,
  after: UsageSample,
  order: UsageOrder,
): string {
  const idle = use.cpu.parts.find(({ kind }) => kind === 'idle')?.percent ?? 0;
  const { pressure } = after.machine;
  const waits = (
    [
      ['processors {percent} %', pressure.cpu],
      ['memory {percent} %', pressure.memory],
      ['storage {percent} %', pressure.io],
    ] as const
  ).flatMap(([what, value]) => (value === null ? [] : [t(what, { percent: value })]));
  const busy = { busy: percent(use.cpu.cpus * 100 - idle), all: use.cpu.cpus * 100 };
  const lines = [
    tone(visibleText(snapshot.host.hostname), 'bold', colour),
    waits.length === 0
      ? t('Processors: {busy} % of {all} % busy', busy)
      : t('Processors: {busy} % of {all} % busy; waited in the last 10 s for {waits}', {
          ...busy,
          waits: commas(waits),
        }),
    wantText(after.machine),
    heldText(after.machine),
  ];
  const notes = unknownNotes(use).map((note) => `${visibleText(note)}\n`);
  return `${lines.join('\n')}\n\n${groupsTable(use, order, colour, columns)}${notes.join('')}\n${memoryTable(use, colour)}`;
}

/** Who uses processors, memory and storage; again every second, or once. */
export function topCommand(options: TopOptions): Command {
  return async (context) => {
    const endpoint = await pickEndpoint(context, options);
    const quiet = options.json === true ? { ...context, notice: () => {} } : context;
    for await (const { snapshot, usage, sample } of measure(quiet, options, endpoint)) {
      if (options.json === true) {
        context.out(
          `${visibleJson(usageReport(snapshot, usage, options.sort), options.once === true ? 2 : undefined)}\n`,
        );
      } else {
        // On a terminal the picture stands still: home, then erase what is below.
        const clear = options.once !== true && context.stdoutIsTerminal ? '\u001b[H\u001b[J' : '';
        context.out(clear + topView(context, snapshot, usage, sample, options.sort));
      }
      if (options.once === true) return EXIT.ok;
    }
    return EXIT.interrupted;
  };
}
