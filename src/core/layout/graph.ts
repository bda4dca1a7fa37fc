import { findServices, type Service } from '../services/services.ts';
import { containerProcesses } from '../sharing/members.ts';
import { HOST, type MemberId, type Sharing } from '../sharing/sharing.ts';
import { containerGroup } from '../snapshot/container-group.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '../snapshot/namespace.ts';
import { compareText } from '../snapshot/order.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { atOnce, type Steps } from '../snapshot/steps.ts';
import { bytesText } from '../text/bytes.ts';
import { stored } from '../words/stored.ts';
import { clauses, t } from '../words/words.ts';
import { parseFilter } from './filter.ts';
import { networksAmong } from './networks.ts';
import { processPart } from './processes.ts';
import { brokenTexts, byChoice, reasonOf, storyOf, wordings } from './reasons.ts';
import { remarksOf } from './remarks.ts';
import type { GraphGroup, GraphNode, GraphSet, MachineLink, SceneGraph, ViewOptions } from './scene.ts';

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

/** Kinds that hold containers without a group's label together, the closest tie first. */
const TIES: readonly NamespaceKind[] = ['net', 'pid', 'ipc', 'mnt', 'uts', 'cgroup'];

/**
 * What there is to draw of a snapshot. What a container shares with the machine is a line of its own, by choice only
 * unless `hostLinks`, and never one that all meet in.
 * A filter that cannot be understood hides nothing: check it with `parseFilter` where the user types it.
 * Linear in the incidences (members of namespaces); the order of the input does not matter.
 */
export function buildSceneGraph(snapshot: Snapshot, sharing: Sharing, view: ViewOptions): SceneGraph {
  return atOnce(buildInSteps(snapshot, sharing, view));
}

