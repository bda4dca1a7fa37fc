import { namespaceName } from '../snapshot/namespace-name.ts';
import type { Container, Namespace, Process } from '../snapshot/snapshot.ts';
import { clauses, commas, t } from '../words/words.ts';
import { type FindIndex, type Hit, textRank } from './find-index.ts';

const of = (container: Container): Pick<Hit, 'container' | 'pid' | 'place'> => ({
  container: container.name,
  pid: container.pid,
  place: { type: 'container', id: container.id },
});

const HEX = /^[0-9a-f]{3,64}$/;

function* ofContainer(container: Container, typed: string, words: readonly string[]): Generator<Hit> {
  const { id, name, image, labels } = container;
  const self = { type: 'container', name, ...of(container) } as const;
  const named = textRank(name, words);
  if (named !== null) yield { ...self, why: clauses(t(container.state), t('image {image}', { image })), rank: named };
  else if (HEX.test(typed) && id.startsWith(typed)) {
    yield {
      ...self,
      why: t('its id is {id}', { id: id.slice(0, Math.max(12, typed.length)) }),
      rank: typed.length >= 12 ? 0 : 1.5,
    };
  }
  const imaged = textRank(image, words) ?? (typed.length >= 12 && container.imageId?.includes(typed) ? 1 : null);
  if (imaged !== null)
    yield { type: 'image', name: image, ...of(container), why: t('{name} was made of it', { name }), rank: 1 + imaged };
  for (const [key, value] of Object.entries(labels)) {
    const label = `${key}=${value}`;
    const rank = textRank(label, words) ?? null;
    const valued = textRank(value, words);
    if (rank === null && valued === null) continue;
    yield {
      ...self,
      why: t('its label {label}', { label }),
      rank: named === null ? 3 + Math.min(rank ?? 3, valued ?? 3) : 8,
    };
    return;
  }
}

function* ofEngineNetworks({ containers }: FindIndex, typed: string, words: readonly string[]): Generator<Hit> {
  const hash = typed.replace(/^br-/, '');
  for (const container of containers) {
    for (const { name, id, ip, mac, aliases } of container.networks) {
      // Its own name and the start of its id are told of the container itself.
      const alias = aliases?.find((each) => each.toLowerCase() === typed && each !== container.name);
      if (alias !== undefined && !container.id.startsWith(alias)) {
        const why = t('network {network} has it as {alias}', { network: name, alias });
        yield { type: 'container', name: container.name, ...of(container), why, rank: 0.4 };
      }
      const rank = textRank(name, words) ?? (HEX.test(hash) && id?.startsWith(hash) ? 1 : null);
      if (rank === null) continue;
      const has = [ip, mac].filter((each) => each !== null && each !== '') as string[];
      const why =
        has.length === 0
          ? t('a network of the engine; {name} is in it', { name: container.name })
          : t('a network of the engine; {name} is in it with {addresses}', {
              name: container.name,
              addresses: commas(has),
            });
      yield { type: 'network', name, ...of(container), why, rank: 0.5 + rank };
    }
  }
}

function* ofVolumes({ containers }: FindIndex, words: readonly string[]): Generator<Hit> {
  for (const container of containers) {
    for (const { type, name, source, destination, readOnly } of container.mounts) {
      if (type !== 'volume' || name === null) continue;
      const rank = textRank(name, words);
      if (rank === null) continue;
      const at = { name: container.name, point: destination, source };
      const why = readOnly
        ? t('{name} has it at {point}, read-only; its content is in {source}', at)
        : t('{name} has it at {point}; its content is in {source}', at);
      yield { type: 'volume', name, ...of(container), why, rank: 0.5 + rank };
    }
  }
}

/** The user that a process runs as. */
export function* ofUser(index: FindIndex, uid: number): Generator<Hit> {
  for (const process of index.processes) {
    if (process.uid !== uid) continue;
    yield ofProcess(index, process, t('it runs as uid {uid}, as the machine numbers users', { uid }), 3);
  }
}

export function ofProcess(index: FindIndex, process: Process, why: string, rank: number): Hit {
  const container = process.container === null ? null : (index.byId.get(process.container)?.name ?? null);
  return { type: 'process', name: process.comm, container, pid: process.pid, why, place: index.placeOf(process), rank };
}

function numbersOf({ pid, nsPids }: Process): readonly number[] {
  return nsPids.length === 0 ? [pid] : nsPids;
}

/** Longer command lines are cut: some hold whole programs. */
const LONGEST_LINE = 240;

function lineOf({ argv }: Process): string {
  const line = argv.join(' ');
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}

function* ofProcessTexts(index: FindIndex, words: readonly string[]): Generator<Hit> {
  for (const [position, text] of index.texts.entries()) {
    if (!words.every((word) => text.includes(word))) continue;
    const process = index.processes[position];
    if (process === undefined) continue;
    const named = textRank(process.comm, words);
    const numbers = numbersOf(process);
    const pids = numbers.length > 1 ? `pid ${numbers.join(' → ')}` : `pid ${process.pid}`;
    const line = lineOf(process);
    yield ofProcess(index, process, line === '' ? pids : `${pids}: ${line}`, named === null ? 5 : 2 + named);
  }
}

