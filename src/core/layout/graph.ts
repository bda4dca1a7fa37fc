import { findServices, type Service } from '../services/services.ts';
import { HOST, type MemberId, type Sharing } from '../sharing/sharing.ts';
import { containersById, processesByContainer } from '../snapshot/by-key.ts';
import { kept, keptByKey, keptList, Made } from '../snapshot/kept.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import { compareContainers, sorted } from '../snapshot/order.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { atOnce, type Steps } from '../snapshot/steps.ts';
import { bytesText } from '../text/bytes.ts';
import { type Language, language } from '../words/language.ts';
import { stored } from '../words/stored.ts';
import { clauses, t } from '../words/words.ts';
import { parseFilter } from './filter.ts';
import { groupNodes } from './graph-groups.ts';
import { graphSets } from './graph-sets.ts';
import { networksAmong } from './networks.ts';
import { processPart } from './processes.ts';
import { brokenTexts, wordings } from './reasons.ts';
import { remarksOf } from './remarks.ts';
import type { GraphGroup, GraphNode, GraphSet, MachineLink, SceneGraph, ViewOptions } from './scene.ts';
import { guestsOf, stripOf } from './strips.ts';

export const DEFAULT_VIEW: ViewOptions = {
  kinds: NAMESPACE_KINDS,
  hostLinks: false,
  services: false,
  networks: false,
  stopped: true,
  helpers: false,
  filter: '',
};

const STOPPED: ReadonlySet<Container['state']> = new Set(['created', 'exited', 'dead']);

/** What the host has, and how much runs on it that the picture does not show until asked. */
function factsOf({ host }: Snapshot, services: readonly Service[]): string {
  const outside = services.filter(({ inside }) => inside === null);
  const foreign = outside.filter(({ kind }) => kind === 'container' || kind === 'build').length;
  return [
    host.cgroupVersion === null
      ? ''
      : `cgroup ${host.cgroupVersion === 'hybrid' ? 'v1 + v2' : `v${host.cgroupVersion}`}`,
    host.memory === null ? '' : bytesText(host.memory),
    clauses(
      outside.length === foreign
        ? null
        : t('{count, plural, one {# service} other {# services}}', { count: outside.length - foreign }),
      foreign === 0
        ? null
        : t('{count, plural, one {# foreign container} other {# foreign containers}}', { count: foreign }),
    ),
  ]
    .filter((fact) => fact !== '')
    .join(' · ');
}

/** Characters of a command line that go into the picture: more would be cut there anyway. */
const COMMAND_LENGTH = 80;

/** A label without what the title of its group says already. */
function shortOf(label: string, group: GraphGroup | undefined, inPod: string | undefined): string {
  if (group?.type !== 'compose' && group?.type !== 'pod') return label;
  const said = group.label.slice(group.label.lastIndexOf('/') + 1);
  const rest = label.startsWith(said) ? label.slice(said.length) : '';
  if (/^[-_.]./.test(rest)) return rest.slice(1);
  return group.type === 'pod' && inPod !== undefined && inPod !== '' ? inPod : label;
}

/** What a later graph may take over besides the earlier one itself. All of it has words. */
interface Memory {
  readonly language: Language;
  readonly strips: Made<MemberId, GraphNode['strip']>;
  readonly nodes: Made<MemberId, GraphNode>;
  readonly sets: Made<string, GraphSet>;
  readonly machine: Made<MemberId, MachineLink | null>;
}

const memories = new WeakMap<SceneGraph, Memory>();

/**
 * What there is to draw of a snapshot. What a container shares with the machine is a line of its own, by choice only
 * unless `hostLinks`, and never one that all meet in.
 * A filter that cannot be understood hides nothing: check it with `parseFilter` where the user types it.
 * Linear in the incidences (members of namespaces); the order of the input does not matter.
 * @param before of an earlier moment, as a rule the last one: the result is equal with and without it, but with it
 * whatever is as it was is the very same object, and only the rest is made anew
 */
export function buildSceneGraph(
  snapshot: Snapshot,
  sharing: Sharing,
  view: ViewOptions,
  before?: SceneGraph,
): SceneGraph {
  return atOnce(buildInSteps(snapshot, sharing, view, before));
}

/** Containers between two steps. */
const A_STEP = 250;

