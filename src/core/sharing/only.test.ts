import { expect, it } from 'vitest';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import { decodeSnapshot, encodeSnapshot } from '../snapshot/decode.ts';
import { analyseSharing } from './analyse.ts';
import { onlyContainers, withPartners } from './only.ts';

it('leaves a container with its partners, their processes and their namespaces, and nothing of others', () => {
  const snapshot = snapshotOf({
    containers: [
      { name: 'web' },
      { name: 'sidecar', namespaces: { net: 'web' } },
      { name: 'zebra' },
      { name: 'exporter', namespaces: { net: 'host' } },
    ],
  });
  const ids = withPartners([idOf('sidecar')], analyseSharing(snapshot));
  expect([...ids].sort()).toEqual([idOf('sidecar'), idOf('web')].sort());
  // In the machine's own with nobody but the machine.
  expect([...withPartners([idOf('exporter')], analyseSharing(snapshot))]).toEqual([idOf('exporter')]);
  const only = onlyContainers(snapshot, ids);
  expect(only.containers.map(({ name }) => name).sort()).toEqual(['sidecar', 'web']);
  expect(encodeSnapshot(only)).not.toMatch(/zebra|exporter/);
  expect(decodeSnapshot(encodeSnapshot(only))).toEqual({ ok: true, snapshot: only });
  expect(only.processes.some(({ container }) => container === null)).toBe(true);
});
