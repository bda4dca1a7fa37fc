import type { Usage } from '#core/answer/usage.ts';
import { heldText, memoryOf, sortedGroups, type UsageOrder, usageReport } from '#core/answer/usage-report.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { bytesText } from '#core/text/bytes.ts';
import { visibleJson, visibleText } from '#core/text/visible.ts';
import type { UsageSample } from '#core/usage/schema.ts';
import { commas, t } from '#core/words/words.ts';
import type { ReadOptions } from './commands.ts';
import { type Command, pickEndpoint } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { measure } from './measure.ts';
import { table, tone } from './text.ts';

export interface TopOptions extends ReadOptions {
  readonly once?: boolean;
  readonly sort: UsageOrder;
}

const some = (value: number | null | undefined, text: (value: number) => string): string =>
  value == null ? '?' : text(value);
const percent = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

/** Columns of a bar; what is not nothing has at least one. */
const BAR = 30;
const bar = (share: number): string => '█'.repeat(share <= 0 ? 0 : Math.max(1, Math.round(share * BAR)));

function groupsTable(use: Usage, order: UsageOrder, colour: boolean): string {
  const rows = sortedGroups(use, order).map((each) => {
    const { group, cgroup } = each;
    return [
      group.name,
      t(group.kind),
      some(each.cpuPercent, percent),
      bytesText(memoryOf(each)),
      cgroup === null ? '?' : cgroup.memoryLimit === null ? t('none ⟨limit⟩') : bytesText(cgroup.memoryLimit),
      some(cgroup?.fileCache, bytesText),
      some(each.readPerSecond, bytesText),
      some(each.writtenPerSecond, bytesText),
      each.receivedPerSecond === null ? '' : bytesText(each.receivedPerSecond),
      each.sentPerSecond === null ? '' : bytesText(each.sentPerSecond),
      String(group.processes.length),
      String(each.threads),
    ];
  });
  const head = [
    'NAME',
    'KIND',
    'CPU %',
    'MEMORY',
    'LIMIT',
    'FILE CACHE',
    'READ/S',
    'WRITTEN/S',
    'IN/S',
    'OUT/S',
    'PROCESSES',
    'THREADS',
  ];
  return table(head, rows, colour);
}

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

function topView(snapshot: Snapshot, use: Usage, after: UsageSample, order: UsageOrder, colour: boolean): string {
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
    heldText(after.machine),
  ];
  return `${lines.join('\n')}\n\n${groupsTable(use, order, colour)}\n${memoryTable(use, colour)}`;
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
        context.out(clear + topView(snapshot, usage, sample, options.sort, context.colour));
      }
      if (options.once === true) return EXIT.ok;
    }
    return EXIT.interrupted;
  };
}
