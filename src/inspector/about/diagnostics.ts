import { arch, release } from 'node:os';
import type { About } from '#api/about.ts';
import type { EndpointReport, SessionStatus } from '#api/contract.ts';
import type { Settings } from '#api/settings.ts';
import { maskSnapshot } from '#core/export/mask.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import type { LogEntry } from '../log/log.ts';

export interface Facts {
  readonly about: About;
  readonly host: string;
  readonly settings: Settings;
  readonly settingsProblem: boolean;
  readonly endpoints: readonly EndpointReport[];
  readonly shown: string | null;
  readonly status: SessionStatus | null;
  readonly snapshot: Snapshot | null;
  readonly log: readonly LogEntry[];
}

/** Of an address only its kind: the rest may name somebody. */
function addressKind(address: string | null): string {
  return /^(unix|npipe|tcp|ssh|fd|https?):/.exec(address ?? '')?.[1] ?? 'none';
}

/** Words of products come from engines, who may say anything: letters, digits and a few signs, and not many. */
const plain = (text: string | null | undefined): string =>
  (text ?? 'unknown').replace(/[^\w .,()+~:/-]/g, '?').slice(0, 80);

function endpointLine(report: EndpointReport, index: number, shown: string | null): string {
  const { type, engine, usable, current, address, id } = report;
  const what =
    engine === null
      ? type
      : `${plain(engine.kind)} ${plain(engine.version)} (API ${plain(engine.apiVersion)}), ${plain(engine.operatingSystem)}, Linux ${plain(engine.kernel)}, ${plain(engine.arch)}, cgroup ${engine.cgroupVersion ?? 'unknown'}${engine.rootless === true ? ', rootless' : ''}`;
  const marks = [id === shown ? 'shown' : '', current ? 'current' : '', usable ? 'usable' : 'not usable'];
  return `- endpoint-${index + 1}: ${what}; by ${addressKind(address)}; ${marks.filter((mark) => mark !== '').join(', ')}`;
}

function snapshotLines(snapshot: Snapshot): string[] {
  // Masked as an export is, so that nothing here says more than a masked file would.
  const { host, probe, containers, processes, namespaces } = maskSnapshot(snapshot);
  const problems = (probe?.problems ?? []).map(({ code, count }) => `${code} ${count}`);
  return [
    `Machine: Linux ${plain(host.kernel)}, ${plain(host.arch)}, ${host.role}, cgroup ${host.cgroupVersion ?? 'unknown'}, LSM ${plain(host.lsms?.join(' ') ?? null)}`,
    `Picture: ${containers.length} containers, ${processes.length} processes, ${namespaces.length} namespaces`,
    probe === null
      ? 'Probe: not running'
      : `Probe: ${plain(probe.version)}, ${probe.via}, scan ${probe.durationMs.toFixed(1)} ms; problems: ${problems.join(', ') || 'none'}`,
  ];
}

/** What helps to find a fault, as a text for a report. Names, addresses and other people's texts are not in it. */
export function diagnosticsText(facts: Facts): string {
  const { about, settings, endpoints, shown, status, snapshot, log } = facts;
  const notices = status?.notices.map(({ code }) => code).join(', ') || 'none';
  return [
    `Bulkhead ${about.version}, ${facts.host}, ${about.runtime.join(', ')}`,
    `System: ${process.platform} ${plain(release())}, ${arch()}`,
    ...about.probes.map((probe) => `Probe file: linux/${probe.arch}, ${probe.bytes} bytes, SHA-256 ${probe.sha256}`),
    `Settings: theme ${settings.theme}, every ${settings.interval} s, helper ${settings.helper.agreed ? 'allowed' : 'not allowed'}, never in ${settings.helper.never.length}, ${settings.endpoints.length} added${facts.settingsProblem ? ', FILE NOT UNDERSTOOD' : ''}`,
    `Endpoints: ${endpoints.length}`,
    ...endpoints.map((report, index) => endpointLine(report, index, shown)),
    `Session: ${status === null ? 'none' : `${status.phase} since ${status.since}${status.retryAt === null ? '' : ', will try again'}`}; notices: ${notices}`,
    ...(snapshot === null ? [] : snapshotLines(snapshot)),
    'Log:',
    ...log.map(({ time, event }) => `- ${time} ${event}`),
    '',
  ].join('\n');
}
