import type { BareGraph, BareNode } from '#core/layout/card-texts.ts';
import { placeScene } from '#core/layout/layout.ts';
import type { GraphGroup, GraphSet, MachineLink } from '#core/layout/scene.ts';

const NODES = 60;
const ROUNDS = 10;

/** Groups of six and as many alone; two that share within a group, three between groups, one with the machine. */
function madeUp(): BareGraph {
  const nodes: BareNode[] = [];
  const groups: GraphGroup[] = [];
  const sets: GraphSet[] = [];
  const machine: MachineLink[] = [];
  const strands = [{ kind: 'net', namespace: '' }] as const;
  for (let index = 0; index < NODES; index += 6) {
    const key = `group ${index}`;
    const members = Array.from({ length: 6 }, (_, member) => `node ${index + member}`);
    const grouped = index % 12 === 0;
    if (grouped) groups.push({ key, type: 'compose', label: key, kind: null, members });
    for (const member of members)
      nodes.push({ key: member, type: 'container', label: member, group: grouped ? key : null });
    const [first = '', second = '', third = '', fourth = ''] = members;
    sets.push({ key: `two ${index}`, members: [first, second], strands, owner: first, texts: ['net'] });
    const last = `node ${(index + 17) % NODES}`;
    sets.push({ key: `three ${index}`, members: [third, fourth, last], strands, owner: third, texts: ['net'] });
    machine.push({ node: members[5] ?? '', strands, texts: ['net'] });
  }
  return { nodes, groups, sets, machine, broken: [], networks: [], remarks: [], total: NODES, arrangement: '' };
}

/**
 * Places a small made-up picture a few times while nothing is asked for, so that the JavaScript engine has compiled the
 * layout before the first real picture.
 */
export function warmUp(isAsked: () => boolean, round = 0): void {
  if (round === ROUNDS || isAsked()) return;
  placeScene(madeUp(), null, { pins: new Map(), tick: 0 });
  setTimeout(warmUp, 0, isAsked, round + 1);
}
