import type { SessionEvent } from '#api/contract.ts';
import type { Patch } from '#core/diff/patch.ts';
import { madeBy } from '#core/recording/makers.ts';
import { NAMESPACE_LINKS } from '#core/snapshot/namespace.ts';
import type { Container, Process } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { summary } from './views.ts';

/** What is remembered of a process, to tell what changed and to name it when it is gone. */
interface Remembered {
  readonly text: string;
  readonly container: string | null;
  readonly namespaces: Process['namespaces'];
}

interface RememberedContainer {
  readonly name: string;
  readonly pid: number | null;
  /** State and pid, as they are told. */
  readonly text: string;
  /** Addresses by the networks' names. */
  readonly networks: ReadonlyMap<string, string | null>;
}

const connectedText = (name: string, network: string, ip: string | null): string =>
  ip === null || ip === ''
    ? t('container {name} connected to network {network}', { name, network })
    : t('container {name} connected to network {network}, {ip}', { name, network, ip });

/**
 * Turns a session's events into lines for people: containers, processes and namespaces that come and go, containers that
 * are connected to networks and cut from them, and processes that change their namespaces or make some of their own. Kernel threads come and go by the minute and are left out.
 */
export function createWatchView(): (event: SessionEvent) => string {
  const containers = new Map<string, RememberedContainer>();
  const processes = new Map<string, Remembered>();
  const namespaces = new Set<string>();
  const byPid = new Map<number, Remembered>();
  const identity = (process: { pid: number; startTime: number }) => `${process.pid} ${process.startTime}`;

  function remember(process: Process): Remembered {
    const owner = process.container === null ? undefined : containers.get(process.container)?.name;
    const { comm } = process;
    const pid = String(process.pid);
    const text =
      owner === undefined
        ? t('process {pid} {comm}', { pid, comm })
        : t('process {pid} {comm} in {container}', { pid, comm, container: owner });
    const remembered = { text, container: process.container, namespaces: process.namespaces };
    processes.set(identity(process), remembered);
    byPid.set(process.pid, remembered);
    return remembered;
  }

  const firstOf = ({ container }: Process): Remembered | undefined =>
    byPid.get(containers.get(container ?? '')?.pid ?? -1);

  function processLines(process: Process, fresh: ReadonlySet<string>): string[] {
    if (process.kernelThread) return [];
    const before = processes.get(identity(process));
    const { text } = remember(process);
    if (before === undefined) {
      const own = madeBy(process, undefined, byPid.get(process.ppid), fresh, firstOf(process));
      return [
        own.length === 0
          ? `+ ${text}`
          : `+ ${t('{process}, which made {namespaces}', { process: text, namespaces: own.join(' ') })}`,
      ];
    }
    return NAMESPACE_LINKS.flatMap((link) => {
      const now = process.namespaces[link];
      const was = before.namespaces[link];
      // What cannot be read, of one that is ending for example, is no change.
      if (now === was || now === null || was === null) return [];
      const values = { process: text, link, before: was, now };
      return fresh.has(now)
        ? `~ ${t('{process}: {link} {before} -> {now}, which it made', values)}`
        : `~ ${t('{process}: {link} {before} -> {now}', values)}`;
    });
  }

  function rememberContainer(container: Container): RememberedContainer {
    const { state, pid } = container;
    const remembered = {
      name: container.name,
      pid,
      text: pid === null ? state : t('{state}, pid {pid}', { state, pid: String(pid) }),
      networks: new Map(container.networks.map(({ name, ip }) => [name, ip])),
    };
    containers.set(container.id, remembered);
    return remembered;
  }

  function containerLines(container: Container): string[] {
    const before = containers.get(container.id);
    const { name, text, networks } = rememberContainer(container);
    if (before === undefined) return [`+ ${t('container {name} {state}', { name, state: text })}`];
    // One that stops loses its addresses and keeps its networks.
    const lines = [...networks].flatMap(([network, ip]) =>
      before.networks.has(network) ? [] : [`~ ${connectedText(name, network, ip)}`],
    );
    for (const network of before.networks.keys()) {
      if (!networks.has(network))
        lines.push(`~ ${t('container {name} disconnected from network {network}', { name, network })}`);
    }
    return lines.length > 0 && before.text === text
      ? lines
      : [`~ ${t('container {name} {state}', { name, state: text })}`, ...lines];
  }

  function patchLines(patch: Patch): string[] {
    const lines = patch.containers.upsert.filter(({ helper }) => !helper).flatMap(containerLines);
    for (const id of patch.containers.remove) {
      const known = containers.get(id);
      if (known !== undefined) lines.push(`- ${t('container {name}', { name: known.name })}`);
      containers.delete(id);
    }
    const fresh = new Set(patch.namespaces.upsert.map(({ id }) => id).filter((id) => !namespaces.has(id)));
    for (const id of fresh) {
      lines.push(`+ ${t('namespace {id}', { id })}`);
      namespaces.add(id);
    }
    lines.push(...patch.processes.upsert.flatMap((process) => processLines(process, fresh)));
    for (const gone of patch.processes.remove) {
      const known = processes.get(identity(gone));
      if (known !== undefined) lines.push(`- ${known.text}`);
      processes.delete(identity(gone));
      if (known !== undefined && byPid.get(gone.pid) === known) byPid.delete(gone.pid);
    }
    for (const id of patch.namespaces.remove) {
      lines.push(`- ${t('namespace {id}', { id })}`);
      namespaces.delete(id);
    }
    return lines.map((line) => `${patch.takenAt}  ${line}`);
  }

  return (event) => {
    if (event.type === 'change') {
      return patchLines(event.patch)
        .map((line) => `${visibleText(line)}\n`)
        .join('');
    }
    if (event.type !== 'snapshot') return '';
    containers.clear();
    processes.clear();
    byPid.clear();
    namespaces.clear();
    for (const container of event.snapshot.containers) if (!container.helper) rememberContainer(container);
    for (const { id } of event.snapshot.namespaces) namespaces.add(id);
    for (const process of event.snapshot.processes) if (!process.kernelThread) remember(process);
    return summary(event.snapshot);
  };
}
