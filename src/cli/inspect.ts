import type { RequestResult } from '#api/contract.ts';
import { typedText } from '#core/answer/container-names.ts';
import type { InspectReport } from '#core/answer/schemas.ts';
import type { Subject } from '#core/detail/detail.ts';
import { heldSection } from '#core/detail/held.ts';
import type { Section } from '#core/detail/section.ts';
import { detailSections } from '#core/detail/sections.ts';
import { waysSection } from '#core/detail/sections-nat.ts';
import { waysIn } from '#core/detail/way-in.ts';
import { netOf, publisherOf } from '#core/detail/way-in-owner.ts';
import { findPid, pidText, whoseProcess } from '#core/services/whose.ts';
import { collectedDetail } from '#core/snapshot/details.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import type { Container, Process, Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleJson, visibleText } from '#core/text/visible.ts';
import { whatIs } from '#core/text/what-is.ts';
import { commas, t } from '#core/words/words.ts';
import type { ReadOptions } from './commands.ts';
import { type Command, type Context, pickEndpoint, untilAborted } from './context.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { candidateLines, containersLike, findContainer } from './find-container.ts';
import { readSnapshot } from './read-snapshot.ts';
import { table, tone } from './text.ts';

type Detail = RequestResult<'detail'>;

export interface InspectOptions extends ReadOptions {
  /** A saved snapshot with details. */
  readonly snapshot?: string;
}

/** Answers for one subject, or rejects with why not. */
type Ask = (subject: Subject) => Promise<Detail>;

/** A part of the answer: its name, and what is known or why it is not. */
interface Part {
  readonly name: string;
  readonly detail: Detail | null;
  readonly error: string | null;
}

interface Target {
  readonly container: Container | null;
  readonly process: Process | null;
  readonly subjects: readonly (readonly [string, Subject])[];
  /** Others that bear the number that was given, in namespaces of their own. */
  readonly inside: readonly Process[];
}

function subjectsOf(process: Process): (readonly [string, Subject])[] {
  const { pid, startTime } = process;
  const namespaces = NAMESPACE_KINDS.flatMap((kind): (readonly [string, Subject])[] => {
    const id = process.namespaces[kind];
    return id === null ? [] : [[id, { type: 'namespace', id }]];
  });
  return [
    [`process ${pid}`, { type: 'process', pid, startTime }],
    ['cgroup', { type: 'limits', pid, startTime }],
    ...namespaces,
  ];
}

/** The namespaces of a process that nobody knows, as a part of the answer; those that this kernel does not have are not missed. */
function unreadPart(snapshot: Snapshot, process: Process | null): Part[] {
  // One that has ended and is not waited for is in none.
  if (process === null || process.state === 'Z') return [];
  const kinds = NAMESPACE_KINDS.filter(
    (kind) =>
      process.namespaces[kind] === null &&
      (snapshot.host.initial[kind] !== null || snapshot.namespaces.some((each) => each.kind === kind)),
  );
  if (kinds.length === 0) return [];
  const error = t(
    'Which {kinds} namespaces it is in could not be read: that needs the rights of root, or of the owner of the process.',
    { kinds: commas(kinds) },
  );
  return [{ name: 'namespaces', detail: null, error }];
}

/** Numbers that are listed before the rest is only counted. */
const MOST_INSIDE = 10;

function insideText(snapshot: Snapshot, inside: readonly Process[]): string {
  const lines = inside.slice(0, MOST_INSIDE).map((process) => visibleText(pidText(snapshot, process)));
  if (inside.length > MOST_INSIDE) lines.push(t('and {count, number} more', { count: inside.length - MOST_INSIDE }));
  return lines.map((line) => `  ${line}`).join('\n');
}

/** A container by name or id, a process by pid, a namespace as readlink prints it. */
function findTarget(snapshot: Snapshot, target: string): Target {
  if (/^\w+:\[\d+\]$/.test(target)) {
    if (snapshot.namespaces.some(({ id }) => id === target)) {
      return { container: null, process: null, subjects: [[target, { type: 'namespace', id: target }]], inside: [] };
    }
    throw new CliError(
      EXIT.usage,
      t('There is no namespace {id}. `bulkhead scan --json` has them all.', { id: visibleText(target) }),
    );
  }
  const container = findContainer(snapshot, target);
  if (container !== null && container.pid === null) {
    throw new CliError(
      EXIT.failed,
      t('{name} is not running, so it has no namespaces and no processes. Start it first.', {
        name: visibleText(container.name),
      }),
    );
  }
  const pid = container?.pid ?? (/^\d+$/.test(target) ? Number(target) : null);
  const hits = pid === null ? { outside: null, inside: [] } : findPid(snapshot, pid);
  const inside = container === null ? hits.inside : [];
  if (hits.outside !== null) return { container, process: hits.outside, subjects: subjectsOf(hits.outside), inside };
  if (inside.length > 0) {
    throw new CliError(
      EXIT.usage,
      [
        t('No process has the number {pid} outside. It is a number inside a pid namespace:', { pid: String(pid) }),
        insideText(snapshot, inside),
        t('Inspect one of them by the number before the arrow.'),
      ].join('\n'),
    );
  }
  const like = containersLike(snapshot, target);
  throw new CliError(
    EXIT.usage,
    t('There is no container, process or namespace {name}. `bulkhead scan` lists the containers.', {
      name: visibleText(typedText(target)),
    }) + candidateLines(like),
  );
}

