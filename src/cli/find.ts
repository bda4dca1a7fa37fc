import { type FoundRow, find, foundRows } from '#core/answer/find.ts';
import type { Process, Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleJson, visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import type { ReadOptions } from './commands.ts';
import type { Command } from './context.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { readSnapshot } from './read-snapshot.ts';
import { table } from './text.ts';

export interface FindOptions extends ReadOptions {
  /** A saved snapshot; with details, if it is to tell of links, sockets and mounts. */
  readonly snapshot?: string;
}

/** As a person reads them: the reason is a long line of its own at the end. */
function cells({ type, name, container, pid, why }: FoundRow): string[] {
  const short = name.length > 44 ? `${name.slice(0, 43)}…` : name;
  return [t(type), short, container ?? '', pid === null ? '' : String(pid), why];
}

/** Without the very process that asks: what it looks for stands in its own arguments. */
function withoutThis(snapshot: Snapshot, what: string): Snapshot {
  const asks = ({ argv }: Process): boolean =>
    argv.includes(what) && argv.includes('find') && argv.some((word) => /bulkhead/.test(word));
  return { ...snapshot, processes: snapshot.processes.filter((process) => !asks(process)) };
}

/** Everything that a handle may mean. */
export function findCommand(what: string, options: FindOptions): Command {
  return async (context) => {
    if (what.trim() === '') {
      throw new CliError(EXIT.usage, t('Nothing to look for. Give a pid, a name, an id, a port, an address, a path …'));
    }
    const snapshot = await readSnapshot(context, options.snapshot, options, true);
    const found = find(options.snapshot === undefined ? withoutThis(snapshot, what) : snapshot, what);
    const rows = foundRows(found);
    for (const sentence of found.missing) context.notice(sentence);
    if (options.json === true) context.out(`${visibleJson(rows, 2)}\n`);
    else if (rows.length > 0) {
      context.out(table(['TYPE', 'NAME', 'CONTAINER', 'PID', 'WHY'], rows.map(cells), context.colour));
    }
    if (found.more > 0) context.notice(t('{count, number} more are not listed.', { count: found.more }));
    if (rows.length === 0) {
      context.notice(t('Nothing was found that is, has or is called {what}.', { what: visibleText(what) }));
    }
    return rows.length === 0 ? EXIT.failed : EXIT.ok;
  };
}