/** The same, for who has something else to do in between. */
export function* buildInSteps(
  snapshot: Snapshot,
  sharing: Sharing,
  view: ViewOptions,
  before?: SceneGraph,
): Steps<SceneGraph> {
  const memory = before === undefined ? undefined : memories.get(before);
  // In another language nothing is as it was.
  const known = memory?.language === language() ? memory : undefined;
  const earlier = known === undefined ? undefined : before;
  const made: Memory = {
    language: language(),
    strips: new Made(known?.strips),
    nodes: new Made(known?.nodes),
    sets: new Made(known?.sets),
    machine: new Made(known?.machine),
  };

  const filter = parseFilter(view.filter, snapshot, sharing);
  const containers = sorted(
    snapshot.containers
      .filter((container) => (view.helpers || !container.helper) && (view.stopped || !STOPPED.has(container.state)))
      .filter((container) => !filter.ok || filter.matches(container)),
    compareContainers,
  );
  const visible = new Set<MemberId>(containers.map(({ id }) => id));
  yield;
  const services = findServices(snapshot);
  yield;
  const besides = processPart(
    snapshot,
    sharing,
    services.filter(({ inside }) => (inside === null ? view.services : visible.has(inside))),
  );
  const others = besides.nodes.filter(({ node, pids }) => !filter.ok || filter.matchesProcesses(node, pids));
  const processes = others.map(({ node }) => node);
  const shown = new Set<MemberId>([HOST, ...visible, ...processes.map(({ key }) => key)]);

  yield;
  const sets = graphSets(sharing, besides, view, { shown, visible }, made.sets);
  yield;
  const byId = containersById(snapshot.containers);
  const broken = sharing.broken
    .filter((share) => shown.has(share.container) && view.kinds.includes(share.kind))
    .map((share) => {
      const target = share.target === null ? undefined : byId.get(share.target);
      return { ...share, texts: brokenTexts(share, target?.name ?? null, target !== undefined && target.pid !== null) };
    });

  const strips = new Map<MemberId, GraphNode['strip']>();
  for (const [index, { id }] of containers.entries()) {
    const row = sharing.containers.get(id);
    const { guests } = besides;
    strips.set(
      id,
      made.strips.get(id, [row, guestsOf(row, guests)], (was) => kept(was, stripOf(row, guests))),
    );
    if (index % A_STEP === A_STEP - 1) yield;
  }
  for (const node of processes) strips.set(node.key, node.strip);
  const { groups, groupOf } = groupNodes(containers, others, strips, byId, sharing);
  yield;
  const counted = processesByContainer(snapshot.processes);
  const warnings = new Map<MemberId, number>();
  for (const finding of sharing.findings) {
    if (finding.severity !== 'notice') warnings.set(finding.container, (warnings.get(finding.container) ?? 0) + 1);
  }
  const brokenMembers = new Set(broken.map((share) => share.container));
  yield;
  const nodes: GraphNode[] = [hostNode(snapshot, services)];
  for (const [index, container] of containers.entries()) {
    const { id } = container;
    const group = groupOf.get(id);
    const init = sharing.running.get(id)?.init;
    const strip = strips.get(id) ?? [];
    const told = [counted.get(id)?.length ?? 0, warnings.get(id) ?? 0, brokenMembers.has(id)] as const;
    nodes.push(
      made.nodes.get(id, [container, init, strip, group?.key, group?.type, group?.label, ...told], () => ({
        key: id,
        type: 'container',
        label: container.name,
        short: shortOf(container.name, group, container.labels['io.kubernetes.container.name']),
        detail: container.image,
        command: init === undefined ? '' : init.argv.join(' ').slice(0, COMMAND_LENGTH) || init.comm,
        init: init === undefined ? null : { inside: init.nsPids.at(-1) ?? init.pid, outside: init.pid },
        state: container.state,
        processes: told[0],
        strip,
        group: group?.key ?? null,
        warnings: told[1],
        broken: told[2],
      })),
    );
    if (index % A_STEP === A_STEP - 1) yield;
  }
  for (const node of processes) nodes.push({ ...node, group: groupOf.get(node.key)?.key ?? null });
  yield;
  const machine: MachineLink[] = [];
  for (const node of nodes) {
    const link = made.machine.get(node.key, [node, view.hostLinks, view.kinds], () => machineLink(node, view));
    if (link !== null) machine.push(link);
  }
  yield;
  for (const each of [made.strips, made.nodes, made.sets, made.machine]) each.end();
  const networks = view.networks ? networksAmong(snapshot, containers) : [];
  const keyOf = ({ key }: { readonly key: string }): string => key;
  const graph: SceneGraph = {
    nodes: keptByKey(earlier?.nodes, nodes, keyOf),
    groups: keptByKey(earlier?.groups, groups, keyOf),
    sets: keptByKey(earlier?.sets, sets, keyOf),
    broken: keptByKey(earlier?.broken, broken, ({ container, kind }) => `${kind} ${container}`),
    machine: keptByKey(earlier?.machine, machine, ({ node }) => node),
    networks: keptByKey(earlier?.networks, networks, keyOf),
    remarks: keptList(
      earlier?.remarks,
      remarksOf(containers, sharing, { shares: sets.length + broken.length, chosen: machine.length }),
    ),
    total: snapshot.containers.filter((container) => view.helpers || !container.helper).length,
    arrangement: JSON.stringify([view.filter, view.stopped, view.helpers]),
  };
  const fields = Object.keys(graph) as (keyof SceneGraph)[];
  const result = earlier !== undefined && fields.every((field) => earlier[field] === graph[field]) ? earlier : graph;
  memories.set(result, made);
  return result;
}

function machineLink({ key, type, strip }: GraphNode, view: ViewOptions): MachineLink | null {
  if (type !== 'container') return null;
  const strands = strip.filter(
    ({ kind, standing, told }) => standing === 'host' && (told || view.hostLinks) && view.kinds.includes(kind),
  );
  if (strands.length === 0) return null;
  const texts = wordings(
    strands.map(({ kind }) => kind),
    strands.flatMap(({ reason }) => reason ?? []),
  );
  const ids = strands.flatMap(({ kind, namespace }) => (namespace === null ? [] : [{ kind, namespace }]));
  return { node: key, strands: ids, texts };
}

function hostNode(snapshot: Snapshot, services: readonly Service[]): GraphNode {
  const { host, processes } = snapshot;
  return {
    key: HOST,
    type: 'host',
    label: host.hostname,
    short: host.hostname,
    command: '',
    init: null,
    detail: clauses(host.what === '' ? t('host') : stored(host.what), `Linux ${host.kernel}`),
    facts: factsOf(snapshot, services),
    state: 'running',
    processes: processes.filter((process) => process.container === null).length,
    strip: [],
    group: null,
    warnings: 0,
    broken: false,
  };
}