/** The same, for who has something else to do in between. */
export function* buildInSteps(snapshot: Snapshot, sharing: Sharing, view: ViewOptions): Steps<SceneGraph> {
  const filter = parseFilter(view.filter, snapshot, sharing);
  const containers = snapshot.containers
    .filter((container) => (view.helpers || !container.helper) && (view.stopped || !STOPPED.has(container.state)))
    .filter((container) => !filter.ok || filter.matches(container))
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id));
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
  const counts = new Map<MemberId, number>();
  for (const { container } of snapshot.processes) {
    if (container !== null) counts.set(container, (counts.get(container) ?? 0) + 1);
  }
  const warnings = new Map<MemberId, number>();
  for (const finding of sharing.findings) {
    if (finding.severity !== 'notice') warnings.set(finding.container, (warnings.get(finding.container) ?? 0) + 1);
  }

  yield;
  const sets: GraphSet[] = [];
  const taken = new Set(besides.sets.flatMap((set) => set.strands.map(({ namespace }) => namespace)));
  const addSet = (set: Pick<GraphSet, 'key' | 'members' | 'strands' | 'owner' | 'texts'>) => {
    const strands = set.strands.map(({ kind, namespace }) => ({ kind, namespace }));
    const members = set.members.filter((member) => shown.has(member)).sort(compareText);
    if (strands.length > 0 && members.length >= 2) sets.push({ ...set, members, strands });
  };
  for (const { key, members, shared } of sharing.sets) {
    if (members.includes(HOST)) continue;
    const drawn = shared.filter(({ kind, namespace }) => view.kinds.includes(kind) && !taken.has(namespace));
    const strands = drawn.map(({ kind, namespace }) => ({ kind, namespace }));
    addSet({ key, members, strands, ...storyOf(drawn, members) });
  }
  for (const set of besides.sets) {
    const strands = set.strands.filter(({ kind }) => view.kinds.includes(kind));
    const containersIn = set.members.filter((member) => visible.has(member));
    const known = strands.flatMap(({ namespace }) => sharing.byNamespace.get(namespace) ?? []);
    const story = storyOf(known, containersIn);
    const owner = story.owner ?? (containersIn.length === 1 ? (containersIn[0] ?? null) : null);
    const joined = containersIn.length > 0 && known.length === 0 ? [t('joined at run time')] : [];
    const texts =
      known.length > 0
        ? story.texts
        : wordings(
            strands.map(({ kind }) => kind),
            joined,
          );
    addSet({ ...set, strands, owner, texts });
  }
  sets.sort((a, b) => compareText(a.key, b.key));

  yield;
  const known = new Map(snapshot.containers.map((container) => [container.id, container]));
  const broken = sharing.broken
    .filter((share) => shown.has(share.container) && view.kinds.includes(share.kind))
    .map((share) => {
      const target = share.target === null ? undefined : known.get(share.target);
      return { ...share, texts: brokenTexts(share, target?.name ?? null, target !== undefined && target.pid !== null) };
    });
  const brokenMembers = new Set(broken.map((share) => share.container));

  // Groups: pod or compose project where labelled, else the namespace that is the closest tie.
  const groups = new Map<
    string,
    { type: GraphGroup['type']; label: string; kind: NamespaceKind | null; members: MemberId[] }
  >();
  const groupByMember = new Map<MemberId, string>();
  const join = (
    key: string,
    type: GraphGroup['type'],
    label: string,
    member: MemberId,
    kind: NamespaceKind | null = null,
  ) => {
    const group = groups.get(key) ?? { type, label, kind, members: [] };
    group.members.push(member);
    groups.set(key, group);
    groupByMember.set(member, key);
  };
  for (const container of containers) {
    const group = containerGroup(container);
    if (group !== null) join(group.key, group.type, group.label, container.id);
  }
  for (const { node, group, inside } of others) {
    if (group !== null) join(group.key, group.type, group.label, node.key);
    if (inside === null) continue;
    const outer = groupByMember.get(inside);
    const around = outer === undefined ? undefined : groups.get(outer);
    if (outer !== undefined && around !== undefined) join(outer, around.type, around.label, node.key);
    else {
      const label = known.get(inside)?.name ?? inside;
      join(`nested:${inside}`, 'nested', label, inside);
      join(`nested:${inside}`, 'nested', label, node.key);
    }
  }
  yield;
  const strips = new Map<MemberId, GraphNode['strip']>(
    containers.map((container) => {
      const row = sharing.containers.get(container.id);
      const runs = row !== undefined && NAMESPACE_KINDS.some((kind) => row[kind].namespace !== null);
      const strip = NAMESPACE_KINDS.map((kind): GraphNode['strip'][number] => {
        const {
          standing,
          partners,
          namespace,
          cause = null,
        } = row?.[kind] ?? { standing: 'unknown', partners: 0, namespace: null };
        // Processes that entered from outside are nodes too, so that the line to them and the strip say the same.
        const guests = namespace === null ? 0 : (besides.guests.get(namespace) ?? 0);
        const told =
          standing === 'shared' || (standing === 'host' && byChoice(cause)) || (standing === 'unknown' && runs);
        const about = { reason: reasonOf(cause), joined: cause?.code === 'joined-at-run-time' };
        if (standing === 'host' || guests === 0) return { kind, standing, partners, namespace, told, ...about };
        return { kind, standing: 'shared', partners: partners + guests, namespace, told: true, ...about };
      });
      return [container.id, strip];
    }),
  );
  yield;
  for (const node of processes) strips.set(node.key, node.strip);
  for (const kind of TIES) {
    const free = new Map<string, MemberId[]>();
    for (const [member, strip] of strips) {
      const slot = strip.find((each) => each.kind === kind);
      if (groupByMember.has(member) || slot?.standing !== 'shared' || slot.namespace === null) continue;
      const list = free.get(slot.namespace) ?? [];
      list.push(member);
      free.set(slot.namespace, list);
    }
    for (const [namespace, members] of [...free].sort((a, b) => compareText(a[0], b[0]))) {
      if (members.length < 2) continue;
      const causes = sharing.byNamespace.get(namespace)?.causes;
      const owner = members.find((member) => causes?.get(member)?.code === 'owner') ?? members[0] ?? '';
      const label = known.get(owner)?.name ?? others.find(({ node }) => node.key === owner)?.node.label ?? namespace;
      for (const member of members) join(`tie:${namespace}`, 'shared', label, member, kind);
    }
  }

  const finished = [...groups]
    .sort((a, b) => compareText(a[0], b[0]))
    .map(([key, group]): GraphGroup => ({ key, ...group }));
  const groupByKey = new Map(finished.map((group) => [group.key, group]));
  yield;
  const running = containerProcesses(snapshot);
  const nodes: GraphNode[] = containers.map((container) => {
    const group = groupByMember.get(container.id) ?? null;
    const init = running.get(container.id)?.init;
    return {
      key: container.id,
      type: 'container',
      label: container.name,
      short: shortOf(container.name, groupByKey.get(group ?? ''), container.labels['io.kubernetes.container.name']),
      detail: container.image,
      command: init === undefined ? '' : init.argv.join(' ').slice(0, COMMAND_LENGTH) || init.comm,
      init: init === undefined ? null : { inside: init.nsPids.at(-1) ?? init.pid, outside: init.pid },
      state: container.state,
      processes: counts.get(container.id) ?? 0,
      strip: strips.get(container.id) ?? [],
      group,
      warnings: warnings.get(container.id) ?? 0,
      broken: brokenMembers.has(container.id),
    };
  });
  for (const node of processes) nodes.push({ ...node, group: groupByMember.get(node.key) ?? null });
  yield;
  const machine = nodes.flatMap((node): MachineLink[] => {
    if (node.type !== 'container') return [];
    const strands = node.strip.filter(
      ({ kind, standing, told }) => standing === 'host' && (told || view.hostLinks) && view.kinds.includes(kind),
    );
    if (strands.length === 0) return [];
    const texts = wordings(
      strands.map(({ kind }) => kind),
      strands.flatMap(({ reason }) => reason ?? []),
    );
    const ids = strands.flatMap(({ kind, namespace }) => (namespace === null ? [] : [{ kind, namespace }]));
    return [{ node: node.key, strands: ids, texts }];
  });
  yield;
  const { host } = snapshot;
  nodes.unshift({
    key: HOST,
    type: 'host',
    label: host.hostname,
    short: host.hostname,
    command: '',
    init: null,
    detail: clauses(host.what === '' ? t('host') : stored(host.what), `Linux ${host.kernel}`),
    facts: factsOf(snapshot, services),
    state: 'running',
    processes: snapshot.processes.filter((process) => process.container === null).length,
    strip: [],
    group: null,
    warnings: 0,
    broken: false,
  });
  return {
    nodes,
    groups: finished,
    sets,
    broken,
    machine,
    networks: view.networks ? networksAmong(snapshot, containers) : [],
    remarks: remarksOf(containers, sharing, { shares: sets.length + broken.length, chosen: machine.length }),
    total: snapshot.containers.filter((container) => view.helpers || !container.helper).length,
    arrangement: JSON.stringify([view.filter, view.stopped, view.helpers]),
  };
}
