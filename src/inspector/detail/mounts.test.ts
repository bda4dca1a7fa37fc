import { expect, it } from 'vitest';
import { snapshotOf } from '#core/snapshot/build.testing.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { mountsDetail } from './mounts.ts';
import type { Service } from './service.ts';

const COUNT = 600;

/** Six hundred containers with a mount namespace each, and the machine's own behind them all in the list. */
function crowd(): { snapshot: Snapshot; mine: string; host: string; hostPid: number } {
  const snapshot = snapshotOf({
    containers: Array.from({ length: COUNT }, (_, index) => ({ name: `c${index}` })),
  });
  const host = snapshot.host.namespaces.mnt ?? '';
  const namespaces = snapshot.namespaces.toSorted((a, b) => Number(a.id === host) - Number(b.id === host));
  const mine = namespaces.find(({ kind, id }) => kind === 'mnt' && id !== host)?.id ?? '';
  const hostPid = namespaces.find(({ id }) => id === host)?.pids[0] ?? -1;
  return { snapshot: { ...snapshot, namespaces }, mine, host, hostPid };
}

const line = (propagation: string) => `1 0 8:1 / / rw ${propagation} - ext4 /dev/sda1 rw\n`;

it('names the machine as the peer however many namespaces there are, and reads them all', async () => {
  const { snapshot, mine, host, hostPid } = crowd();
  const asked: number[] = [];
  const ask: Service['ask'] = async ([, pid]) => {
    asked.push(Number(pid));
    const text = asked.length === 1 ? line('master:5') : line(pid === hostPid ? 'shared:5' : 'shared:6');
    return { t: 'reply', id: '', texts: { mountinfo: text } };
  };
  const detail = await mountsDetail(ask, snapshot, mine);
  expect(detail.peers).toEqual({ 5: [host] });
  expect(detail.unread).toBe(0);
  expect(asked).toHaveLength(COUNT + 1);
});

it('stops in time, begins with the machine, and says how many tables were not read', async () => {
  const { snapshot, mine, host, hostPid } = crowd();
  let clock = 0;
  let first = true;
  const ask: Service['ask'] = async ([, pid]) => {
    const text = first ? line('master:5') : line(pid === hostPid ? 'shared:5' : 'shared:6');
    first = false;
    clock += 20;
    return { t: 'reply', id: '', texts: { mountinfo: text } };
  };
  const detail = await mountsDetail(ask, snapshot, mine, () => clock);
  expect(detail.peers).toEqual({ 5: [host] });
  expect(detail.unread).toBeGreaterThan(100);
  expect(detail.unread).toBeLessThan(COUNT);
});
