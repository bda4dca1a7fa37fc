import { expect, it } from 'vitest';
import { snapshotOf } from '../snapshot/build.testing.ts';
import { countedNetworks, networkUsage } from './networks.ts';

const DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 9999       1    0    0    0     0          0         0     9999       1    0    0    0     0       0          0
  eth0:1000       10    0    0    0     0          0         0      200       2    0    0    0     0       0          0
  eth1: 24       1    0    0    0     0          0         0       40       2    0    0    0     0       0          0
`;

it('what goes through a namespace is the sum of its links, the loopback apart', () => {
  expect(networkUsage(DEV)).toEqual({ received: 1024, sent: 240 });
  expect(networkUsage('')).toEqual({ received: 0, sent: 0 });
});

it('each network of a container is read once, and the machine’s own is no container’s', () => {
  const snapshot = snapshotOf({
    containers: [
      { name: 'web' },
      { name: 'side', namespaces: { net: 'web' } },
      { name: 'open', namespaces: { net: 'host' } },
      { name: 'helper', container: { helper: true } },
    ],
  });
  const web = snapshot.processes.find(({ pid }) => pid === 1000);
  expect(countedNetworks(snapshot)).toEqual([{ id: web?.namespaces.net, pid: 1000, startTime: 2000 }]);
});
