import { expect, it } from 'vitest';
import type { EndpointReport } from '#api/contract.ts';
import { DEFAULT_SETTINGS } from '#api/settings.ts';
import { snapshotOf } from '#core/snapshot/build.testing.ts';
import { diagnosticsText } from './diagnostics.ts';

it('says what helps, and nothing that somebody named', () => {
  const snapshot = snapshotOf({
    containers: [{ name: 'acme-payroll', process: { comm: 'acme-worker', argv: ['acme', '--password=acme'] } }],
  });
  const engine: NonNullable<EndpointReport['engine']> = {
    endpoint: 'tcp://me:acme@acme.example:2376',
    kind: 'docker',
    id: 'acme',
    name: 'acme-host',
    version: '29.1\n- forged line',
    apiVersion: '1.52',
    operatingSystem: 'Debian GNU/Linux 12',
    kernel: '6.1.0',
    arch: 'x86_64',
    cgroupVersion: '2',
    cgroupDriver: 'systemd',
    rootless: false,
    securityOptions: ['name=acme'],
  };
  const address = 'tcp://me:acme@acme.example:2376';
  const report: EndpointReport = {
    ...{ id: address, name: 'acme-prod', type: 'engine', address, sources: ['context acme'], current: true, engine },
    ...{ usable: true, reason: 'acme is away' },
  };
  const text = diagnosticsText({
    about: {
      version: '1.2.3',
      runtime: ['Node.js 20'],
      probes: [{ arch: 'amd64', sha256: 'ab12', bytes: 7 }],
      settingsFile: '/home/acme/settings.json',
      logFile: '/home/acme/log',
    },
    host: 'web',
    settings: {
      ...DEFAULT_SETTINGS,
      endpoints: [{ name: 'acme', address }],
      helper: { agreed: true, never: [address] },
    },
    settingsProblem: false,
    endpoints: [report],
    shown: address,
    status: {
      ...{ phase: 'stale', message: 'acme does not answer', since: '2026-11-26T09:00:00.000Z', retryAt: null },
      notices: [{ code: 'probe-refused', severity: 'warning', message: 'acme', advice: 'acme' }],
    },
    snapshot,
    log: [{ time: '2026-11-26T09:00:00.000Z', event: 'session.stale' }],
  });
  expect(text).not.toMatch(/acme/i);
  expect(text.split('\n').filter((line) => line.startsWith('- forged'))).toEqual([]);
  for (const said of [
    'Bulkhead 1.2.3',
    'SHA-256 ab12',
    'endpoint-1: docker 29.1',
    'by tcp',
    'probe-refused',
    'session.stale',
  ]) {
    expect(text).toContain(said);
  }
  expect(text).toContain('1 containers');
});