/** The cgroups whose path fits, each once with how many processes are in it. */
export function* ofCgroups(index: FindIndex, fits: (path: string) => number | null): Generator<Hit> {
  const groups = new Map<string, { count: number; first: Process }>();
  for (const process of index.processes) {
    for (const path of [process.cgroup, ...process.otherCgroups]) {
      if (path === null) continue;
      const group = groups.get(path);
      if (group === undefined) groups.set(path, { count: 1, first: process });
      else group.count += 1;
    }
  }
  for (const [path, { count, first }] of groups) {
    const rank = fits(path);
    if (rank === null) continue;
    const who = ofProcess(index, first, '', 0);
    const why =
      who.container === null
        ? t('a cgroup with {count, plural, one {# process} other {# processes}}', { count })
        : t('a cgroup with {count, plural, one {# process} other {# processes}} of {name}', {
            count,
            name: who.container,
          });
    yield { ...who, type: 'cgroup', name: path, why, rank };
  }
}

function namespaceHit(
  index: FindIndex,
  { id, kind, pids }: Namespace,
  told: (given: { readonly kind: string; readonly name: string }) => string,
  rank: number,
): Hit {
  const { container, name } = index.owner(id);
  const who =
    pids.length === 0
      ? t('no process is in it')
      : t('{count, plural, one {# process} other {# processes}} in it', { count: pids.length });
  return {
    type: 'namespace',
    name: id,
    container: container?.name ?? null,
    pid: pids[0] ?? null,
    why: clauses(told({ kind, name }), who),
    place: { type: 'namespace', id },
    rank,
  };
}

function* ofNamespaces(index: FindIndex, typed: string, words: readonly string[]): Generator<Hit> {
  const inode = /^(?:[a-z]+:\[)?(\d+)\]?$/.exec(typed)?.[1];
  for (const namespace of index.snapshot.namespaces) {
    const { id, pins } = namespace;
    if (id === typed) yield namespaceHit(index, namespace, (of) => t('the {kind} namespace of {name}', of), 0);
    else if (typed === inode && String(namespace.inode) === inode) {
      yield namespaceHit(index, namespace, (of) => t('the {kind} namespace with that inode, of {name}', of), 0);
    } else if (pins.length > 0) {
      const given = namespaceName(namespace);
      const rank = given === null ? null : textRank(given.name, words);
      // The names that engines give are full of digits.
      if (given !== null && rank !== null && (inode === undefined || rank === 0))
        yield namespaceHit(
          index,
          namespace,
          (of) => t('{path}, the {kind} namespace of {name}', { ...of, path: given.path }),
          0.5 + rank,
        );
    }
  }
}

/** The pid namespace in which a process has the number at a level, counted from the outermost that is seen. */
function pidNamespaceAt({ namespaces }: FindIndex, process: Process, level: number): string | null {
  let id = process.namespaces.pid;
  for (let up = process.nsPids.length - 1 - level; up > 0 && id !== null; up--) id = namespaces.get(id)?.parent ?? null;
  return id;
}

/** Processes that bear a number, outside or at any level inside, each with where that number counts. */
function* ofPid(index: FindIndex, pid: number): Generator<Hit> {
  for (const process of index.processes) {
    if (process.pid === pid) {
      const inside = process.nsPids.slice(1);
      const why =
        inside.length === 0
          ? t('pid {pid} outside', { pid })
          : t('pid {pid} outside; inside it is {pids}', { pid, pids: inside.join(' → ') });
      yield ofProcess(index, process, why, 0);
      continue;
    }
    const level = process.nsPids.indexOf(pid, 1);
    if (level < 1) continue;
    const id = pidNamespaceAt(index, process, level);
    const whose = id === null ? t('a pid namespace below') : `${index.owner(id).name} (${id})`;
    const why = t('pid {pid} is its number inside {whose}, level {level} of {levels}; outside it is {outside}', {
      ...{ pid, whose, outside: process.pid },
      ...{ level: level + 1, levels: process.nsPids.length },
    });
    yield ofProcess(index, process, why, 1);
  }
}

/** Everything that has a name, an id or a number: containers, processes, namespaces, networks and volumes of the engine. */
export function* namedHits(index: FindIndex, typed: string, words: readonly string[]): Generator<Hit> {
  const number = /^(?:pid:)?(\d+)$/.exec(typed)?.[1];
  if (number !== undefined) yield* ofPid(index, Number(number));
  yield* ofNamespaces(index, typed, words);
  for (const container of index.containers) yield* ofContainer(container, typed, words);
  yield* ofEngineNetworks(index, typed, words);
  yield* ofVolumes(index, words);
  // A number stands in too many command lines to be told by its digits.
  if (number === undefined) yield* ofProcessTexts(index, words);
  else yield* ofArgument(index, number);
  if (!typed.includes('/') && number === undefined && typed.length >= 3) {
    yield* ofCgroups(index, (path) => {
      const rank = textRank(path.slice(path.lastIndexOf('/') + 1), words);
      return rank === null ? null : 4 + rank;
    });
  }
}

function* ofArgument(index: FindIndex, number: string): Generator<Hit> {
  for (const [position, text] of index.texts.entries()) {
    if (!text.includes(number)) continue;
    const process = index.processes[position];
    if (process?.argv.includes(number) !== true) continue;
    yield ofProcess(
      index,
      process,
      t('pid {pid}, {number} is an argument: {line}', { pid: process.pid, number, line: lineOf(process) }),
      4,
    );
  }
}