function sectionText({ title, part, head, rows, empty }: Section, colour: boolean): string {
  const { text, command } = whatIs(part);
  const heading = `${tone(visibleText(title), 'bold', colour)}\n  ${tone(t('{text} Shown by: {command}', { text, command }), 'dim', colour)}\n`;
  if (rows.length === 0) return `${heading}  ${visibleText(empty)}\n`;
  const cells = rows.map((row) => [...row]);
  if (head.length > 0)
    return (
      heading +
      table(
        head.map((text) => text.toUpperCase()),
        cells,
        colour,
      )
    );
  const list = table(['', ''], cells, colour);
  return heading + list.slice(list.indexOf('\n') + 1);
}

/** The name of a part as a heading; programs get it as it is. */
function titleOf(name: string): string {
  const pid = /^process (\d+)$/.exec(name)?.[1];
  return pid === undefined ? name : t('process {pid}', { pid });
}

/** Asks the machine; with a saved snapshot, what was put into it. `stop` ends what was begun for that. */
async function asker(context: Context, snapshot: Snapshot, options: InspectOptions) {
  if (options.snapshot !== undefined) {
    const ask: Ask = async (subject) => {
      const { detail, problem } = collectedDetail(snapshot, subject);
      if (detail === null) throw new Error(problem ?? t('Nothing is known.'));
      return detail;
    };
    return { ask, stop: () => {} };
  }
  const endpoint = await pickEndpoint({ ...context, notice: () => {} }, options);
  const inspector = await context.inspector();
  const ask: Ask = (subject) => inspector.request.detail({ endpoint, subject });
  // Held, so that every question is answered from one running session.
  return { ask, stop: inspector.subscribe.session({ endpoint }, () => {}) };
}

async function readParts(ask: Ask, subjects: Target['subjects']): Promise<Part[]> {
  return Promise.all(
    subjects.map(async ([name, subject]): Promise<Part> => {
      try {
        return { name, detail: await ask(subject), error: null };
      } catch (error) {
        return { name, detail: null, error: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

/** The published ports' ways; needs the links of the namespace that the container's veth leads to. */
async function readWays(ask: Ask, snapshot: Snapshot, container: Container, parts: Part[]) {
  const net = netOf(snapshot, publisherOf(snapshot, container));
  const known = parts.find(({ name }) => name === net);
  const [part] =
    known !== undefined || net === null ? [known] : await readParts(ask, [[net, { type: 'namespace', id: net }]]);
  const own = part?.detail;
  if (own?.kind !== 'net') return [];
  const outside = own.links.find(({ peer }) => peer?.namespace != null)?.peer?.namespace ?? null;
  const [host] = outside === null ? [] : await readParts(ask, [['host', { type: 'namespace', id: outside }]]);
  return waysIn(snapshot, container, own.links, host?.detail?.kind === 'net' ? host.detail : null, own);
}

/** What a container's, a process's or a single namespace holds now. */
export function inspectCommand(name: string, options: InspectOptions): Command {
  return async (context) => {
    const snapshot = await readSnapshot(context, options.snapshot, options);
    const { container, process, subjects, inside } = findTarget(snapshot, name);
    const whose = process === null ? null : whoseProcess(snapshot, process);
    if (inside.length > 0) {
      context.notice(`${t('{pid} is also a number inside:', { pid: name })}\n${insideText(snapshot, inside)}`);
    }
    const { ask, stop } = await asker(context, snapshot, options);
    try {
      const read = await untilAborted(context.signal, readParts(ask, subjects));
      const parts = [...read, ...unreadPart(snapshot, process)];
      const ways = container === null ? [] : await readWays(ask, snapshot, container, parts);
      if (options.json === true) {
        const owner = container ?? whose?.container ?? null;
        const report: InspectReport = {
          target: name,
          container: owner?.id ?? null,
          containerName: owner?.name ?? null,
          image: owner?.image ?? null,
          // Of a process that works for a container from outside: a shim, a proxy of a port.
          worksFor: whose?.serves?.name ?? null,
          pid: process?.pid ?? null,
          // From the outermost pid namespace that is seen to its own.
          pids: process?.nsPids ?? [],
          parts,
          ways: ways.map(({ through, hops, ...way }) => ({
            ...way,
            through: through?.name ?? null,
            hops: hops.map(({ what, text, ok, evidence }) => ({ what, text, ok, evidence })),
          })),
        };
        context.out(`${visibleJson(report, 2)}\n`);
      } else {
        const namespace = snapshot.namespaces.find(({ id }) => id === name);
        if (namespace !== undefined) context.out(`\n${sectionText(heldSection(snapshot, namespace), context.colour)}`);
        for (const part of parts) {
          context.out(`\n${tone(visibleText(`── ${titleOf(part.name)}`), 'green', context.colour)}\n`);
          if (part.detail === null) context.out(`  ${visibleText(part.error ?? '')}\n`);
          else {
            for (const section of detailSections(part.detail, { snapshot, container, process })) {
              context.out(sectionText(section, context.colour));
            }
            if (part.detail.kind === 'net' && container !== null) {
              context.out(sectionText(waysSection(ways), context.colour));
            }
          }
        }
      }
      return parts.every(({ detail }) => detail === null) ? EXIT.failed : EXIT.ok;
    } finally {
      stop();
    }
  };
}
